"""Measuring registers by their rules, and what has been measured."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet, Sum

from lingnan.kernel.registry.projection import engine, held
from lingnan.kernel.registry.projection.engine import literal, named
from lingnan.kernel.registry.projection.memory import given_back
from lingnan.kernel.registry.quality.declaration import QualityRule
from lingnan.kernel.registry.quality.expressions import Expressions, fields
from lingnan.kernel.registry.quality.models import Score
from lingnan.kernel.registry.reading import context_of, reference_of
from lingnan.kernel.registry.records import Record, record_types, significant
from lingnan.kernel.runtime.api import Moment, legal_time

EXAMPLES = 20


@dataclass(frozen=True)
class Share:
    """Good rows of those to which a rule applies."""

    good: int
    applied: int

    @property
    def bad(self) -> int:
        return self.applied - self.good

    @property
    def percent(self) -> float:
        """100 where the rule applies to nothing: nothing breaks it."""
        return 100 * self.good / self.applied if self.applied else 100.0


def ruled_types() -> list[type[Record]]:
    """The record types that declare rules."""
    return [model for model in record_types() if model.record.rules]


def measure_all(day: date | None = None) -> int:
    """Measure every register that has a copy; returns how many scores were kept."""
    count = 0
    for model in ruled_types():
        try:
            with given_back():
                count += measure(model, day or legal_time.today())
        except held.NoCopy:
            continue
    return count


def measure(model: type[Record], day: date) -> int:
    """Measure one register as it holds on a day, by county, and keep it. Raises NoCopy."""
    rules, scope = model.record.rules, model.record.scope
    with engine.connect() as duck:
        found = Expressions(model, duck, day)
        columns = [f"left({named(scope)}, 6)" if scope else "''"]
        for rule in rules:
            applies = found.applies(rule)
            columns.append(f"count(*) FILTER ({applies} AND {found.good(rule)})")
            columns.append(f"count(*) FILTER ({applies})")
        sql = f"SELECT {', '.join(columns)} FROM ({_rows(model, day, rules)}) GROUP BY 1"
        rows = duck.execute(sql).fetchall()
    scores = [
        Score(record_type=context_of(model), rule=rule.code, division=row[0] or "", on=day,
              good=row[2 * n + 1], applied=row[2 * n + 2])
        for row in rows for n, rule in enumerate(rules)
    ]  # fmt: skip
    Score.objects.bulk_create(
        scores,
        update_conflicts=True,
        unique_fields=["record_type", "on", "rule", "division"],
        update_fields=["good", "applied"],
        batch_size=500,
    )
    return len(scores)


def _rows(model: type[Record], day: date, rules: Iterable[QualityRule], *more: str) -> str:
    scope = (model.record.scope,) if model.record.scope else ()
    names = {name for rule in rules for name in fields(rule)} | {*scope, *more}
    return held.opened(model).held(Moment(day), sorted(names))


def examples(model: type[Record], rule: QualityRule, division: str) -> list[str]:
    """References of rows that break a rule now, below a division; opening them is evidence.

    Raises NoCopy.
    """
    day, scope = legal_time.today(), model.record.scope
    with engine.connect() as duck:
        found = Expressions(model, duck, day)
        bad = f"{found.applies(rule)} AND NOT {found.good(rule)}"
        if scope:
            bad += f" AND starts_with({named(scope)}, {literal(significant(division))})"
        rows = _rows(model, day, [rule], "key")
        sql = f"SELECT key FROM ({rows}) WHERE {bad} ORDER BY key LIMIT {EXAMPLES}"
        return [reference_of(model, row[0]) for row in duck.execute(sql).fetchall()]


def newest(model: type[Record]) -> date | None:
    """The last day on which a register was measured."""
    rows = Score.objects.filter(record_type=context_of(model))
    return rows.aggregate(last=Max("on"))["last"]


def shares(model: type[Record], division: str, on: date) -> dict[str, Share]:
    """Rule → its share on a day, below a division."""
    rows = _of(model, division).filter(on=on).values("rule")
    summed = rows.annotate(good_rows=Sum("good"), all_rows=Sum("applied"))
    return {row["rule"]: Share(row["good_rows"], row["all_rows"]) for row in summed}


def by_county(model: type[Record], division: str, on: date) -> dict[str, Share]:
    """County → all rules together on a day, below a division."""
    rows = _of(model, division).filter(on=on).values("division")
    summed = rows.annotate(good_rows=Sum("good"), all_rows=Sum("applied")).order_by("division")
    return {row["division"]: Share(row["good_rows"], row["all_rows"]) for row in summed}


def course(model: type[Record], division: str, rule: str = "") -> list[tuple[date, Share]]:
    """Day → the share of all rules together, or of one; oldest first."""
    rows = _of(model, division)
    rows = rows.filter(rule=rule) if rule else rows
    summed = rows.values("on").annotate(good_rows=Sum("good"), all_rows=Sum("applied"))
    return [(row["on"], Share(row["good_rows"], row["all_rows"])) for row in summed.order_by("on")]


def together(found: Iterable[Share]) -> Share:
    listed = list(found)
    return Share(sum(one.good for one in listed), sum(one.applied for one in listed))


def _of(model: type[Record], division: str) -> QuerySet[Score]:
    rows = Score.objects.filter(record_type=context_of(model))
    if not model.record.scope:
        return rows
    prefix = significant(division)
    return rows.filter(division__startswith=prefix) if prefix else rows.none()
