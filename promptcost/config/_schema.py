"""The settings file as pydantic models; descriptions appear in the reader's editor."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
Texts = Annotated[tuple[Text, ...], Field(max_length=1000, strict=False)]
Marks = Annotated[str, StringConstraints(pattern=r"^\S+ +\S+$", max_length=60)]


def _with_hyphens(name: str) -> str:
    return name.replace("_", "-")


def _with_reason(text: str) -> str:
    if not text.strip():
        message = "says nothing; write why the findings are accepted"
        raise ValueError(message)
    return text.strip()


class _Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        alias_generator=_with_hyphens,
        use_attribute_docstrings=True,
    )


class TemplateModel(_Model):
    """How templates are written; marks are a start and an end with a blank between."""

    syntax: Literal["jinja", "chat_template", "str_format", "plain"] | None = None
    """The language; recognised when left out."""

    variable: Marks | None = None
    """Marks of an expression, as in "{{ }}"."""

    block: Marks | None = None
    """Marks of a statement, as in "{% %}"."""

    comment: Marks | None = None
    """Marks of a comment, as in "{# #}"."""

    line_statement_prefix: Text | None = None
    """What begins a line that is a statement."""

    line_comment_prefix: Text | None = None
    """What begins a comment up to the end of the line."""

    trim_blocks: bool | None = None
    """Whether Jinja drops the line end behind a statement."""

    lstrip_blocks: bool | None = None
    """Whether Jinja drops the blanks before a statement."""

    keep_trailing_newline: bool | None = None
    """Whether Jinja keeps the last line end of a template."""

    autoescape: bool | None = None
    """Whether Jinja escapes values for HTML."""


class SuppressionModel(_Model):
    """Findings that are silenced, and why; one that silences nothing is reported."""

    path: Text
    """Glob of the files, as in logs/*.jsonl."""

    rule: Text
    """The rule: code, name, or beginning such as PC1."""

    reason: Annotated[str, StringConstraints(max_length=4096), AfterValidator(_with_reason)]
    """Why the findings are accepted."""


class ProjectModel(_Model):
    """Settings of promptcost; the command line comes first.  Paths and globs start at this file."""

    paths: Texts = ()
    """What to audit where the command line names nothing."""

    exclude: Texts = ()
    """Globs of files to leave out, unless the command line names them."""

    context: Text | None = None
    """Values of the variables, and what each varies with."""

    workload: Text | None = None
    """The traffic that findings are priced on and that is simulated where none is named."""

    targets: Texts = ()
    """Provider, model and cache option, as in anthropic/claude-sonnet-5-5@5m."""

    select: Texts = ()
    """Only these rules: codes, names, or beginnings such as PC1."""

    ignore: Texts = ()
    """Not these rules."""

    per_file_ignores: Annotated[dict[str, Texts], Field(max_length=1000)] = {}
    """Not these rules in the files that match a glob."""

    suppressions: Annotated[tuple[SuppressionModel, ...], Field(max_length=1000, strict=False)] = ()
    """Findings to silence, each with a reason: for files that hold no comments, as JSON."""

    fail_on: Literal["note", "low", "medium", "high", "never"] | None = None
    """Lowest severity that makes the exit code 1."""

    baseline: Text | None = None
    """Findings that are known and do not count."""

    pricing: Texts = ()
    """Your own pricing files or folders, over the built-in ones."""

    tokenizer_json: dict[str, Text] = {}
    """A tokenizer.json for each of llama3, qwen, deepseek that is to be counted exactly."""

    calibration: Text | None = None
    """Counts you measured (JSONL), which correct estimates."""

    templates: Annotated[dict[str, TemplateModel], Field(max_length=1000)] = {}
    """How the files that match a glob are written; the first glob that matches counts."""
