"""Reading pricing files: the compiled form where it is current, strict YAML otherwise."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.catalogue.catalogue import Catalogue
from promptcost.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from promptcost.catalogue._build import Raw

COMPILED = "compiled"

_PACKAGE = Path(__file__).parent.parent


def builtin_directory() -> Path:
    """Return the packaged pricing files, or those of the checkout when nothing is packaged."""
    packaged = _PACKAGE / "data" / "pricing"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "pricing"


def load_catalogue(
    directory: Path | None = None, overlay: Sequence[Path] = ()
) -> tuple[Catalogue, list[Problem]]:
    """Return the catalogue of the built-in files (or of `directory`), overlaid by the user's.

    `overlay` names files or directories of YAML files; a faulty one is reported and left out.
    Built-in files are read when first asked for and raise DataError if they were damaged.
    """
    base = directory or builtin_directory()
    problems: list[Problem] = []
    readers: dict[str, Callable[[], Raw]] = {
        path.stem: partial(read_builtin, path) for path in sorted(base.glob("*.yaml"))
    }
    if not readers:
        problems.append(Problem(path=str(base), message="holds no pricing file (*.yaml)"))
    for path in _files(overlay, problems):
        _overlay(path, readers, problems)
    return Catalogue(readers), problems


def read_builtin(path: Path) -> Raw:
    """Return the values of a pricing file.  Raises DataError when it has faults."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError([Problem(path=str(path), message=f"cannot be read: {error}")]) from error
    compiled = path.parent / COMPILED / f"{path.stem}.json"
    if compiled.is_file():
        made = json.loads(compiled.read_bytes())
        if made.get("sha256") == sha256(data).hexdigest():
            return made["values"]  # type: ignore[no-any-return]
    return _read_strict(path)


def _read_strict(path: Path) -> Raw:
    from promptcost.catalogue._validate import read_pricing  # noqa: PLC0415 - heavy

    raw, problems = read_pricing(path)
    if raw is None:
        raise DataError(problems)
    return raw


def compiled_text(path: Path) -> str:
    """Return the compiled form of a pricing file: its values as JSON, and the digest it is of."""
    made = {"sha256": sha256(path.read_bytes()).hexdigest(), "values": _read_strict(path)}
    return json.dumps(made, default=_exact, ensure_ascii=False, separators=(",", ":")) + "\n"


def _exact(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


def _files(overlay: Iterable[Path], problems: list[Problem]) -> Iterable[Path]:
    for path in overlay:
        found = sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else [path]
        if not found:
            problems.append(Problem(path=str(path), message="holds no pricing file (*.yaml)"))
        yield from found


def _overlay(path: Path, readers: dict[str, Callable[[], Raw]], problems: list[Problem]) -> None:
    from promptcost.catalogue._validate import read_pricing  # noqa: PLC0415 - heavy

    raw, found = read_pricing(path, readers)
    problems.extend(found)
    if raw is not None:
        readers[raw["provider"]] = partial(_given, raw)


def _given(raw: Raw) -> Raw:
    return raw
