"""What the installed systems declare: their elements, and where each is used."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import translation

from lingnan.kernel.exchange.api import Resource, resources, wishes
from lingnan.kernel.exchange.api import declared as exchange_declared
from lingnan.kernel.matters.api import published
from lingnan.kernel.registry.api import Record, elements
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.data_elements.rules.domains import Domain, Value, written

_KINDS: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (models.DateTimeField, "instant"),
    (models.DateField, "date"),
    (models.BooleanField, "boolean"),
    (models.IntegerField, "integer"),
    (models.FloatField, "number"),
    (models.DecimalField, "number"),
    (models.JSONField, "structure"),
)
_OF_FORM = {"number": "number", "date": "date", "checkbox": "boolean"}
LONGEST_ANSWER = 200
"""Characters that a form's text takes where it states no limit of its own."""


@dataclass(frozen=True)
class Declared:
    """An element as its home register, or else the resource that offers it, declares it.

    `home` and `field` are empty where it is computed: its datatype is then not known.
    """

    code: str
    title: Title
    datatype: str
    length: int | None
    values: str
    home: str
    field: str
    function: str


@dataclass(frozen=True)
class Place:
    """Somewhere an element is used: `kind` of `Finding.PLACES`; `function` answers for it."""

    kind: str
    where: str
    title: Title
    field: str
    element: str
    function: str
    domain: Domain
    called: Title
    url: str = ""


def declared() -> dict[str, Declared]:
    """Every element of the installed systems, by code."""
    offered = {
        code: (one, title)
        for one in exchange_declared().values()
        for code, title in one.elements.items()
    }
    found = {}
    for code, (model, name) in elements().items():
        title = offered[code][1] if code in offered else title_of(model, name)
        found[code] = _of_register(code, title, model, name)
    for code, (resource, title) in offered.items():
        if code not in found:
            found[code] = Declared(code, title, "", None, "", "", "", function_of(resource))
    return found


def _of_register(code: str, title: Title, model: type[Record], name: str) -> Declared:
    domain = domain_of(model, name)
    return Declared(
        code, title, domain.datatype, domain.length, written(_values(model, name)),
        home(model), name, model.record.holder,
    )  # fmt: skip


def home(model: type[Record]) -> str:
    return f"{model._meta.app_label}.{model._meta.model_name}"


def title_of(model: type[Record], name: str) -> Title:
    """What a register calls a field, in both languages."""
    column: Any = model._meta.get_field(name)
    with translation.override("zh-hans"):
        chinese = str(column.verbose_name)
    with translation.override("en"):
        return Title(chinese, str(column.verbose_name))


def domain_of(model: type[Record], name: str) -> Domain:
    """The value domain of a register's field."""
    column: Any = model._meta.get_field(name)
    datatype = next((said for kind, said in _KINDS if isinstance(column, kind)), "text")
    length = column.max_length if datatype == "text" else None
    return Domain(datatype, length, tuple(one.code for one in _values(model, name)))


def _values(model: type[Record], name: str) -> list[Value]:
    column: Any = model._meta.get_field(name)
    codes = [str(code) for code, _words in column.flatchoices or () if code != ""]
    words = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            words.append({str(code): str(said) for code, said in column.flatchoices or ()})
    # A meaning with the sign that parts a line would make the line unreadable.
    zh, en = ({code: said.replace("=", "＝") for code, said in one.items()} for one in words)
    return [Value(code, zh[code], en[code]) for code in codes]


def function_of(resource: Resource) -> str:
    """Whose bodies answer for a resource: the first of the functions that hold it."""
    return min(wishes.holders_of(resource), default="data")


def places(code: str = "") -> Iterator[Place]:
    """Every use of an element that something here declares; of one element, if given."""
    yield from _of_resources(code)
    yield from _of_forms(code)
    for known, (model, name) in elements().items():
        if code in ("", known):
            yield Place(
                "register", home(model), model.record.title, name, known, model.record.holder,
                domain_of(model, name), title_of(model, name),
                f"/desk/records/{model._meta.app_label}/{model._meta.model_name}/",
            )  # fmt: skip


def _of_resources(code: str) -> Iterator[Place]:
    for resource in resources().values():
        for known, title in resource.elements.items():
            if code in ("", known):
                yield Place(
                    "resource", resource.code, resource.title, "", known, function_of(resource),
                    Domain(""), title, f"/catalogue/{resource.code}/",
                )  # fmt: skip


def _of_forms(code: str) -> Iterator[Place]:
    for _definition, matter in published():
        for field in matter.form.fields():
            if code in ("", field.element):
                yield Place(
                    "form", matter.code, matter.title, field.name, field.element, matter.function,
                    _asked(field), field.title, f"/matters/{matter.code}/",
                )  # fmt: skip


def _asked(field: Any) -> Domain:
    if field.options:
        return Domain("text", None, tuple(value for value, _title in field.options))
    datatype = _OF_FORM.get(field.type, "text")
    length = int(field.limits.get("max_length", LONGEST_ANSWER)) if datatype == "text" else None
    return Domain(datatype, length)


@cache
def standards_of_systems() -> Mapping[str, list[tuple[str, Title]]]:
    """Number of a standard → the installed systems that say they follow it: (id, title)."""
    found: dict[str, list[tuple[str, Title]]] = {}
    for config in apps.get_app_configs():
        manifest = Path(config.path) / "system.toml"
        if manifest.is_file():
            said = tomllib.loads(manifest.read_text(encoding="utf-8"))
            for number in said.get("standards", []):
                found.setdefault(str(number), []).append((config.label, Title.of(said["title"])))
    return found
