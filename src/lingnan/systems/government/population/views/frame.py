"""What the pages of the counter are made of, and reading what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lingnan.kernel.ui import api as ui

Said = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """A form that posts."""

    fields: Sequence[ui.FieldView]
    button: str
    title: str = ""
    note: str = ""

    @property
    def errors(self) -> ui.ErrorSummary | None:
        return ui.ErrorSummary.of(self.fields) if any(one.error for one in self.fields) else None


@dataclass(frozen=True)
class Part:
    table: ui.Table
    heading: str = ""


@dataclass(frozen=True)
class Page:
    """In this order: `top`, form, links, tables; `name` is somebody's, in Chinese anyway."""

    title: str
    lead: str = ""
    name: str = ""
    top: Sequence[Any] = ()
    links: Sequence[ui.Link] = ()
    tables: Sequence[Part] = ()
    forms: Sequence[Form] = ()
    trail: ui.Trail | None = None
    after: Sequence[Any] = field(default_factory=list)


def shown(request: HttpRequest, page: Page, status: int = 200) -> HttpResponse:
    return render(request, "population/page.html", {"page": page}, status=status)


def read(
    request: HttpRequest, fields: Sequence[ui.FieldView]
) -> tuple[Said, list[ui.FieldView], bool]:
    """(values, fields as typed with what is wrong of each, whether all is right).

    A date is a date; a group of tick boxes a tuple; all else a text without blanks around it.
    """
    said: Said = {}
    drawn = []
    for one in fields:
        if one.kind == "checkbox" and one.options:
            value: Any = tuple(request.POST.getlist(one.name))
        else:
            value = request.POST.get(one.name, "").strip()
        error, said[one.name] = _judged(one, value)
        drawn.append(replace(one, value=value, error=error))
    return said, drawn, not any(one.error for one in drawn)


def _judged(one: ui.FieldView, value: Any) -> tuple[str, Any]:
    if not value:
        return (_("Please fill this in.") if one.required else "", value)
    known = {option.value for option in one.options}
    if known and not known.issuperset(value if isinstance(value, tuple) else (value,)):
        return _("This is none of the choices."), value
    if one.kind == "date":
        try:
            return "", date.fromisoformat(value)
        except ValueError:
            return _("Please give a day as year, month and day, such as 2011-06-30."), None
    longest = one.maxlength or 200
    if isinstance(value, str) and len(value) > longest:
        return _("This is too long: at most %(count)s characters.") % {"count": longest}, value
    return "", value


def options(pairs: Mapping[str, Any] | Sequence[tuple[str, Any]]) -> list[ui.Option]:
    listed = pairs.items() if isinstance(pairs, Mapping) else pairs
    return [ui.Option(code, str(words)) for code, words in listed]
