"""What the pages of firms are made of: a title, notices and panels, tables, forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import reasons
from lingnan.systems.government.legal_persons.rules.registration import EARLIEST
from lingnan.systems.government.legal_persons.setting_up import Refused


@dataclass(frozen=True)
class Form:
    """A form that posts. `act` says which of a page's forms it is."""

    fields: Sequence[ui.FieldView]
    button: str
    title: str = ""
    act: str = ""
    note: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> ui.ErrorSummary | None:
        return ui.ErrorSummary.of(self.fields) if any(one.error for one in self.fields) else None


@dataclass(frozen=True)
class Part:
    """A table under a heading."""

    heading: str
    table: ui.Table


@dataclass(frozen=True)
class Page:
    """In this order: `top`, `links`, `find` (a filter in the address), `tables`, `forms`
    (before the tables if `form_first`).

    `of` says what the page is about where its title is a name, which is Chinese in any language.
    """

    title: str
    lead: str = ""
    top: Sequence[Any] = ()
    links: Sequence[ui.Link] = ()
    tables: Sequence[Part] = ()
    forms: Sequence[Form] = ()
    trail: ui.Trail | None = None
    code: str = ""
    of: str = ""
    find: ui.FieldView | None = None
    form_first: bool = False


def shown(request: HttpRequest, page: Page, status: int = 200) -> HttpResponse:
    return render(request, "legal_persons/page.html", {"page": page}, status=status)


class Said:
    """What a form's fields hold, and what is wrong with them. Empty unless `act` was posted."""

    def __init__(self, request: HttpRequest, act: str) -> None:
        self.act = act
        self.posted = request.method == "POST" and request.POST.get("act", "") == act
        self._source: Mapping[str, str] = request.POST if self.posted else {}
        self.wrong: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return str(self._source.get(name, "")).strip()

    def text(self, name: str, longest: int, required: bool = True) -> str:
        value = self[name]
        if self.posted and required and not value:
            self.wrong[name] = _("Please fill this in.")
        if len(value) > longest:
            self.wrong[name] = _("This is too long: at most %(count)s characters.") % {
                "count": longest
            }
        return value

    def whole(self, name: str, most: int, required: bool = True, negative: bool = False) -> int:
        """A whole number up to `most`; 0 where it is none."""
        value = self[name] or ("" if required else "0")
        digits = value.removeprefix("-") if negative else value
        good = digits.isascii() and digits.isdigit() and len(digits) <= 15 and int(digits) <= most
        if self.posted and not good:
            self.wrong[name] = _("Please give a whole number, digits only, at most %(most)s.") % {
                "most": f"{most:,}"
            }
        return int(value) if good else 0

    def chosen(self, name: str, options: Sequence[str]) -> str:
        value = self[name]
        if self.posted and value not in options:
            self.wrong[name] = _("Please choose.")
        return value

    def ticked(self, name: str) -> bool:
        return self[name] == "1"

    def day(self, name: str, latest: date) -> date | None:
        """A day from 1900 to `latest`."""
        try:
            value = date.fromisoformat(self[name])
        except ValueError:
            value = None
        if self.posted and (value is None or not EARLIEST <= value <= latest):
            self.wrong[name] = _("Please give a day between 1900 and %(day)s.") % {"day": latest}
            return None
        return value

    def field(self, name: str, label: str, **more: Any) -> ui.FieldView:
        value = more.pop("value", self[name])
        return ui.FieldView(name, label, value=value, error=self.wrong.get(name, ""), **more)

    @property
    def good(self) -> bool:
        return self.posted and not self.wrong


def refused(found: Refused) -> ui.Notice:
    """Why it is not done, each reason on its own."""
    words = [reasons.of(code) for code in found.codes]
    return ui.Notice("late", _("This cannot be registered"), " ".join(words))


def plain_table(
    columns: Sequence[tuple[str, str]],
    rows: list[dict[str, ui.CellLike]],
    caption: str,
    empty: str,
) -> ui.Table:
    return ui.Table(
        [ui.Column(name, title) for name, title in columns],
        rows,
        caption,
        ui.Empty(empty),
        caption_hidden=True,
    )
