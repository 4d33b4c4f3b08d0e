"""What rows of a file meet on record: a record to be changed, or one that stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from lingnan.kernel.registry import rights
from lingnan.kernel.registry.holders import holding
from lingnan.kernel.registry.importing.checking import Checked, Problem
from lingnan.kernel.registry.records import Record, significant
from lingnan.kernel.trust.api import Actor

ASKED = 500


class OnRecord:
    """`unique` are the fields of which no two rows may say the same, the identifier first.

    `foreign` are fields that another body holds today, each with why no row states it.
    """

    def __init__(
        self, model: type[Record], names: Sequence[str], who: Actor, changes: bool
    ) -> None:
        self.model, self.names = model, list(names)
        self.prefix = significant(who.division) if model.record.scope else ""
        self.changes, self.foreign = changes, of_others(model, who, names)
        identifier, scope = model.record.identifier, model.record.scope
        others = [n for n in names if n != identifier and _unique(model, n)]
        self.unique = [identifier, *others]
        # Changes of these by a file are refused, each with its reason.
        self.not_here = by_act(model, names) | unseen(model, who, names) | self.foreign
        self.fields = list(dict.fromkeys(["key", "ended", *([scope] if scope else []), *names]))

    def judge(self, checked: Checked) -> dict[int, int]:
        """Place → key of the record that the row changes, 0 where it says the same already.

        Refuses rows that may change nothing, or whose other unique values are another record's.
        """
        identifier = self.model.record.identifier
        good = [
            (place, value)
            for place, value in enumerate(checked.values[identifier])
            if value is not None and place not in checked.problems
        ]
        found = self.rows(identifier, [value for _place, value in good])
        held: dict[int, int] = {}
        for place, value in good:
            if value in found:
                self._met(place, found[value], checked, held)
        for name in self.unique[1:]:
            self._other(name, checked, held)
        if self.foreign:
            self._stated(checked, held)
        return held

    def _stated(self, checked: Checked, held: dict[int, int]) -> None:
        """A new row states every column, those of another holder too."""
        for place in range(len(checked.values[self.model.record.identifier])):
            if place not in held and place not in checked.problems:
                for problem in self.foreign.values():
                    checked.refuse(place, problem)

    def rows(self, name: str, values: Sequence[Any]) -> dict[Any, list[dict[str, Any]]]:
        """Value → records that have it, ended ones too."""
        found: dict[Any, list[dict[str, Any]]] = {}
        asked = sorted(set(values))
        for start in range(0, len(asked), ASKED):
            some = asked[start : start + ASKED]
            rows: Any = self.model.objects.filter(**{f"{name}__in": some}).values(*self.fields)
            for row in rows:
                found.setdefault(row[name], []).append(row)
        return found

    def _met(
        self, place: int, met: list[dict[str, Any]], checked: Checked, held: dict[int, int]
    ) -> None:
        name, scope = self.model.record.identifier, self.model.record.scope
        row = met[0]
        code = ""
        if scope and not str(row[scope]).startswith(self.prefix):
            code = "elsewhere"
        elif row["ended"]:
            code = "ended"
        elif len(met) > 1:
            code = "several"
        elif not self.changes:
            code = "on_record"
        if code:
            checked.refuse(place, Problem(name, code))
            return
        changed = [n for n in self.names if checked.values[n][place] != row[n]]
        for field in changed:
            if field in self.not_here:
                checked.refuse(place, self.not_here[field])
        held[place] = row["key"] if changed else 0

    def _other(self, name: str, checked: Checked, held: dict[int, int]) -> None:
        column = checked.values[name]
        found = self.rows(name, [value for value in column if value not in (None, "")])
        for place, value in enumerate(column):
            if place in checked.problems:
                continue
            # A row that is to be new, or that changes nothing (0), has no record of its own here.
            own = held.get(place)
            if any(own is None or own not in (0, row["key"]) for row in found.get(value, [])):
                checked.refuse(place, Problem(name, "of_another"))


def by_act(model: type[Record], names: Iterable[str]) -> dict[str, Problem]:
    """Field → why no file changes it: an act of the system alone does."""
    acts = model.record.by_act
    return {
        name: Problem(name, "by_act", f"{acts[name].title.zh}\n{acts[name].title.en}")
        for name in names
        if name in acts
    }


def of_others(model: type[Record], who: Actor, names: Iterable[str]) -> dict[str, Problem]:
    """Field → why no file of this official states it: another body holds it today."""
    return {name: Problem(name, "holder") for name in holding.refused(model, who, names)}


def unseen(model: type[Record], who: Actor, names: Iterable[str]) -> dict[str, Problem]:
    """Field → why no file of this official changes it: it is withheld from the post."""
    hidden = rights.withheld(model, who)
    return {name: Problem(name, "withheld") for name in names if name in hidden}


def _unique(model: type[Record], name: str) -> bool:
    column: Any = model._meta.get_field(name)
    return bool(column.unique)
