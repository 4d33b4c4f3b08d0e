"""The catalogue for everybody."""

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import PUBLIC, Place, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.disclosure.desk import KEEPERS, desk, new, review_page
from lingnan.systems.government.disclosure.models import Entry

PAGE = 25


@allow(PUBLIC)
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """What is published, newest first, 25 at a time, by words and section."""
    words = request.GET.get("q", "").strip()[:60]
    section = request.GET.get("section", "")[:12]
    rows = _found(words, section)
    after = rows.filter(index_number=request.GET.get("after", "")[:40]).first()
    if after is not None:
        older = Q(published_on__lt=after.published_on)
        same = Q(published_on=after.published_on, index_number__gt=after.index_number)
        rows = rows.filter(older | same)
    found = list(rows[: PAGE + 1])
    more = None
    if len(found) > PAGE:
        last = found[PAGE - 1].index_number
        more = "?" + urlencode({"q": words, "section": section, "after": last})
    context = {
        "fields": _questions(words, section),
        "table": _table(found[:PAGE], more),
        "ask": _way_to_ask(),
    }
    return render(request, "disclosure/catalogue.html", context)


def _found(words: str, section: str) -> QuerySet[Entry]:
    rows = Entry.objects.filter(ended=False, state="published")
    if words:
        rows = rows.filter(
            Q(name__icontains=words) | Q(body_zh__icontains=words) | Q(index_number=words)
        )
    if section in dict(Entry.SECTIONS):
        rows = rows.filter(section=section)
    return rows.order_by("-published_on", "index_number")


def _questions(words: str, section: str) -> list[ui.FieldView]:
    sections = [ui.Option(value, title) for value, title in Entry.SECTIONS]
    return [
        ui.FieldView("q", _("Words in the name, or the body"), value=words, required=False),
        ui.FieldView(
            "section",
            _("Section of the catalogue"),
            value=section,
            kind="select",
            options=sections,
            required=False,
            blank=_("All sections"),
        ),
    ]


def _table(found: list[Entry], more: str | None) -> ui.Table:
    return ui.Table(
        [
            ui.Column("name", _("Information")),
            ui.Column("section", _("Section of the catalogue")),
            ui.Column("body", _("Published by")),
            ui.Column("day", _("Published on")),
        ],
        [
            {
                "name": ui.Cell(
                    ui.Link(reverse("disclosure-entry", args=[row.index_number]), row.name),
                    row.index_number,
                ),
                "section": str(row.get_section_display()),
                "body": row.publisher,
                "day": ui.legal_date(row.published_on),
            }
            for row in found
        ],
        _("Published government information"),
        ui.Empty(
            _("Nothing that is published fits"),
            _("You can ask the body for what is not published."),
            _way_to_ask(),
        ),
        next_url=more,
        caption_hidden=True,
    )


def _way_to_ask() -> ui.Link:
    return ui.Link("/matters/disclosure_request/", _("Request government information"))


@allow(PUBLIC)
@require_safe
def entry(request: HttpRequest, index: str) -> HttpResponse:
    """One published piece of information, with its entry of the catalogue."""
    found = Entry.objects.filter(index_number=index, state="published", ended=False).first()
    if found is None:
        raise Http404
    panel = ui.Panel(
        _("Entry of the catalogue"),
        [
            ui.Item(_("Index number"), found.index_number),
            ui.Item(_("Section of the catalogue"), str(found.get_section_display())),
            ui.Item(_("Document number"), found.document_number or "—"),
            ui.Item(_("Outline"), found.outline),
            ui.Item(_("Made on"), ui.legal_date(found.made_on)),
            ui.Item(_("Published on"), ui.legal_date(found.published_on)),
            ui.Item(_("Published by"), found.publisher),
            ui.Item(_("Legal basis"), found.record.basis),
        ],
        link=_way_to_ask(),
    )
    trail = ui.Trail([ui.Link(reverse("disclosure"), _("Government information"))], found.name)
    context = {"entry": found, "panel": panel, "trail": trail}
    return render(request, "disclosure/entry.html", context)


PLACES = [
    Place(
        "disclosure",
        Title("政府信息公开", "Government information"),
        PUBLIC,
        Title("查阅主动公开的政府信息，或者申请公开", "What is published, and how to ask for more"),
    ),
    Place("disclosure-desk", Title("信息公开", "Disclosure"), KEEPERS),
]

urlpatterns = [
    path("disclosure/", catalogue, name="disclosure"),
    path("disclosure/<str:index>/", entry, name="disclosure-entry"),
    path("desk/disclosure/", desk, name="disclosure-desk"),
    path("desk/disclosure/new/", new, name="disclosure-new"),
    path("desk/disclosure/<str:index>/review/", review_page, name="disclosure-review"),
]
