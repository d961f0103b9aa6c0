"""Which targets a glob names."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from promptcost.catalogue._names import folded
from promptcost.catalogue._policy import options_of
from promptcost.catalogue.target import NONE, Target, split_option

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from promptcost.catalogue._book import Book
    from promptcost.catalogue._build import Raw


def matching(books: Mapping[str, Callable[[], Book]], pattern: str) -> Iterator[Target]:
    """Yield the targets of a glob; only the providers it can mean are read."""
    names, option = split_option(folded(pattern))
    for provider, reader in books.items():
        if not _may_match(names, provider):
            continue
        for book, prefix in _shelves(books, reader()):
            for model in book.models:
                ids = (model["id"], *model.get("aliases", ()))
                if any(fnmatchcase(folded(f"{provider}/{prefix}{one}"), names) for one in ids):
                    identity = prefix + model["id"]
                    yield from _options(book.raw, model, (provider, identity), option)


def _may_match(names: str, provider: str) -> bool:
    head, slash, _ = names.partition("/")
    return not slash or fnmatchcase(folded(provider), head)


def _shelves(books: Mapping[str, Callable[[], Book]], book: Book) -> Iterator[tuple[Book, str]]:
    if book.upstreams:
        yield from ((books[name](), f"{vendor}/") for vendor, name in book.upstreams.items())
    else:
        yield book, ""


def _options(provider: Raw, model: Raw, name: tuple[str, str], wanted: str) -> Iterator[Target]:
    options = list(options_of(provider, model))
    if not wanted:
        for option in options or [NONE]:
            yield Target(provider=name[0], model=name[1], option=option)
        return
    wanted = f"*{wanted}" if wanted.startswith("+") else wanted
    ways = [(), *((way,) for way in model.get("tiers", ()))] if "+" in wanted else [()]
    for option in [*options, NONE]:
        for way in ways:
            if fnmatchcase(folded("+".join([option, *way])), wanted):
                yield Target(provider=name[0], model=name[1], option=option, modifiers=way)
