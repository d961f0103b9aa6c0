"""Report objects as tests want them: one of everything, with hostile text on request."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

from promptcost.errors import Level, Problem
from promptcost.model.audit_report import (
    AuditReport,
    Basis,
    Change,
    Clocking,
    ContextSource,
    FileReport,
    FileStatus,
    Replay,
    SourceLine,
    Suppressed,
    SurvivalRow,
    TargetBasis,
    TargetSurvival,
    Traffic,
    Worth,
)
from promptcost.model.count import CountMethod, TokenCount
from promptcost.model.finding import (
    Confidence,
    Edit,
    Excerpt,
    Finding,
    FindingCost,
    Fix,
    Related,
    Safety,
    Severity,
    fingerprint,
)
from promptcost.model.money import Cost
from promptcost.model.series_report import (
    ConversationReport,
    Parting,
    ProgramReport,
    Relation,
    RequestCost,
    SeriesReport,
    Sharing,
)
from promptcost.model.simulation_report import (
    Assumption,
    BelowMinimum,
    BreakEven,
    BudgetStatus,
    Cheapest,
    EventCounts,
    InputUncertainty,
    MarkerSource,
    MeterDifference,
    Percentiles,
    PlacedMarker,
    PriceBasis,
    Saving,
    SimulationReport,
    TableUsage,
    TargetResult,
    TokenBasis,
)
from promptcost.model.span import Place
from promptcost.model.usage import (
    CACHE_READ,
    INPUT,
    OUTPUT,
    Meter,
    MeterKind,
    Usage,
)

exact = partial(TokenCount.exact, tokenizer="o200k_base")
GPT = "openai/gpt-6.1-sol@30m"
COSTS = (
    FindingCost(target=GPT, per_month=Decimal("981.894")),
    FindingCost(
        target="gemini/gemini-2.5-pro@implicit", per_month=Decimal("-0.5"), together_with=("PC120",)
    ),
)
WRITE_5M = Meter(MeterKind.CACHE_WRITE, timedelta(minutes=5))


def estimated(value: int, low: int, high: int) -> TokenCount:
    return TokenCount(
        value=value, low=low, high=high, method=CountMethod.ESTIMATED, tokenizer="claude-5"
    )


def place(path: str = "support.j2", line: int = 2, start: int = 10, end: int = 19) -> Place:
    return Place(path=path, start_line=line, start_column=start, end_line=line, end_column=end)


def finding(text: str = "now", path: str = "support.j2", **changes: object) -> Finding:
    fields = {
        "code": "PC101",
        "name": "clock-in-prefix",
        "severity": Severity.HIGH,
        "confidence": Confidence.CONFIRMED,
        "place": place(path),
        "message": f"the current time ({text}) is rendered before 98 % of the prompt",
        "help": f"move {text} behind the fixed text",
        "expression": f"{{{{ {text} }}}}",
        "tokens_at_risk": exact(2131),
        "related": (Related(place=place(path, 9, 1, 4), message=f"{text} is set here"),),
        "excerpt": Excerpt(was=f"09:30:00 {text}", now=f"09:30:01 {text}"),
        "fix": Fix(
            message="sort the keys",
            safety=Safety.SAFE,
            edits=(Edit(path=path, start=4, end=9, replacement=f"{text}|sort"),),
        ),
    }
    made = Finding(**{**fields, **changes})  # type: ignore[arg-type]
    return replace(made, fingerprint=fingerprint(made, f"Now: {made.expression}"))


def survival(text: str = "now", path: str = "support.j2") -> tuple[SurvivalRow, ...]:
    gpt = partial(TargetSurvival, target="openai/gpt-6.1-sol@30m", minimum=1024)
    claude = partial(TargetSurvival, target="anthropic/claude-sonnet-5-5@5m", minimum=1024)
    total, about = exact(2140), estimated(2313, 2105, 2520)
    broken = SurvivalRow(
        change=Change.NEXT_SECOND,
        confidence=Confidence.CONFIRMED,
        bytes_shared=41,
        bytes_total=9800,
        place=place(path),
        expression=f"{{{{ {text} }}}}",
        excerpt=Excerpt(was=f"09:30:00 {text}", now=f"09:30:01 {text}"),
        targets=(
            gpt(tokens_shared=exact(9), tokens_total=total),
            claude(tokens_shared=estimated(10, 9, 11), tokens_total=about),
        ),
    )
    unsure = SurvivalRow(
        change=Change.OTHER_USER,
        confidence=Confidence.SUSPECTED,
        bytes_shared=4400,
        bytes_total=9800,
        place=place(path, 30, 1, 13),
        expression="{{ user }}",
        targets=(
            gpt(tokens_shared=exact(1000), tokens_total=total),
            claude(tokens_shared=estimated(1040, 946, 1133), tokens_total=about),
        ),
    )
    kept = SurvivalRow(
        change=Change.OTHER_PROCESS,
        confidence=Confidence.CONFIRMED,
        bytes_shared=9800,
        bytes_total=9800,
        targets=(
            gpt(tokens_shared=total, tokens_total=total),
            claude(tokens_shared=about, tokens_total=about),
        ),
    )
    return broken, unsure, kept


def series(text: str = "now", path: str = "log.jsonl") -> SeriesReport:
    shared = survival()[1].targets
    sharing = (
        Sharing(
            relation=Relation.TURN,
            pairs=120,
            whole=119,
            bytes_shared=41_233,
            bytes_total=42_000,
            targets=shared,
            parting=Parting(
                place=place(path, 7, 1, 9),
                json_path=f"messages[0].content.{text}",
                byte_offset=1234,
                excerpt=Excerpt(was=f"was {text}", now=f"now {text}"),
            ),
        ),
        Sharing(
            relation=Relation.DAY,
            pairs=0,
            whole=0,
            bytes_shared=0,
            bytes_total=0,
            targets=shared,
            parting=None,
        ),
    )
    talks = tuple(
        ConversationReport(
            number=number,
            first_line=number,
            last_line=number + 9,
            requests=10,
            append_only=number != 1,
            session=text if number == 1 else None,
        )
        for number in range(1, 7)
    )
    program = ProgramReport(
        number=1,
        api=f"messages {text}",
        model=text,
        requests=130,
        conversation_count=10,
        conversations=talks,
        sharing=sharing,
        cost=RequestCost(
            target="anthropic/claude-sonnet-5-5@5m",
            prompt=estimated(9000, 8500, 9500),
            repeated=estimated(8000, 7500, 8500),
            readable=None,
        ),
    )
    other = replace(
        program,
        number=2,
        model=None,
        sharing=(),
        conversation_count=1,
        conversations=talks[:1],
        cost=replace(program.cost, readable=exact(7)),
    )
    return SeriesReport(requests=1300, program_count=3, programs=(program, other))


def audit_report(text: str = "now", path: str = "support.j2") -> AuditReport:
    """Return a report that uses every part of the model."""
    silenced = finding(text, path, code="PC104", name="random-id", severity=Severity.MEDIUM)
    low = finding(
        text,
        path,
        code="PC120",
        name="unordered-keys",
        severity=Severity.LOW,
        place=place(path, 30, 1, 13),
        tokens_at_risk=None,
        excerpt=None,
        fix=None,
        related=(),
    )
    return AuditReport(
        files=(
            FileReport(
                path=path,
                section=text,
                status=FileStatus.FINDINGS,
                contexts=ContextSource.SYNTHESISED,
                findings=(finding(text, path, costs=COSTS), low),
                survival=survival(text, path),
                suppressed=(
                    Suppressed(finding=silenced, reason=f"by design: {text}"),
                    Suppressed(
                        finding=silenced,
                        reason="accepted for now",
                        place=place("promptcost.yaml", 4, 5, 6),
                    ),
                ),
                notes=(f"{text!r} is a stand-in, read as a time from its name",),
                lines=(
                    SourceLine(path=path, number=2, text=f"Today is {{{{ {text} }}}}."),
                    SourceLine(path=path, number=30, text="{{ user }} asks:"),
                ),
            ),
            FileReport(path="log.jsonl", status=FileStatus.CLEAN, series=series(text, "log.jsonl")),
            FileReport(path="clean.j2", status=FileStatus.CLEAN, survival=survival()[2:]),
            FileReport(path="broken.j2", status=FileStatus.NOT_ANALYSED, reason=f"ends in {text}"),
        ),
        basis=Basis(
            seed=0,
            clock=datetime(2026, 1, 5, 9, 30, tzinfo=UTC),
            contexts=(text,),
            targets=(
                TargetBasis(
                    target="openai/gpt-6.1-sol@30m",
                    tokenizer="o200k_base",
                    method=CountMethod.EXACT,
                    minimum=1024,
                    evidence="documented",
                    checked=date(2026, 11, 20),
                ),
                TargetBasis(
                    target="anthropic/claude-sonnet-5-5@5m",
                    tokenizer="claude-5",
                    method=CountMethod.ESTIMATED,
                    minimum=1024,
                    evidence="documented",
                    checked=None,
                ),
            ),
        ),
        worth=(
            Worth(target=GPT, as_it_is=Decimal("1789.29"), repaired=Decimal("807.40")),
            Worth(
                target=GPT,
                as_it_is=Decimal("2615.061"),
                repaired=Decimal("913.782"),
                traffic=Traffic.RECORDED,
            ),
        ),
        replay=Replay(
            requests=60,
            recorded=75,
            requests_per_month=150_000,
            times=Clocking.RECORDED,
            output_tokens=300,
            priced_at=date(2026, 11, 20),
            findings=3,
            priced=2,
            notes=(f"not priced: {text}",),
        ),
        problems=(
            Problem(path="broken.j2", message=f"unexpected {text}", repair="close it", line=3),
            Problem(path=path, message="is not UTF-8", level=Level.WARNING),
        ),
    )


def target_result(name: str, dollars: str, text: str = "history") -> TargetResult:
    usage = Usage(
        {INPUT: 1_000_000, CACHE_READ: 80_000_000, WRITE_5M: 9_000_000, OUTPUT: 4_000_000}
    )
    amount = Decimal(dollars)
    cost = Cost({CACHE_READ: amount / 2, WRITE_5M: amount / 4, OUTPUT: amount / 4})
    return TargetResult(
        target=name,
        family="breakpoint",
        prices=PriceBasis(
            checked=date(2026, 11, 1), valid_from=None, trust="high", sources=(text,)
        ),
        tokens=TokenBasis(tokenizer="claude-5", method=CountMethod.ESTIMATED, relative_error=0.09),
        requests=150_000,
        usage=usage,
        tables=(TableUsage(table="standard", requests=150_000, usage=usage, cost=cost),),
        hit_rate_requests=0.9312,
        hit_rate_tokens=0.88888,
        cost=cost,
        percentiles=Percentiles(
            p5=amount * Decimal("0.8"), p50=amount, p95=amount * Decimal("1.25"), replicates=200
        ),
        dominant_input="requests_per_day",
        saving=Saving(uncached=amount * 3, amount=amount * 2, share=0.66667),
        break_even=BreakEven(hit_rate=0.2174, simulated=0.8989),
        placement=(
            PlacedMarker(after="system", ttl=timedelta(minutes=5), source=MarkerSource.NATURAL),
            PlacedMarker(after=text, ttl=None, source=MarkerSource.AUTOMATIC),
        ),
        below_minimum=(
            BelowMinimum(
                after=text, minimum=1024, shortest=300, longest=900, requests=12, certain=False
            ),
        ),
        events=EventCounts(hits=90, misses=10),
        budget=BudgetStatus.AT_RISK,
        assumptions=(Assumption(knob="lookback", value="20", evidence="observed", note=text),),
        notes=(f"the marker behind {text} was never read",),
    )


def simulation_report(text: str = "history") -> SimulationReport:
    """Return a report that uses every part of the model."""
    best = target_result("anthropic/claude-sonnet-5-5@5m", "1234.5678", text)
    other = target_result("openai/gpt-6.1-sol@30m", "2345.001", text)
    return SimulationReport(
        workload=f"support-bot {text}",
        path="workload.yaml",
        period=timedelta(days=30),
        month=timedelta(days=30),
        seed=1,
        requests=150_000,
        requests_per_month=150_000,
        conversations=25_000,
        priced_at=date(2026, 11, 20),
        defaults=(f"no think time for {text}: 45 s",),
        uncertainty=(InputUncertainty(name="requests_per_day", relative=0.2),),
        targets=(best, other),
        cheapest=Cheapest(
            target=best.target,
            cost=Decimal("1234.5678"),
            runner_up=other.target,
            runner_up_cost=Decimal("2345.001"),
            meters=(MeterDifference(meter=OUTPUT, amount=Decimal("-12.5")),),
            why=f"it reads {text} for a tenth of the price",
        ),
        budget=Decimal(1500),
        problems=(Problem(path="workload.yaml", message=text, level=Level.WARNING, line=4),),
        warnings=(f"the price of {text} changes on 2026-12-01",),
    )
