"""The dimensions of a register as they may be asked for, and how each is reckoned and called."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.registry.display import label
from lingnan.kernel.registry.display import said as said_of
from lingnan.kernel.registry.places import names_of_places
from lingnan.kernel.registry.projection.engine import literal, named
from lingnan.kernel.registry.records import Record
from lingnan.kernel.registry.statistics.declaration import Dimension

# Bands of five years; from a hundred on they are one, as in the tables of the national census.
BAND, OLDEST = 5, 100
CITY = "-city"
PLACES = ("division", "township")


class UnknownAxis(LookupError):
    """The register may not be counted by this."""


@dataclass(frozen=True)
class Axis:
    """One way to count. `code` is what addresses call it: the field, for cities with `-city`."""

    model: type[Record]
    code: str
    dimension: Dimension

    @property
    def title(self) -> str:
        words = label(self.model, self.dimension.field)
        if self.dimension.kind == "division":
            by_city = self.code.endswith(CITY)
            said = _("%(field)s: by city") if by_city else _("%(field)s: by county")
            return said % {"field": words}
        texts = {"age": _("%(field)s: age"), "year": _("%(field)s: year")}
        return texts.get(self.dimension.kind, "%(field)s") % {"field": words}

    @property
    def fields(self) -> set[str]:
        """The fields that it reads."""
        return {self.dimension.field}

    def grouped(self, day: date) -> str:
        """What rows are grouped by first, without a text for each row."""
        field = named(self.dimension.field)
        made = {
            "age": f"greatest(0, datesub('year', {field}, DATE '{day.isoformat()}'))",
            "year": f"year({field})",
        }
        return made.get(self.dimension.kind, field)

    def sql(self, group: str) -> str:
        """The category of a group as a text; empty where the field is."""
        made = {
            "choice": f"CAST({group} AS VARCHAR)",
            "division": f"left({group}, 6)",
            "township": group,
            "age": _band_of(group),
            "year": f"CAST({group} AS VARCHAR)",
        }[self.dimension.kind]
        if self.code.endswith(CITY):
            made = f"CASE WHEN {group} = '' THEN '' ELSE left({group}, 4) || '00' END"
        return f"coalesce({made}, '')"

    def categories(self, found: Iterable[str]) -> list[str]:
        """In order: choices as declared, all else ascending; ages without a gap between."""
        seen = set(found)
        if self.dimension.kind == "choice":
            declared = [key for key, _words in self._choices()]
            return [*declared, *sorted(seen - set(declared))]
        if self.dimension.kind == "age" and seen - {""}:
            bands = sorted(int(one) for one in seen if one)
            between = [f"{one:03}" for one in range(bands[0], bands[-1] + 1, BAND)]
            return [*between, *([""] if "" in seen else [])]
        return sorted(seen, key=lambda one: (one == "", one))

    def labels(self, categories: Sequence[str], day: date) -> dict[str, str]:
        """Category → how people call it, in the reader's language; places by the names of a day."""
        choices = dict(self._choices()) if self.dimension.kind == "choice" else {}
        return named_categories(self.dimension.kind, choices, categories, day)

    def choices(self, day: date) -> dict[str, str]:
        """The categories that are declared, as people call them; empty where none are."""
        return self.labels(self.categories(()), day) if self.dimension.kind == "choice" else {}

    def _choices(self) -> list[tuple[str, str]]:
        field: Any = self.model._meta.get_field(self.dimension.field)
        if field.get_internal_type() == "BooleanField":
            return [("true", said_of(True)), ("false", said_of(False))]
        return [(str(key), str(words)) for key, words in field.flatchoices]


@dataclass(frozen=True)
class Below(Axis):
    """The townships of one place; empty for whoever lives elsewhere.

    `place` is the code of a county or a city by its significant digits.
    """

    place: str = ""

    @property
    def fields(self) -> set[str]:
        return {self.dimension.field, self.dimension.within}

    def grouped(self, day: date) -> str:
        inside = f"starts_with({named(self.dimension.within)}, {literal(self.place)})"
        return f"CASE WHEN {inside} THEN {named(self.dimension.field)} END"


def named_categories(
    kind: str, choices: Mapping[str, str], categories: Sequence[str], day: date
) -> dict[str, str]:
    """Category → how people call it, by the kind of its dimension."""
    words = dict(choices)
    if kind in PLACES:
        words |= names_of_places(categories, day)
    elif kind == "age":
        words |= {one: _band(one) for one in categories if one.isdecimal()}
    return {one: words.get(one, one) or _("not stated") for one in categories}


def _band_of(years: str) -> str:
    return f"lpad(CAST(least({OLDEST}, {years} // {BAND} * {BAND}) AS VARCHAR), 3, '0')"


def _band(code: str) -> str:
    start = int(code)
    return f"{start}+" if start >= OLDEST else f"{start}–{start + BAND - 1}"


def axes(model: type[Record], withheld: Collection[str] = ()) -> list[Axis]:
    """All ways in which a register may be counted, in the order of its declaration.

    Counts of few would tell a withheld field: who does not see it counts by it neither.
    """
    found = []
    for dimension in model.record.counted:
        if dimension.field in withheld:
            continue
        if dimension.kind == "division":
            found.append(Axis(model, f"{dimension.field}{CITY}", dimension))
        found.append(Axis(model, dimension.field, dimension))
    return found


def chosen(model: type[Record], codes: Sequence[str]) -> list[Axis]:
    """The axes of these codes. Raises UnknownAxis."""
    known = {axis.code: axis for axis in axes(model)}
    for code in codes:
        if code not in known:
            raise UnknownAxis(code)
    return [known[code] for code in codes]
