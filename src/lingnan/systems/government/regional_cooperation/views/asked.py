"""What other jurisdictions asked of us, and what we asked of them: the newest first."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.api import partners
from lingnan.kernel.trust.api import actor, allow
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
    table = ui.Table(_columns(), [_row(one) for one in found[:PAGE]], _("Questions"), empty, more,
                     caption_hidden=True)  # fmt: skip
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


def _row(one: partners.Asked) -> dict[str, ui.CellLike]:
    chips: dict[str, ui.Chip] = {
        "answered": ui.Chip("ok", pgettext("asked", "answered")),
        "denied": ui.Chip("late", pgettext("asked", "denied")),
    }
    waiting = ui.Chip("warn", pgettext("asked", "not available"))
    way = _("asked of us") if one.way == "in" else _("asked by us")
    evidence = _("evidence no. %(n)s") % {"n": one.evidence}
    return {
        "at": ui.Cell(ui.legal_datetime(one.at), evidence),
        "who": ui.Cell(one.body, f"{way} · {one.arrangement}"),
        "about": one.about or _("a person"),
        "case": ui.Cell(one.case, one.actor),
        "outcome": ui.Cell(chips.get(one.outcome, waiting), one.why),
    }
