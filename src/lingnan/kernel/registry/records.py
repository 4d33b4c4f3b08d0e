"""Record types: what a body of government holds, declared once.

From the declaration come the list, the detail page, the history, the API and the rights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.urls import reverse

from lingnan.kernel.registry.linkage.declaration import Linkage
from lingnan.kernel.registry.quality.declaration import QualityRule
from lingnan.kernel.registry.statistics.declaration import Dimension
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.runtime.temporal.models import Temporal
from lingnan.kernel.runtime.text.declaration import TextIndex
from lingnan.kernel.trust.api import Access, Actor


@dataclass(frozen=True)
class PanelOf:
    """A named group of fields on the detail page."""

    title: Title
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Act:
    """An act of a system that does more than the change of a field: it keeps what belongs to it.

    title   what it is called, as on the page where it is done
    view    name of the address; the record's reference and then `more` are its arguments
    """

    title: Title
    view: str
    more: tuple[str, ...] = ()

    def address(self, reference: str = "") -> str:
        """Where it is done about a record; without a reference, about one that is to come."""
        return reverse(self.view, args=[reference, *self.more] if reference else self.more)


@dataclass(frozen=True)
class RecordType:
    """The declaration of a record type.

    title      what the register is called in lists
    holder     function of the bodies that the law makes answerable ("police", "market", …)
    readers    which officials open it: `official(roles…, functions=(…))`
    elements   data element code → field: these facts have their one home here
    identifier field that people know a record by
    columns    fields of the list, the first leads to the record
    panels     groups of fields on the detail page; what changed in them shows in the history
    filters    fields with choices, a yes or no, or a day, by which the list is filtered
    sorts      indexed fields by which the list may be sorted
    search     fields whose beginning the list's search compares
    text       fields found by any word in them, as by any two neighbouring Chinese characters
    pinned     filters whose exact value narrows a search for words in a register of millions
    subject    what its keys name, where the record is its subject's home: person, organisation, …
    concerns   field with this system's pseudonym of a person who sees who opened the record
    scope      field with the division code by which an official's sight is bounded
    basis      the law under which the register is kept, shown with each record
    exporters  which of the readers take lists out as files (None: nobody)
    masked     fields shown in part only in lists
    projected  fields in the columnar copy, from which statistics and quality are reckoned
    counted    by what may be counted: `Dimension(field, kind)`, each field of them projected
    rules      rules of quality, each over projected fields
    importers  which of the readers take files in (None: nobody)
    imported   fields that a file's columns give; the identifier and the scope are among them
    withheld   field → which of the readers see it; from the others it is withheld everywhere
    editors    which officials of the holder enter, change and end records (None: nobody by hand)
    entered    fields of the form, in its order; those of `by_act` for a new record alone
    by_act     field → the act that alone changes it: no hand does, and no file
    begun_by   the act by which records begin, where none is entered by hand; a file may bring
               the stock that stands on paper or in an older register
    ended_by   the act by which records end, where none is ended by hand
    kept       why a record cannot be ended by hand now, in words; "" where it can
    confirmed  fields that a second official has to confirm before they change ("*": every entry)
    confirmers who confirms: an official of the proposer's body or of one above, never the proposer
    linkage    how duplicates are found and told apart (None: they are not looked for)
    mergers    which of the readers judge pairs, merge and un-merge (None: nobody)
    break_glass which posts open a record in an emergency, whatever they read (None: nobody)
    """

    title: Title
    holder: str
    readers: Access
    elements: Mapping[str, str]
    identifier: str
    columns: tuple[str, ...]
    panels: tuple[PanelOf, ...]
    search: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()
    subject: str = ""
    concerns: str = ""
    scope: str = ""
    basis: str = ""
    exporters: Access | None = None
    masked: frozenset[str] = field(default_factory=frozenset)
    projected: tuple[str, ...] = ()
    counted: tuple[Dimension, ...] = ()
    rules: tuple[QualityRule, ...] = ()
    importers: Access | None = None
    imported: tuple[str, ...] = ()
    withheld: Mapping[str, Access] = field(default_factory=dict)
    editors: Access | None = None
    entered: tuple[str, ...] = ()
    by_act: Mapping[str, Act] = field(default_factory=dict)
    begun_by: Act | None = None
    ended_by: Act | None = None
    kept: Callable[[Any], str] | None = None
    confirmed: frozenset[str] = field(default_factory=frozenset)
    confirmers: Access | None = None
    linkage: Linkage | None = None
    mergers: Access | None = None
    break_glass: Access | None = None


class Record(Temporal):
    """Base of a department's record types; each sets `record`."""

    record: ClassVar[RecordType]
    announces: ClassVar[bool] = True

    class Meta:
        abstract = True

    @classmethod
    def text_index(cls) -> TextIndex | None:
        said = cls.record
        return TextIndex(said.text, said.pinned, said.scope) if said.text else None


class UnknownRecordType(LookupError):
    """No installed system holds such a record type."""


def record_types() -> Iterator[type[Record]]:
    for model in apps.get_models():
        if issubclass(model, Record):
            yield model


def record_type(system: str, name: str) -> type[Record]:
    for model in record_types():
        if (model._meta.app_label, model._meta.model_name) == (system, name):
            return model
    raise UnknownRecordType(f"{system}/{name}")


def elements() -> dict[str, tuple[type[Record], str]]:
    """Every registered data element: code → (record type that is its home, field).

    Raises ValueError when two record types claim the same element: one home each.
    """
    found: dict[str, tuple[type[Record], str]] = {}
    for model in record_types():
        for code, name in model.record.elements.items():
            if code in found:
                raise ValueError(f"{code} has two homes: {found[code][0].__name__}, {model}")
            model._meta.get_field(name)
            found[code] = (model, name)
    return found


def visible_to(model: type[Record], actor: Actor) -> models.QuerySet[Any]:
    """The records of a type that an official may see: those of its division and below."""
    return in_sight(model, actor, model.objects.filter(ended=False))


def in_sight(model: type[Record], actor: Actor, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Those of a type's rows, current or of the past, that lie in an official's division."""
    scope = model.record.scope
    if not scope:
        return rows
    prefix = significant(actor.division)
    return rows.filter(**{f"{scope}__startswith": prefix}) if prefix else rows.none()


def significant(division: str) -> str:
    """The significant digits of a division code: 440000 → 44, 440100 → 4401."""
    while division.endswith("00"):
        division = division[:-2]
    return division
