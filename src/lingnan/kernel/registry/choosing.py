"""Choosing from a register: what its declaration lets be filtered, and by what it is sorted.

A filter is a field with choices (`f_sex=1`), a yes or no (`f_urban=1`), or a day
(`f_birth_date_from`, `f_birth_date_to`, both included). Sorting goes by indexed fields only, so
that a page of a register of millions costs as much as one of a hundred.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db import connection, models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lingnan.kernel.registry.display import label
from lingnan.kernel.registry.records import Record
from lingnan.kernel.ui import api as ui

PREFIX, SORT = "f_", "sort"


class BadChoice(ValueError):
    """A filter or an order that cannot be; `words` say why, in the reader's language."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(words)
        self.name, self.words = name, words


@dataclass(frozen=True)
class Choosing:
    """What is asked of a list: filters as typed, by the name in the address, and the order."""

    told: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""

    @property
    def query(self) -> str:
        return urlencode(dict(self.told) | ({SORT: self.sort} if self.sort else {}))

    def without(self, withheld: Collection[str]) -> Choosing:
        """What is left for somebody from whom fields are withheld."""
        hidden_names = {f"{PREFIX}{name}{end}" for name in withheld for end in ("", "_from", "_to")}
        told = {name: value for name, value in self.told.items() if name not in hidden_names}
        hidden = self.sort.removeprefix("-") in withheld
        return Choosing(told, "" if hidden else self.sort)


def chosen(model: type[Record], told: Mapping[str, str]) -> Choosing:
    """What an address asks for. Raises BadChoice; names that no declaration knows are nothing."""
    asked = {name: told[name].strip() for name, _f in names(model) if told.get(name, "").strip()}
    for name, value in asked.items():
        _checked(model, name, value)
    sort = told.get(SORT, "").strip()
    if sort and sort.removeprefix("-") not in model.record.sorts:
        raise BadChoice(SORT, _("This register cannot be sorted so."))
    return Choosing(asked, sort)


def names(model: type[Record]) -> Iterator[tuple[str, models.Field[Any, Any]]]:
    """The names of the filters in an address, each with its field."""
    for name in model.record.filters:
        column: Any = model._meta.get_field(name)
        if isinstance(column, models.DateField):
            yield f"{PREFIX}{name}_from", column
            yield f"{PREFIX}{name}_to", column
        else:
            yield f"{PREFIX}{name}", column


def _checked(model: type[Record], name: str, value: str) -> Any:
    """A typed value as the database compares it. Raises BadChoice."""
    column = dict(names(model))[name]
    if isinstance(column, models.DateField):
        try:
            return date.fromisoformat(value)
        except ValueError:
            words = _("Please give a day as year, month and day, such as 2011-06-30.")
            raise BadChoice(name, words) from None
    if isinstance(column, models.BooleanField) and value in ("0", "1"):
        return value == "1"
    if value in {str(key) for key, _words in column.flatchoices}:
        return value
    raise BadChoice(name, _("This is none of the choices."))


def read(model: type[Record], told: Mapping[str, str]) -> tuple[Choosing, BadChoice | None]:
    """`chosen`, with the fault as a value."""
    try:
        return chosen(model, told), None
    except BadChoice as error:
        return Choosing(), error


def faults(model: type[Record]) -> Iterator[str]:
    """What a declaration asks for that cannot be."""
    for name in model.record.filters:
        column: Any = model._meta.get_field(name)
        day = isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField)
        if not (day or isinstance(column, models.BooleanField) or column.flatchoices):
            yield f"{model.__name__}.{name} has no choices and is no day: it cannot be a filter"
    for name in model.record.sorts:
        column = model._meta.get_field(name)
        if column.null or not (column.db_index or column.unique):
            yield f"{model.__name__}.{name} is not indexed or may be empty: nothing is sorted by it"


def filtered(model: type[Record], rows: QuerySet[Any], choosing: Choosing) -> QuerySet[Any]:
    for name, text in choosing.told.items():
        value, bare = _checked(model, name, text), name.removeprefix(PREFIX)
        if isinstance(value, date):
            if name.endswith("_from"):
                rows = rows.filter(**{f"{bare.removesuffix('_from')}__gte": value})
            else:
                rows = rows.filter(**{f"{bare.removesuffix('_to')}__lte": value})
        else:
            rows = rows.filter(**{bare: value})
    return rows


