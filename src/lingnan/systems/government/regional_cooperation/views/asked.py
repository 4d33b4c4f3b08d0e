"""What other jurisdictions asked of us, and what we asked of them: the newest first."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.api import partners
from lingnan.kernel.trust.api import actor, allow, body_titles
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.regional_cooperation.views import rights, wording

PAGE = 50


@allow(rights.OFFICIALS)
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Of the arrangements that the reader sees; an official who only asks sees the own body's."""
    who = actor(request)
    numbers = [one.number for one in rights.seen(who)]
    rows = partners.Asked.objects.filter(arrangement__in=numbers).order_by("-id")
    if not rights.is_authority(who) and who.role == "clerk":
        rows = rows.filter(body=who.body)
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) < 18:
        rows = rows.filter(id__lt=int(after))
    found = list(rows[: PAGE + 1])
    more = f"?after={found[PAGE - 1].pk}" if found[PAGE:] else None
    empty = ui.Empty(_("Nothing was asked yet"))
    names = _names()
    lines = [_row(one, names) for one in found[:PAGE]]
    table = ui.Table(_columns(), lines, _("Questions"), empty, more, caption_hidden=True)
    page = ui.Page(
        _("What was asked, by them and by us"),
        _("Each question is in the evidence of both sides. Who was asked about stands there, and "
          "for the person under “Who looked”; answers are not kept here."),
        tables=[ui.Part(table)],
        trail=ui.Trail([ui.Link(wording.HERE, pgettext("partners", "Regional cooperation"))]),
    )  # fmt: skip
    return ui.shown(request, page)


def _columns() -> list[ui.Column]:
    return [
        ui.Column("at", pgettext("asked", "When")),
        ui.Column("who", pgettext("asked", "Who asked")),
        ui.Column("about", _("About")),
        ui.Column("case", _("Case and official")),
        ui.Column("outcome", pgettext("asked", "Outcome")),
    ]


def _row(one: partners.Asked, names: Mapping[str, str]) -> dict[str, ui.CellLike]:
    chips: dict[str, ui.Chip] = {
        "answered": ui.Chip("ok", pgettext("asked", "answered")),
        "denied": ui.Chip("late", pgettext("asked", "denied")),
    }
    waiting = ui.Chip("warn", pgettext("asked", "not available"))
    way = _("asked of us") if one.way == "in" else _("asked by us")
    evidence = _("evidence no. %(n)s") % {"n": one.evidence}
    parts = one.body.split("/")
    code = one.body if one.way == "out" else f"{one.partner}/{parts[2] if len(parts) > 2 else ''}"
    why = _why(one.why) if one.way == "in" else ""
    return {
        "at": ui.Cell(ui.legal_datetime(one.at), evidence),
        "who": ui.Cell(names.get(code, one.body), f"{way} · {one.arrangement}"),
        "about": one.about or _("a person"),
        "case": ui.Cell(one.case, one.actor),
        "outcome": ui.Cell(chips.get(one.outcome, waiting), why),
    }


def _why(code: str) -> str:
    """Why this side refused; the other side is not told so much."""
    texts = {
        "unknown": _("nobody of this number is on record"),
        "name": _("the name is another one"),
        "consent": _("no consent of the person covers it"),
        "rate": _("more often than was arranged"),
        "state": _("the arrangement is suspended or ended"),
        "days": _("before or after the days of the arrangement"),
        "arrangement": _("no arrangement allows it"),
        "body": _("a body that the arrangement does not name"),
        "resource": _("another resource than arranged"),
        "purpose": _("another purpose than arranged"),
        "elements": _("other elements than arranged"),
    }
    return texts.get(code, "")


def _names() -> dict[str, str]:
    named = {code: str(title) for code, title in partners.naming.body_titles().items()}
    return named | body_titles()
