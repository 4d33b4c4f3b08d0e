"""Rules of quality as expressions over a register's columnar copy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from lingnan.kernel.registry.projection import held
from lingnan.kernel.registry.projection.engine import literal, named
from lingnan.kernel.registry.quality.declaration import (
    Accepted,
    Agrees,
    Applies,
    Filled,
    NotAhead,
    Ordered,
    QualityRule,
    Refers,
    Shaped,
    Unique,
)
from lingnan.kernel.registry.records import Record, record_type
from lingnan.kernel.runtime.api import Moment

if TYPE_CHECKING:
    import duckdb


class Expressions:
    """What rules of one register are in SQL; functions of Python are made known as they come."""

    def __init__(self, model: type[Record], duck: duckdb.DuckDBPyConnection, day: date) -> None:
        self._model, self._duck, self._day = model, duck, day
        self._functions = 0

    def applies(self, rule: QualityRule) -> str:
        """Whether a rule applies to a row."""
        if rule.applies is None:
            return "true"
        return _applying(rule.applies)

    def good(self, rule: QualityRule) -> str:
        """Whether a row holds to a rule; never unknown."""
        return f"coalesce({self._good(rule)}, false)"

    def _good(self, rule: QualityRule) -> str:
        check = rule.check
        field = named(check.field)
        if isinstance(check, Filled):
            return _filled(field)
        if isinstance(check, Shaped):
            return f"regexp_full_match(CAST({field} AS VARCHAR), {literal(check.pattern)})"
        if isinstance(check, Accepted):
            name = self._function(check.accepts, "BOOLEAN")
            return f"{name}(CAST({field} AS VARCHAR))"
        if isinstance(check, Agrees):
            name = self._function(check.read, "VARCHAR")
            return f"{name}(CAST({field} AS VARCHAR)) = CAST({named(check.other)} AS VARCHAR)"
        if isinstance(check, Ordered):
            return f"coalesce({field} <= {named(check.other)}, true)"
        if isinstance(check, NotAhead):
            return f"coalesce({field} <= DATE '{self._day.isoformat()}', true)"
        if isinstance(check, Unique):
            rows = self._held(self._model, check.field)
            return f"{field} NOT IN (SELECT {field} FROM ({rows}) GROUP BY 1 HAVING count(*) > 1)"
        return self._refers(check)

    def _refers(self, check: Refers) -> str:
        other = record_type(self._model._meta.app_label, check.record_type)
        rows = self._held(other, check.target)
        return f"{named(check.field)} IN (SELECT {named(check.target)} FROM ({rows}))"

    def _held(self, model: type[Record], field: str) -> str:
        return held.opened(model).held(Moment(self._day), [field])

    def _function(self, made: Callable[[str], Any], kind: str) -> str:
        """Make a function of Python known to this connection; it is called by batches."""
        self._functions += 1
        name = f"rule_{self._functions}"

        def of_batch(values: Any) -> Any:
            import pyarrow as pa

            told = pa.bool_() if kind == "BOOLEAN" else pa.string()
            listed = values.to_pylist()
            return pa.array([None if one is None else made(one) for one in listed], told)

        duck: Any = self._duck  # the stubs know the kinds of functions by other types than texts
        duck.create_function(
            name, of_batch, ["VARCHAR"], kind, type="arrow", null_handling="special"
        )
        return name


def _filled(field: str) -> str:
    return f"({field} IS NOT NULL AND CAST({field} AS VARCHAR) <> '')"


def _applying(applies: Applies) -> str:
    field = named(applies.field)
    if not applies.values:
        return _filled(field)
    return f"CAST({field} AS VARCHAR) IN ({', '.join(map(literal, applies.values))})"


def fields(rule: QualityRule) -> set[str]:
    """The fields that a rule reads."""
    found = {rule.check.field, getattr(rule.check, "other", rule.check.field)}
    return found | ({rule.applies.field} if rule.applies else set())