def beginning(
    model: type[Record], rows: QuerySet[Any], search: str, withheld: Collection[str] = ()
) -> tuple[QuerySet[Any], Choosing] | None:
    """The rows of which a declared field begins with a text, in the order of that field.

    The fields are tried in turn, as typed and in capitals: one in which something begins so is
    gone through by its index, so that even a short beginning costs a page, not the register.
    None where nothing begins so.
    """
    for name in _searched(model, withheld):
        for text in dict.fromkeys((search, search.upper())):
            begun = rows.filter(_begins(name, text))
            if begun.exists():
                return begun, Choosing(sort=name)
    return None


def begun_by(model: type[Record], search: str, withheld: Collection[str] = ()) -> Q:
    """That one of the searched fields begins with a text; without such a field nothing does."""
    names = _searched(model, withheld)
    condition = Q() if names else Q(pk__in=())
    for name in names:
        condition |= _begins(name, search)
    return condition


def _searched(model: type[Record], withheld: Collection[str]) -> list[str]:
    return [name for name in model.record.search if name not in withheld]


def _begins(name: str, text: str) -> Q:
    # SQLite goes through an index by a range, PostgreSQL (sorted by code points) by LIKE.
    if connection.vendor == "sqlite":
        return Q(**{f"{name}__gte": text, f"{name}__lt": f"{text}\U0010ffff"})
    return Q(**{f"{name}__startswith": text})


def ordering(choosing: Choosing) -> list[str]:
    """The order of a list; the key makes it one order."""
    return [choosing.sort, "key"] if choosing.sort else ["key"]


def beyond(model: type[Record], rows: QuerySet[Any], choosing: Choosing, key: int) -> QuerySet[Any]:
    """The rows that come after a record in the list's order, found by its value of today."""
    if not choosing.sort:
        return rows.filter(key__gt=key)
    name = choosing.sort.removeprefix("-")
    found: list[Any] = list(model.objects.filter(key=key).values_list(name, flat=True))
    if not found:
        return rows.filter(key__gt=key)
    further = "lt" if choosing.sort.startswith("-") else "gt"
    return rows.filter(
        Q(**{f"{name}__{further}": found[0]}) | Q(**{name: found[0], "key__gt": key})
    )


def fields(
    model: type[Record],
    told: Mapping[str, str],
    error: BadChoice | None,
    sortable: bool,
    withheld: Collection[str] = (),
) -> list[ui.FieldView]:
    """The filters and the order as fields of a form, without those that are withheld."""
    said = {error.name: error.words} if error else {}
    made = [
        _field(model, name, column, told.get(name, ""), said.get(name, ""))
        for name, column in names(model)
        if column.name not in withheld
    ]
    sorts = [name for name in model.record.sorts if name not in withheld]
    if sorts and sortable:
        options = [option for name in sorts for option in _orders(model, name)]
        made.append(
            ui.FieldView(
                SORT, _("Sorted by"), "", told.get(SORT, ""), "select", options,
                required=False, error=said.get(SORT, ""), blank=_("the order of entry"),
            )
        )  # fmt: skip
    return made


def _field(
    model: type[Record], name: str, column: models.Field[Any, Any], value: str, error: str
) -> ui.FieldView:
    words = label(model, column.name)
    if isinstance(column, models.DateField):
        text = _("%(field)s from") if name.endswith("_from") else _("%(field)s until")
        return ui.FieldView(
            name, text % {"field": words}, "", value, "date", required=False, error=error
        )
    if isinstance(column, models.BooleanField):
        options = [ui.Option("1", _("Yes")), ui.Option("0", _("No"))]
    else:
        options = [ui.Option(str(key), str(said)) for key, said in column.flatchoices]
    return ui.FieldView(
        name, words, "", value, "select", options, required=False, error=error, blank=_("All")
    )


def _orders(model: type[Record], name: str) -> list[ui.Option]:
    said = {"field": label(model, name)}
    return [
        ui.Option(name, _("%(field)s, ascending") % said),
        ui.Option(f"-{name}", _("%(field)s, descending") % said),
    ]
