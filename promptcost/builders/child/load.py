"""Finds the builder that a target names: imports its module and follows its attributes."""

# ruff: noqa: ANN401 - a builder can be anything

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType


class NotThere(Exception):  # noqa: N818 - an answer, not a fault
    """The module has no such attribute; the text says what it has instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A builder: what to call, and for a method of instances the class to make one of."""

    value: Any
    owner: Any = None

    @property
    def is_called(self) -> bool:
        """Whether it is a function; otherwise the prompt itself."""
        return callable(self.value)

    @property
    def code(self) -> Any:
        """The code object behind decorators, partials and bound methods, if there is one."""
        found = self.value
        while isinstance(found, partial):
            found = found.func
        return getattr(inspect.unwrap(found), "__code__", None)

    def parameters(self) -> list[inspect.Parameter]:
        """Return what has to be given: to the constructor first, then to the method."""
        if not self.is_called:
            return []
        if self.owner is None:
            return _parameters(self.value)
        return [*_parameters(self.owner), *_parameters(self.value)[1:]]


def _parameters(called: Any) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(called).parameters.values())
    except (ValueError, TypeError):  # compiled functions tell nothing
        return []


def search_path(file: str) -> list[str]:
    """Return where the modules of a project are found: its folder, ``src``, that of the file."""
    here = Path.cwd()
    found = [here, here / "src"]
    if file:
        found.insert(0, _root(Path(file).resolve()))
    return [str(folder) for folder in dict.fromkeys(found) if folder.is_dir()]


def _root(file: Path) -> Path:
    folder = file.parent
    while (folder / "__init__.py").exists():
        folder = folder.parent
    return folder


def load_module(module: str, file: str) -> ModuleType:
    """Import a module by name, or by file: under its full name where it is part of a package."""
    if not file:
        return importlib.import_module(module)
    path = Path(file).resolve()
    inner = path.with_suffix("").relative_to(_root(path))
    if len(inner.parts) > 1:
        return importlib.import_module(".".join(inner.parts).removesuffix(".__init__"))
    # A file may be called like a module that is already there.
    name = inner.name if inner.name not in sys.modules else f"builder_{inner.name}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(name=inner.name)
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


def find(module: ModuleType, attribute: str) -> Loaded:
    """Follow a dotted attribute.  Raises NotThere."""
    owner: Any = None
    found: Any = module
    for name in attribute.split("."):
        owner = found
        try:
            found = getattr(owner, name)
        except AttributeError:
            near = get_close_matches(name, dir(owner), n=1)
            raise NotThere(near[0] if near else "") from None
    is_method = inspect.isclass(owner) and inspect.isfunction(
        inspect.getattr_static(owner, name, None)
    )
    return Loaded(value=found, owner=owner if is_method else None)


def is_fixture(value: object) -> bool:
    """Say whether pytest made it a fixture, which only pytest can call."""
    marks = ("_pytestfixturefunction", "_fixture_function_marker")
    return any(mark in dir(value) for mark in marks)
