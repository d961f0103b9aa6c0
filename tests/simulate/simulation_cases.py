"""Offers, workloads and plays made by hand, so that no test depends on a price that may change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from policies.cache_cases import breakpoint_spec

from promptcost.catalogue import Offer, PriceCard, RateTable, Target, Trust
from promptcost.model.money import TOKEN_SECONDS_PER_MTOK_HOUR, Rate
from promptcost.model.prompt import Role
from promptcost.model.stability import Audience, Clock, Stability
from promptcost.model.usage import (
    CACHE_READ,
    CACHE_STORAGE,
    INPUT,
    OUTPUT,
    Meter,
    MeterKind,
)
from promptcost.policies import make_policy
from promptcost.simulate.layout import count_layout
from promptcost.simulate.placement import place
from promptcost.simulate.reference import Seat, play
from promptcost.simulate.stall import Stall
from promptcost.simulate.tariff import Tariff, start_of
from promptcost.tokens import counter
from promptcost.workload.distributions import Constant, Geometric, Zipf
from promptcost.workload.spec import (
    ArrivalProcess,
    Conversation,
    Part,
    TemplateText,
    Traffic,
    Workload,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIVE_MINUTES = timedelta(minutes=5)
HOUR = timedelta(hours=1)

DEPLOY = Stability(clock=Clock.DEPLOY)
SECOND = Stability(clock=Clock.SECOND)
TENANT = Stability(audience=Audience.TENANT)
SESSION = Stability(audience=Audience.SESSION)
TURN = Stability(audience=Audience.TURN)
REQUEST = Stability(audience=Audience.REQUEST)


def write(ttl):
    return Meter(MeterKind.CACHE_WRITE, ttl)


def rates(**changes):
    """Return rates in dollars per million tokens, rent per million tokens and hour; None: none."""
    usd = {"usd_in": "3", "read": "0.30", "write_5m": "3.75", "write_1h": "6", "out": "15"}
    usd |= changes
    meters = {
        "usd_in": INPUT,
        "read": CACHE_READ,
        "write_5m": write(FIVE_MINUTES),
        "write_1h": write(HOUR),
        "out": OUTPUT,
    }
    made = [
        (meter, Rate(amount=Decimal(usd[name])))
        for name, meter in meters.items()
        if usd[name] is not None
    ]
    if "rent" in usd:
        rent = Rate(amount=Decimal(usd["rent"]), per=TOKEN_SECONDS_PER_MTOK_HOUR)
        made.append((CACHE_STORAGE, rent))
    return tuple(made)


def card(base=None, **changes):
    values = {
        "provider": "acme",
        "model": "one",
        "rates": base or rates(),
        "checked": date(2026, 11, 1),
        "trust": Trust.HIGH,
        "tokenizer": "o200k",
    }
    return PriceCard(**values | changes)


def offer(policy=None, made=None, *, target="acme/one@5m", tables=None, notes=()):
    made = made or card()
    return Offer(
        target=Target.parse(target),
        at=NOON,
        card=made,
        cache="cache",
        policy=policy or breakpoint_spec(),
        modifiers=(),
        notes=notes,
        tables=tables or ((RateTable("standard", made.rates),),),
    )


def part(name, tokens=None, stability=DEPLOY, **changes):
    """Return a part of so many tokens; a name decides the role as in workload files."""
    roles = {"tools": Role.TOOLS, "system": Role.SYSTEM}
    size = None if tokens is None else Constant(value=tokens)
    values = {"name": name, "role": roles.get(name, Role.USER), "stability": stability}
    return Part(**values | {"tokens": size} | changes)


def template_part(name, path, stability=DEPLOY, variables=(), context=None, **changes):
    text = TemplateText(path=str(path), variables=variables, context=context)
    return part(name, stability=stability, template=text, **changes)


SYSTEM = part("system", 4_000)
DOCUMENT = part("document", 2_000, REQUEST, pool=Zipf(size=10))
HISTORY = part("history", stability=TURN, keeps=("question",))
QUESTION = part("question", 100, REQUEST)
TALK = Conversation(turns=Geometric(mean=4), think_time=Constant(value=30))


def workload(*parts, per_day=1_000, process=ArrivalProcess.CONSTANT, **changes):
    traffic = Traffic(process=process, requests_per_day=Decimal(per_day), start=date(2026, 11, 2))
    values = {
        "name": "case",
        "period": timedelta(days=1),
        "traffic": traffic,
        "prompt": parts or (SYSTEM, QUESTION),
        "output_tokens": Constant(value=50),
    }
    return Workload(**values | changes)


def stall(made_workload, made_offer, written=None):
    layout = count_layout(made_workload, written or {}, counter(made_offer.card.tokenizer))
    return Stall(
        offer=made_offer,
        tariff=Tariff(made_offer, start_of(made_workload)),
        placed=place(made_workload, made_offer, layout),
        layout=layout,
    )


class OneTable:
    """Everything at the same rates."""

    def __init__(self, base=None):
        self.storage = RateTable("standard", base or rates())

    def of(self, _prompt_tokens, _time_us):
        return self.storage


def played(spec, requests, *, tables=None, end_us=0, rng=None):
    seat = Seat(make_policy(spec, rng), tables or OneTable())
    return play(requests, [seat], end_us, lambda _: None)[0]
