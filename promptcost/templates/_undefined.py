"""A missing value that lets analysis go on: it answers everything and prints nothing."""

# ruff: noqa: ANN401 - a missing value stands for anything
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import TemplateRuntimeError, Undefined, UndefinedError
from jinja2.utils import missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Permissive(Undefined):
    """Undefined that answers attributes, items, calls, arithmetic and comparisons with itself.

    Where plain Jinja prints, iterates or tests an undefined value, this one does the same; where
    plain Jinja would stop, this one goes on.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name[:2] == name[-2:] == "__":
            raise AttributeError(name)
        return self

    def _same(self, *_args: Any, **_kwargs: Any) -> Any:
        return self

    __getitem__ = __call__ = _same
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _same
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = _same
    __mod__ = __rmod__ = __pow__ = __rpow__ = __pos__ = __neg__ = _same

    def _false(self, _other: Any) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _false  # type: ignore[assignment]

    def __contains__(self, _item: Any) -> bool:
        return False

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __int__(self) -> int:  # type: ignore[override]
        return 0

    __index__ = __int__

    def __float__(self) -> float:  # type: ignore[override]
        return 0.0


def recording(absent: dict[str, None]) -> Callable[..., Permissive]:
    """Return what makes undefined values and notes the names a context does not hold."""

    def make(
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> Permissive:
        if hint is None and obj is missing and name is not None:
            absent[name] = None
        return Permissive(hint, obj, name, exc)

    return make
