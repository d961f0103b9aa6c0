"""Finding and reading the settings of a project."""

from __future__ import annotations

import os
from difflib import get_close_matches
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.check import FailOn
from promptcost.config._toml import read_table
from promptcost.config.project import Project, Silence
from promptcost.errors import Level, Problem
from promptcost.files.yaml import read_yaml
from promptcost.rules import all_rules, unknown_codes
from promptcost.templates.settings import Settings, SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from promptcost.config._schema import ProjectModel, TemplateModel
    from promptcost.files.yaml import Document

YAML_NAME, TOML_NAME = "promptcost.yaml", "pyproject.toml"
_PLAIN = Settings()


def find_project(start: Path) -> tuple[Path | None, list[Problem]]:
    """Return the settings file of the nearest folder that has one, up to the repository's root.

    In a folder with both, promptcost.yaml counts; a warning names the other.
    """
    for folder in (start, *start.parents):
        own, table = folder / YAML_NAME, folder / TOML_NAME
        document, faults = read_table(table) if table.is_file() else (None, [])
        if own.is_file():
            return own, [_shadowed(document, own)] if document else []
        if document is not None or faults:
            return table, []
        if (folder / ".git").exists():
            break
    return None, []


def load_project(path: Path, here: Path) -> tuple[Project | None, list[Problem]]:
    """Return the settings in a file, or every fault in it; its paths are `near` to `here`."""
    from promptcost.config._schema import ProjectModel  # noqa: PLC0415 - needs pydantic
    from promptcost.files.schema import validate  # noqa: PLC0415 - needs pydantic

    document, problems = read_table(path) if path.suffix == ".toml" else read_yaml(path)
    if document is None:
        if not problems:
            problems = [Problem(path=str(path), message="has no table [tool.promptcost]")]
        return None, problems
    model, faults = validate(ProjectModel, document)
    faults += _unknown_rules(document)
    problems += sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0))
    if model is None or any(problem.level is Level.ERROR for problem in problems):
        return None, problems
    return _project(model, document, path.absolute().parent, here), problems


def near(path: Path, here: Path) -> Path:
    """Return a path relative to the working directory where it lies below, else as it is."""
    full, top = Path(os.path.abspath(path)), here.absolute()  # noqa: PTH100 - follows no link
    return full.relative_to(top) if full.is_relative_to(top) else full


def _shadowed(document: Document, own: Path) -> Problem:
    message = f"its table [tool.promptcost] is not read, because {own.name} stands beside it"
    fault = document.problem((), message, "keep one of the two")
    return Problem(
        path=fault.path,
        message=fault.message,
        repair=fault.repair,
        line=fault.line,
        column=fault.column,
        level=Level.WARNING,
    )


def _unknown_rules(document: Document) -> Iterator[Problem]:
    known = [name for rule in all_rules() for name in (rule.code, rule.name)]
    for at, code in _rules_named(document.value):
        if unknown_codes([code]):
            message = f"no rule is called {code[:40]!r}"
            yield document.problem(at, message, _nearest(code, known))


def _rules_named(settings: object) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every text that stands where a rule belongs, whatever is wrong around it."""
    if not isinstance(settings, dict):
        return
    per_file = settings.get("per-file-ignores")
    lists: dict[tuple[str, ...], object] = {
        (key,): settings.get(key) for key in ("select", "ignore")
    }
    if isinstance(per_file, dict):
        lists |= {("per-file-ignores", glob): codes for glob, codes in per_file.items()}
    silences = settings.get("suppressions")
    for number, one in enumerate(silences if isinstance(silences, list) else []):
        if isinstance(one, dict) and isinstance(one.get("rule"), str):
            yield ("suppressions", number, "rule"), one["rule"]
    for at, codes in lists.items():
        for number, code in enumerate(codes if isinstance(codes, list) else []):
            if isinstance(code, str):
                yield (*at, number), code


def _nearest(code: str, known: Sequence[str]) -> str:
    alike = get_close_matches(code, known, n=9) or get_close_matches(code.upper(), known, n=9)
    if not alike:
        return "see 'promptcost rules'"
    wanted = code.upper()
    best = max(alike, key=lambda name: sum(map(str.__eq__, wanted, name.upper())))
    return f"did you mean {best}?"


def _project(model: ProjectModel, document: Document, folder: Path, here: Path) -> Project:
    def path(name: str | None) -> Path | None:
        return None if name is None else near(folder / name, here)

    def paths(names: Iterable[str]) -> tuple[Path, ...]:
        return tuple(near(folder / name, here) for name in names)

    def anchored(glob: str) -> str:
        return os.path.normpath(f"{escape(str(folder))}/{glob}")

    silences = []
    for number, one in enumerate(model.suppressions):
        line, column = document.place(("suppressions", number))
        silences.append(
            Silence(
                glob=anchored(one.path),
                rule=one.rule,
                reason=one.reason,
                path=document.path,
                line=line,
                column=column,
            )
        )
    return Project(
        paths=paths(model.paths),
        exclude=tuple(map(anchored, model.exclude)),
        context=path(model.context),
        workload=path(model.workload),
        targets=model.targets,
        select=model.select,
        ignore=model.ignore,
        per_file={anchored(glob): codes for glob, codes in model.per_file_ignores.items()},
        suppressions=tuple(silences),
        fail_on=None if model.fail_on is None else FailOn(model.fail_on),
        baseline=path(model.baseline),
        pricing=paths(model.pricing),
        tokenizer_json={k: near(folder / name, here) for k, name in model.tokenizer_json.items()},
        calibration=path(model.calibration),
        templates={anchored(glob): _settings(how) for glob, how in model.templates.items()},
    )


def _settings(how: TemplateModel) -> Settings:
    return Settings(
        kind=None if how.syntax is None else SourceKind(how.syntax),
        block=_pair(how.block) or _PLAIN.block,
        variable=_pair(how.variable) or _PLAIN.variable,
        comment=_pair(how.comment) or _PLAIN.comment,
        line_statement_prefix=how.line_statement_prefix,
        line_comment_prefix=how.line_comment_prefix,
        trim_blocks=how.trim_blocks,
        lstrip_blocks=how.lstrip_blocks,
        keep_trailing_newline=bool(how.keep_trailing_newline),
        autoescape=bool(how.autoescape),
    )


def _pair(marks: str | None) -> tuple[str, str] | None:
    if marks is None:
        return None
    start, end = marks.split()
    return start, end
