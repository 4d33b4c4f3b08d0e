"""A page of notices, tables and forms, declared as a value and drawn by one template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lingnan.kernel.ui.components import Act, Link, Table, Text, Trail, safe_url
from lingnan.kernel.ui.fields import ErrorSummary, FieldView


@dataclass(frozen=True)
class Form:
    """A form that posts, to `url` or to the page itself.

    `act` says which of a page's forms it is (see `Answers`); `files` that it sends files.
    """

    fields: Sequence[FieldView]
    button: Text
    title: Text = ""
    act: str = ""
    note: Text = ""
    hidden: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    files: bool = False
    template: ClassVar[str] = "ui/form.html"

    @property
    def href(self) -> str:
        return safe_url(self.url) if self.url else ""

    @property
    def errors(self) -> ErrorSummary | None:
        """What has to be put right, summed up."""
        return ErrorSummary.of(self.fields) if any(one.error for one in self.fields) else None


@dataclass(frozen=True)
class Find:
    """A question whose answer stands in the address (a search that may be shared)."""

    field: FieldView
    button: Text
    template: ClassVar[str] = "ui/find.html"


@dataclass(frozen=True)
class Filter:
    """Questions whose answers stand in the address and narrow or sort what is shown below."""

    fields: Sequence[FieldView]
    button: Text
    template: ClassVar[str] = "ui/filter.html"


@dataclass(frozen=True)
class Part:
    """A table under a heading; `of` is a name, which is in Chinese in any language."""

    table: Table
    heading: Text = ""
    of: Text = ""
    acts: Sequence[Act] = ()
    template: ClassVar[str] = "ui/part.html"


@dataclass(frozen=True)
class Page:
    """In this order: `top` (any components), `links`, `first`, `tables`, `forms`, `after`.

    `name` is what the page is about, in Chinese in any language. Its `code` stands beside it and
    then takes the title's place in the heading.
    """

    title: Text
    lead: Text = ""
    top: Sequence[Any] = ()
    links: Sequence[Link] = ()
    tables: Sequence[Part] = ()
    forms: Sequence[Form] = ()
    trail: Trail | None = None
    first: Sequence[Form | Find | Filter] = ()
    after: Sequence[Any] = ()
    name: Text = ""
    code: str = ""

    @property
    def errors(self) -> list[ErrorSummary]:
        """What has to be put right in any form of the page."""
        forms = [one for one in (*self.top, *self.first, *self.forms) if isinstance(one, Form)]
        return [one.errors for one in forms if one.errors is not None]


def shown(request: HttpRequest, page: Page, status: int = 200) -> HttpResponse:
    """The page drawn by `ui/page.html`."""
    return render(request, "ui/page.html", {"page": _told_apart(page)}, status=status)


def _told_apart(page: Page) -> Page:
    """A form that repeats the name of a field of one above has ids of its own."""
    seen: set[str] = set()

    def apart(one: Any) -> Any:
        if not isinstance(one, Form):
            return one
        names = {field.name for field in one.fields}
        repeated = not seen.isdisjoint(names)
        mark = f"{len(seen)}-" if repeated else ""
        seen.update(names, {mark})
        return replace(one, fields=[replace(each, among=mark) for each in one.fields])

    return replace(
        page,
        top=[apart(one) for one in page.top],
        first=[apart(one) for one in page.first],
        forms=[apart(one) for one in page.forms],
        after=[apart(one) for one in page.after],
    )
