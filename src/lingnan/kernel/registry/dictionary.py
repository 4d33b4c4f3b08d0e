"""The data dictionary: every register and each of its fields, from their declarations alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import models
from django.utils import translation

from lingnan.kernel.registry.projection.layout import OWN
from lingnan.kernel.registry.reading import context_of
from lingnan.kernel.registry.records import Record, record_types

LANGUAGES = ("zh-hans", "en")
KINDS: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (models.DateTimeField, "instant"),
    (models.DateField, "date"),
    (models.BooleanField, "boolean"),
    (models.IntegerField, "integer"),
    (models.FloatField, "number"),
    (models.DecimalField, "number"),
    (models.JSONField, "structure"),
)


@dataclass(frozen=True)
class DictionaryField:
    """One field of one register.

    element      its code where this register is its home, else empty
    type         text, integer, number, boolean, date, instant or structure; `length` in characters
    codes        its code list: code=meaning, as declared
    obligatory   whether a record must state it
    withheld     never shown: the pseudonym of somebody
    """

    record_type: str
    register_zh: str
    register_en: str
    field: str
    title_zh: str
    title_en: str
    element: str
    type: str
    length: int | None
    codes_zh: str
    codes_en: str
    obligatory: bool
    holder: str
    basis: str
    masked: bool
    withheld: bool
    searchable: bool
    filterable: bool
    projected: bool

    @property
    def text(self) -> str:
        """All that a search looks at, in small letters."""
        return " ".join(str(value) for value in asdict(self).values()).lower()


NAMES = tuple(field.name for field in fields(DictionaryField))


def entries(search: str = "") -> list[DictionaryField]:
    """All fields of all registers, or those in which each word of a search stands."""
    words = search.lower().split()
    found = (entry for model in record_types() for entry in of_register(model))
    return [entry for entry in found if all(word in entry.text for word in words)]


def of_register(model: type[Record]) -> Iterator[DictionaryField]:
    """The fields that a department declares; those of every record are not repeated."""
    codes = {name: code for code, name in model.record.elements.items()}
    for field in model._meta.concrete_fields:
        if field.name not in OWN:
            yield _entry(model, field, codes.get(field.name, ""))


def _entry(model: type[Record], field: Any, element: str) -> DictionaryField:
    record = model.record
    zh, en = (_in(language, field) for language in LANGUAGES)
    return DictionaryField(
        record_type=context_of(model),
        register_zh=record.title.zh,
        register_en=record.title.en,
        field=field.name,
        title_zh=zh[0],
        title_en=en[0],
        element=element,
        type=next((name for kind, name in KINDS if isinstance(field, kind)), "text"),
        length=field.max_length,
        codes_zh=zh[1],
        codes_en=en[1],
        obligatory=not field.blank and not field.null,
        holder=record.holder,
        basis=record.basis,
        masked=field.name in record.masked,
        withheld=not field.editable,
        searchable=field.name in record.search,
        filterable=field.name in record.filters,
        projected=field.name in record.projected,
    )


def _in(language: str, field: Any) -> tuple[str, str]:
    """The field's name and its code list in a language."""
    with translation.override(language):
        codes = "; ".join(f"{key}={words}" for key, words in field.flatchoices or ())
        return str(field.verbose_name), codes
