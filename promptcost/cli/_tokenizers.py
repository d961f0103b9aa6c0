"""What the user knows about tokenizers, from the command line; loaded only when it is used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.cli.streams import say_problems
from promptcost.errors import DataError, Level, Problem, UsageError
from promptcost.tokens import OwnTokenizers, family, load_calibration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from promptcost.tokens import Calibration


def own_tokenizers(
    files: Sequence[str], calibration: Path | None, settled: Mapping[str, Path]
) -> OwnTokenizers:
    """Read ``FAMILY=FILE`` options, those of the settings, and a file of measured counts.

    Raises UsageError for an option that cannot be meant, and DataError for an unusable file.
    """
    for name in settled:
        _exact_only_from_a_file("tokenizer-json", name)
    given = dict(map(_named, files))
    own = OwnTokenizers(files={**settled, **given}, calibrations=_calibrations(calibration))
    for name in own.files:
        own.counter(name)  # says now what is wrong with the file, whether a target needs it or not
    return own


def say_unused(own: OwnTokenizers, needed: Iterable[str]) -> None:
    """Warn about what no target needs: a slip in a name would otherwise go unseen."""
    for name in sorted(own.families - set(needed)):
        message = f"no target uses the tokenizer {name}, so what is given for it has no effect"
        path = own.files.get(name)
        where = "--calibration" if path is None else str(path)
        say_problems([Problem(path=where, message=message, level=Level.WARNING)])


def _named(text: str) -> tuple[str, Path]:
    name, equals, file = text.partition("=")
    if not (name and equals and file):
        message = f"--tokenizer-json {text!r} is not FAMILY=FILE, as in 'llama3=tokenizer.json'"
        raise UsageError(message)
    _exact_only_from_a_file("--tokenizer-json", name)
    return name, Path(file)


def _exact_only_from_a_file(option: str, name: str) -> None:
    try:
        found = family(name)
    except ValueError as error:
        message = f"{option}: {error}"
        raise UsageError(message) from error
    if found.rule is None:
        message = f"{option}: {name} is counted exactly without a file"
        raise UsageError(message)


def _calibrations(path: Path | None) -> Mapping[str, Calibration]:
    if path is None:
        return {}
    found, problems = load_calibration(path)
    if any(problem.level is Level.ERROR for problem in problems):
        raise DataError(problems)
    if not found:
        message, repair = "holds no measured count", "write one JSON object a line"
        raise DataError([*problems, Problem(path=str(path), message=message, repair=repair)])
    say_problems(problems)
    return found
