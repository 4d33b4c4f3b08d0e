"""A firm of one's own: on which lists of the register it stands, and who looked at its data."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.api import looked as exchange_looked
from lingnan.kernel.exchange.api import resources
from lingnan.kernel.trust.api import RESIDENT, Body, acting, actor, allow, under
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.credit.collecting import known_as
from lingnan.systems.government.credit.registered import Listed
from lingnan.systems.government.credit.standing import own_of

PAGE = 25


def list_part(found: list[Listed] | None) -> ui.Part:
    """The lists of the register of firms on which firms stand, with source and day."""
    title = _("On the lists of the register of firms")
    columns = [
        ui.Column("name", _("List")),
        ui.Column("since", _("On it since")),
        ui.Column("source", _("Source")),
    ]
    words = {
        "abnormal": _("List of abnormal operations"),
        "serious": _("List of serious breaches"),
    }
    rows: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(words[one.list], one.code),
            "since": ui.legal_date(one.since) if one.since else "—",
            "source": ui.Cell(
                _("Register of legal persons"),
                _("as of %(day)s") % {"day": ui.legal_date(one.as_of)},
            ),
        }
        for one in found or []
    ]
    silent = _("The register of firms does not answer now")
    empty = ui.Empty(silent if found is None else _("On none of these lists"))
    return ui.Part(ui.Table(columns, rows, title, empty, caption_hidden=True), title)


@allow(under(RESIDENT, acting.LOOKED, "organisation"))
@require_safe
def looked(request: HttpRequest, code: str) -> HttpResponse:
    """Every use and opening of the data of a firm that the reader answers for."""
    own = own_of(actor(request))
    if code not in own.firms:
        raise Http404
    before = request.GET.get("before", "")
    start = int(before) if before.isdecimal() and len(before) < 19 else None
    name = known_as([code]).get(code, ("", ""))[0]
    entries = (
        exchange_looked(name, start, PAGE + 1, kind="organisation", source="credit") if name else []
    )
    table = _table(entries[:PAGE], len(entries) > PAGE)
    page = ui.Page(
        _("Who looked at this firm's data"),
        _("Every use by another body, and every opening by the holder's officials."),
        tables=[ui.Part(table)],
        trail=ui.Trail(
            [ui.Link(reverse("credit-mine"), _("My own credit"))], _("Who looked at it")
        ),
        name=own.firms[code],
    )
    return ui.shown(request, page)


def _table(entries: list[Any], more: bool) -> ui.Table:
    bodies = {one.code: str(one.title) for one in Body.objects.all()}
    titles = {code: str(one.title) for code, one in resources().items()}
    return ui.Table(
        [
            ui.Column("who", _("Who")),
            ui.Column("what", _("What")),
            ui.Column("why", _("Why")),
            ui.Column("when", _("When (system time)")),
        ],
        [_row(one, bodies, titles) for one in entries],
        _("Who looked at this firm's data"),
        ui.Empty(_("Nobody has looked yet"), _("Every reading will stand here by itself.")),
        next_url=f"?before={entries[-1].seq}" if more else None,
        caption_hidden=True,
    )


def _row(entry: Any, bodies: Mapping[str, str], titles: Mapping[str, str]) -> dict[str, Any]:
    payload = entry.payload or {}
    words = {
        "record.opened": _("opened a record about it"),
        "record.listed": _("a record about it stood in a list"),
        "record.exported": _("a record about it was taken out in a file"),
        "list.noticed": _("gave notice of an entry on a list"),
        "licence.issued": _("issued its sealed licence"),
    }
    by = str(payload.get("consumer") or payload.get("body") or "")
    resource = str(payload.get("resource", ""))
    at = parse_datetime(entry.at)
    return {
        "who": bodies.get(by, by) or _("the register itself"),
        "what": titles.get(resource, resource) or words.get(entry.kind, entry.kind),
        "why": payload.get("basis") or _("own records"),
        "when": ui.Cell(
            ui.legal_datetime(at) if at else entry.at,
            _("evidence no. %(n)s") % {"n": entry.seq},
        ),
    }
