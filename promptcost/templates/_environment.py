"""A Jinja environment that is sandboxed, bounded, and answers for what it does not know."""

# ruff: noqa: ANN401, A002 - template values can be anything, names are those of Jinja
from __future__ import annotations

import types
import warnings
from typing import TYPE_CHECKING, Any

from jinja2 import Template, TemplateNotFound, TemplatesNotFound, nodes
from jinja2.ext import ExprStmtExtension, LoopControlExtension
from jinja2.lexer import TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from promptcost.templates import _registry
from promptcost.templates._budget import Budget
from promptcost.templates._guarded_codegen import GuardedCodeGenerator
from promptcost.templates._guards import (
    GuardedEscapeFormatter,
    GuardedFormatter,
    bounded_lipsum,
    check_key,
    check_method,
    check_operator,
    check_result,
    pick,
    weigh,
)
from promptcost.templates._parser import LenientParser, remember
from promptcost.templates._positions import Tags, positions
from promptcost.templates._standins import Field, Text
from promptcost.templates._undefined import Permissive, recording
from promptcost.templates.textmap import normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jinja2.runtime import Context

    from promptcost.templates._codegen import FoundCondition
    from promptcost.templates._loader import RootLoader
    from promptcost.templates.settings import Limits, Settings
    from promptcost.templates.uses import StandIn


_DICT_NAMES = frozenset(dir(dict))


