"""What held on a day as known at an instant, from a copy's files alone.

The same as `runtime.temporal.history.held_rows`: of a record's statements that cover the day and
were recorded by the instant the highest number wins; an ended one is none. A row of the current
table that was never changed is a statement from its `valid_from` on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from lingnan.kernel.registry.projection import engine, manifest
from lingnan.kernel.registry.projection.layout import NotProjected, layout
from lingnan.kernel.registry.projection.manifest import Manifest
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.api import Moment

if TYPE_CHECKING:
    import duckdb


class NoCopy(LookupError):
    """No copy of the register has been made yet, or it is of an older form."""


@dataclass(frozen=True)
class Copy:
    """A copy as its manifest says, opened by reading it once."""

    place: Path
    names: tuple[str, ...]
    state: Manifest

    def held(self, moment: Moment, names: Sequence[str]) -> str:
        """SQL of what held at a moment, with these columns. Raises NotProjected."""
        for name in names:
            if name not in self.names:
                raise NotProjected(name)
        columns = ", ".join(map(engine.named, names))
        single, several = self._files(self.state.single), self._files(self.state.several)
        covering = _covering(moment)
        plain = f"{covering} AND NOT ended"
        if not single and not several:
            nothing = ", ".join(f"NULL AS {engine.named(name)}" for name in names)
            return f"SELECT {nothing} WHERE false"
        if not several:
            return f"SELECT {columns} FROM {single} WHERE {plain}"
        own = sorted({"key", "version", "valid_from", "valid_to", "recorded_at", "ended", *names})
        every = ", ".join(map(engine.named, own))
        told, alone = f"SELECT {every} FROM {several}", ""
        if single:
            touched = f"(SELECT DISTINCT key FROM {several}) USING (key)"
            told += f" UNION ALL SELECT {every} FROM {single} SEMI JOIN {touched}"
            alone = f" UNION ALL SELECT {columns} FROM {single} ANTI JOIN {touched} WHERE {plain}"
        last = (
            f"SELECT * FROM ({told}) WHERE {covering} "
            "QUALIFY row_number() OVER (PARTITION BY key ORDER BY version DESC) = 1"
        )
        return f"SELECT {columns} FROM ({last}) WHERE NOT ended{alone}"

    def _files(self, parts: Sequence[manifest.Part]) -> str:
        names = [part.file for part in parts]
        return engine.files(self.place, names) if names else ""


def _covering(moment: Moment) -> str:
    day = f"DATE '{moment.valid.isoformat()}'"
    found = f"valid_from <= {day} AND (valid_to IS NULL OR valid_to > {day})"
    if moment.known is not None:
        known = moment.known.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
        found += f" AND recorded_at <= TIMESTAMP '{known}'"
    return found


def opened(model: type[Record]) -> Copy:
    """The newest copy of a register. Raises NoCopy, NotProjected."""
    shape, state = layout(model), manifest.read(model)
    if state is None or state.schema != shape.digest:
        raise NoCopy(model._meta.label_lower)
    return Copy(manifest.folder(model), shape.names, state)


def relation(
    model: type[Record],
    moment: Moment,
    names: Sequence[str] | None = None,
    duck: duckdb.DuckDBPyConnection | None = None,
) -> duckdb.DuckDBPyRelation:
    """What held at a moment as a DuckDB relation: the projected fields, or those named.

    The key is in it only when named: it never leaves the node. Raises NoCopy, NotProjected.
    """
    wanted = model.record.projected if names is None else names
    return (duck or engine.connect()).sql(opened(model).held(moment, wanted))
