"""What ``promptcost prices`` does; loaded only when it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.catalogue import Offer, load_catalogue
from promptcost.catalogue._load import builtin_directory
from promptcost.cli.clock import day
from promptcost.cli.market import instant, offer_of, one_target, open_catalogue
from promptcost.cli.output import check_output, deliver, screen_for
from promptcost.cli.streams import say_problems
from promptcost.errors import ExitCode, Level, NothingToDo
from promptcost.report.terminal import render_offer, render_price_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path


def list_prices(
    globs: Sequence[str], at: datetime | None, pricing: Sequence[Path], output: Path | None
) -> ExitCode:
    """Write one line per target that a glob matches and that has a price on the day."""
    check_output(output)
    catalogue = open_catalogue(pricing)
    when = instant(day(at))
    found = dict.fromkeys(target for glob in globs for target in catalogue.targets(glob))
    offers = [offer for t in found if isinstance(offer := catalogue.select(t, when), Offer)]
    if not offers:
        message = f"no target with a price on {when.date()} matches {' '.join(globs)}"
        raise NothingToDo(message)
    deliver(render_price_list(offers, screen_for(output)), output)
    return ExitCode.CLEAN


def show(name: str, at: datetime | None, pricing: Sequence[Path], output: Path | None) -> ExitCode:
    """Write everything the catalogue knows about one target."""
    check_output(output)
    catalogue = open_catalogue(pricing)
    target = one_target(catalogue, name)
    offer = offer_of(catalogue, target, day(at))
    history, modifiers = catalogue.card_history(target), catalogue.modifiers(target)
    deliver(render_offer(offer, history, modifiers, screen_for(output)), output)
    return ExitCode.CLEAN


def validate(files: Sequence[Path]) -> ExitCode:
    """Report every fault of the files on stderr, and on stdout how many are right."""
    checked = files or sorted(builtin_directory().glob("*.yaml"))
    faults = {path: load_catalogue(overlay=[path])[1] for path in checked}
    for problems in faults.values():
        say_problems(problems)
    wrong = [path for path, found in faults.items() if any(p.level is Level.ERROR for p in found)]
    valid = len(checked) - len(wrong)
    deliver(f"{valid} of {len(checked)} pricing files are valid\n", None)
    return ExitCode.UNUSABLE if wrong else ExitCode.CLEAN
