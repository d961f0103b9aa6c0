"""What every test gets: no network, and `--update-golden` to rewrite expected output."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator


# The same examples in every run, however slow the machine is.
settings.register_profile("promptcost", deadline=None, derandomize=True)
settings.load_profile("promptcost")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write expected output instead of comparing"
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _refuse)
        patch.setattr(socket.socket, "connect_ex", _refuse)
        patch.setattr(socket, "getaddrinfo", _refuse)
        yield


def _refuse(*_arguments: object, **_keywords: object) -> NoReturn:
    message = "tests have no network"
    raise RuntimeError(message)
