"""Where the process meets its caller: exit codes, one-line errors, no traceback, no prompt text.

Besides the exit codes of `ExitCode` a shell sees 130 after an interrupt and 141 when the reader of
a pipe went away, the codes of a process ended by these signals.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130
READER_GONE = 141


class Stopped(Exception):  # noqa: N818 - not an error but an outcome
    """An interrupt or a fault of the operating system on its way past Typer, as `__cause__`."""


def main() -> NoReturn:
    """Run the command line of this process and exit."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; every failure becomes lines on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console that cannot show a character is no failure
            stream.reconfigure(errors="replace")
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence_stdout()
        return READER_GONE
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except BaseException as error:  # noqa: BLE001 - the edge; tiktoken panics are no Exception
        return _failed(error)
    return code


def _dispatch(arguments: Sequence[str]) -> int:
    from promptcost.cli.app import app  # noqa: PLC0415 - Typer is heavy for who only imports main

    try:
        app(args=list(arguments), prog_name="promptcost")
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 0
    except Stopped as stopped:
        raise stopped.__cause__ or stopped from None
    return 0


def _failed(error: BaseException) -> int:
    from promptcost.errors import DataError, ExitCode, PromptcostError  # noqa: PLC0415 - rare

    if isinstance(error, DataError):
        from promptcost.cli.streams import say_problems  # noqa: PLC0415 - rare

        say_problems(error.problems)
        return error.exit_code
    if isinstance(error, PromptcostError):
        _say(str(error))
        return error.exit_code
    if os.environ.get("PROMPTCOST_DEBUG") == "1":
        import traceback  # noqa: PLC0415 - rare

        traceback.print_exception(error)
    _say(
        f"internal error: {type(error).__name__} in {_place(error)}; this is a bug, please report "
        "it (PROMPTCOST_DEBUG=1 shows the traceback, which may hold prompt text)"
    )
    return ExitCode.UNUSABLE


def _place(error: BaseException) -> str:
    """Return module and line of the innermost own frame; the message itself may hold prompts."""
    place, trace = "promptcost", error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("promptcost"):
            place = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _say(message: str) -> None:
    from promptcost.cli.streams import say  # noqa: PLC0415 - rare

    say(message)


def _silence_stdout() -> None:
    """Keep the interpreter from complaining about the closed pipe when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
