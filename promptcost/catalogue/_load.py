"""Reading pricing files: the compiled form where it is current, strict YAML otherwise.

Parsing and checking all files takes about 0.4 s, so each file has a compiled form beside it: the
checked values as JSON (decimals as text) with the digest of the YAML they come from.  A digest that
does not match only costs time: the YAML is then read and checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from promptcost.catalogue.catalogue import Catalogue
from promptcost.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from promptcost.catalogue._build import Raw

COMPILED = "compiled"
Reader = Callable[[], dict[str, Any]]

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
    Built-in files are read when first asked for; one that is damaged then raises DataError.
    """
    base = directory or builtin_directory()
    problems: list[Problem] = []
    readers = readers_of(base)
    if not readers:
        problems.append(_empty(base))
    for path in pricing_files(overlay, problems):
        _overlay(path, readers, problems)
    return Catalogue(readers), problems


def readers_of(directory: Path) -> dict[str, Reader]:
    """Return a reader per provider of a directory; the file name is the provider's."""
    return {path.stem: partial(_read_builtin, path) for path in sorted(directory.glob("*.yaml"))}


def pricing_files(paths: Iterable[Path], problems: list[Problem]) -> Iterable[Path]:
    """Yield the files that paths name; a directory stands for the YAML files in it."""
    for path in paths:
        found = sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else [path]
        if not found:
            problems.append(_empty(path))
        yield from found


def compiled_text(path: Path) -> str:
    """Return the compiled form of a pricing file.  Raises DataError when it has faults."""
    values = {key: value for key, value in _read_strict(path).items() if key != "examples"}
    made = {"sha256": sha256(path.read_bytes()).hexdigest(), "values": values}
    return json.dumps(made, default=str, ensure_ascii=False, separators=(",", ":")) + "\n"


def _read_builtin(path: Path) -> Raw:
    try:
        digest = sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise DataError([Problem(path=str(path), message=f"cannot be read: {error}")]) from error
    compiled = path.parent / COMPILED / f"{path.stem}.json"
    if compiled.is_file():
        made, values = _read_compiled(compiled, digest)
        if made:
            return values
    return _read_strict(path)


@lru_cache(maxsize=64)
def _read_compiled(path: Path, digest: str) -> tuple[bool, Raw]:
    """Return whether a compiled file was made from bytes of a digest, and what it holds."""
    made = json.loads(path.read_bytes())
    return made["sha256"] == digest, made["values"]


def _read_strict(path: Path) -> Raw:
    from promptcost.catalogue._validate import read_pricing  # noqa: PLC0415 - heavy

    raw, problems = read_pricing(path)
    if raw is None:
        raise DataError(problems)
    return raw


def _overlay(path: Path, readers: dict[str, Reader], problems: list[Problem]) -> None:
    from promptcost.catalogue._validate import read_pricing  # noqa: PLC0415 - heavy

    raw, found = read_pricing(path, readers)
    problems.extend(found)
    if raw is not None:
        readers[raw["provider"]] = partial(_given, raw)


def _given(raw: Raw) -> Raw:
    return raw


def _empty(path: Path) -> Problem:
    return Problem(path=str(path), message="holds no pricing file", repair="name a *.yaml file")