class GuardedEnvironment(ImmutableSandboxedEnvironment):
    """Renders like the immutable sandbox of Jinja, within a budget."""

    code_generator_class = GuardedCodeGenerator
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, settings: Settings, limits: Limits, loader: RootLoader) -> None:
        variable = settings.variable or ("{{", "}}")
        super().__init__(
            block_start_string=settings.block[0],
            block_end_string=settings.block[1],
            variable_start_string=variable[0],
            variable_end_string=variable[1],
            comment_start_string=settings.comment[0],
            comment_end_string=settings.comment[1],
            line_statement_prefix=settings.line_statement_prefix,
            line_comment_prefix=settings.line_comment_prefix,
            trim_blocks=bool(settings.trim_blocks),
            lstrip_blocks=bool(settings.lstrip_blocks),
            keep_trailing_newline=settings.keep_trailing_newline,
            autoescape=settings.autoescape,
            extensions=[ExprStmtExtension, *[LoopControlExtension] * settings.loop_controls],
            loader=loader,
            # Folding would run filters while compiling, and where they stand would be lost.
            optimized=False,
        )
        self._root = loader
        self.globals["lipsum"] = self._lipsum
        self.limits = limits
        self.budget = Budget(limits)
        self.forced: Mapping[int, bool] = {}
        self.absent: dict[str, None] = {}
        self.arms: set[tuple[int, bool]] = set()
        self.conditions: list[FoundCondition] = []
        self.tags: dict[str | None, Tags] = {}
        self.stand_ins: set[StandIn] = set()
        self.missing: dict[str, str] = {}
        self.optional: set[str] = set()
        self.extending: dict[str | None, tuple[str, ...]] = {}
        self.unsafe: set[str] = set()
        # Jinja types the values as `function`, though any callable is one.
        kept: Any = self
        kept.undefined = recording(self.absent)
        kept.filters["random"] = self._random
        kept.filters = _registry.filters(kept.filters, lambda: self.budget, self.stand_ins)
        kept.tests = _registry.tests(kept.tests, lambda: self.budget, self.stand_ins)

    def begin(self, limits: Limits, forced: Mapping[int, bool], seed: int) -> Budget:
        """Start a render with a fresh budget."""
        self.limits = limits
        self.budget = Budget(limits, seed)
        self.forced = forced
        self.arms.clear()
        self.absent.clear()
        self.missing.clear()
        self.unsafe.clear()
        return self.budget

    def _random(self, items: Any) -> Any:
        return pick(items, self.budget.random)

    def _lipsum(self, *args: Any, **kwargs: Any) -> str:
        return bounded_lipsum(self.budget.seed, *args, **kwargs)

    # Compiling

    def _compile(self, source: str, filename: str) -> types.CodeType:
        with warnings.catch_warnings():  # Python's opinion of generated code is not the user's
            warnings.simplefilter("ignore", SyntaxWarning)
            code: types.CodeType = super()._compile(source, filename)
            return code

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return remember(LenientParser(self, source, name, filename).parse())

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        source = self.preprocess(source, name, filename)
        tags = self.tags[name] = Tags(normalise(source))
        raw = self.lexer.tokeniter(source, name, filename, state)
        placed = positions(raw, tags, self.limits.tokens, self.tick)
        return TokenStream(self.lexer.wrap(placed, name, filename), name, filename)

    # Called by generated code

    def tick(self) -> None:
        """Count a step of the running render."""
        self.budget.tick()

    def arm(self, number: int, value: object) -> bool:
        """Note the outcome of a condition, or force it."""
        outcome = bool(self.forced.get(number, value))
        self.arms.add((number, outcome))
        return outcome

    def weighed(self, value: Any) -> Any:
        """Return a value whose text is not too long to make."""
        weigh(value, self.budget)
        return value

    def counted(self, value: Any) -> Any:
        """Return a value that was just made."""
        check_result(value, self.budget)
        return value

    def concat(self, parts: Iterable[str]) -> str:
        """Join a buffer."""
        parts = list(parts)
        self.budget.spend(sum(map(len, parts)))
        return "".join(parts)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute; of a stand-in, a method's name may be that of a field."""
        if type(obj) is dict and attribute not in _DICT_NAMES and attribute in obj:
            return obj[attribute]  # what follows finds, after failing to find an attribute
        value = super().getattr(obj, attribute)
        if isinstance(obj, Text) and callable(value) and not isinstance(value, Text):
            return Field(f"{obj} {attribute}", value)
        return value

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an item, by a key that is quick to hash."""
        check_key(argument, self.budget)
        return super().getitem(obj, argument)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Apply an operator within the budget."""
        check_operator(operator, left, right, self.budget)
        value = super().call_binop(context, operator, left, right)
        check_result(value, self.budget)
        return value

    def call(self, context: Context, function: Any, *args: Any, **kwargs: Any) -> Any:
        """Call a function, method or macro within the budget."""
        self.budget.tick()
        function = function.method if isinstance(function, Field) else function
        if isinstance(function, types.BuiltinMethodType | types.MethodWrapperType):
            arguments = (*args, *kwargs.values()) if kwargs else args
            check_method(function.__self__, function.__name__, arguments, self.budget)
        value = super().call(context, function, *args, **kwargs)
        check_result(value, self.budget)
        return value

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Return a sandboxed and bounded ``str.format``, or None for any other value."""
        if not isinstance(value, types.BuiltinMethodType | types.MethodType):
            return None
        owner = value.__self__
        if value.__name__ not in {"format", "format_map"} or not isinstance(owner, str):
            return None
        formatter: GuardedFormatter
        if isinstance(owner, Markup):
            formatter = GuardedEscapeFormatter(self, escape=owner.escape)
        else:
            formatter = GuardedFormatter(self)
        formatter.budget = self.budget
        return _format_call(owner, value.__name__, formatter)

    def unsafe_undefined(self, obj: Any, attribute: str) -> Permissive:
        """Refuse an unsafe attribute: it prints nothing, and the render says so."""
        self.unsafe.add(attribute)
        return Permissive(obj=obj, name=attribute)

    # Includes

    def join_path(self, template: str, parent: str) -> str:
        """Return an included name relative to the root, or to the file that includes it."""
        return self._root.find(str.__str__(template), parent)  # paths want an exact str

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        """Return an included template; a missing one is noted and has the includer's blocks."""
        self.budget.tick()
        try:
            return super().get_template(name, parent, globals)
        except TemplateNotFound as error:
            if str(name) not in self.optional:
                self.missing[str(name)] = error.message or ""
            return self.from_string(self._bare(self.extending.get(parent, ())))

    def _bare(self, blocks: Iterable[str]) -> str:
        """Return the source of a parent that prints the blocks of its child and nothing else."""
        start, end = self.block_start_string, self.block_end_string
        return "".join(f"{start} block {n} {end}{start} endblock {end}" for n in blocks)

    def get_or_select_template(
        self, names: Any, parent: str | None = None, globals: Any = None
    ) -> Template:
        """Return a template by a computed name; what is not a name is noted and empty."""
        if isinstance(names, str | Template) and names:
            return super().get_or_select_template(names, parent, globals)
        if isinstance(names, list | tuple) and names:
            return self.select_template(list(names), parent, globals)
        self.missing["a computed name"] = "is not the name of a template here"
        return self.from_string("")

    def select_template(
        self, names: Any, parent: str | None = None, globals: Any = None
    ) -> Template:
        """Return the first template there is; where none is, that is noted, and it is empty."""
        try:
            return super().select_template(names, parent, globals)
        except TemplatesNotFound as error:
            wanted = [str(name) for name in error.templates]
            reason = "is not a file below the template root"
            self.missing |= {name: reason for name in wanted if name not in self.optional}
            return self.from_string("")


def _format_call(owner: str, name: str, formatter: GuardedFormatter) -> Callable[..., str]:
    kind = Markup if isinstance(owner, Markup) else str

    def call(*args: Any, **kwargs: Any) -> str:
        if name == "format_map":
            if kwargs or len(args) != 1:
                message = "format_map() takes exactly one argument"
                raise TypeError(message)
            return kind(formatter.vformat(owner, (), args[0]))
        return kind(formatter.vformat(owner, args, kwargs))

    return call
