"""What waits here, and since when; what ends here, and what to do about it."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.operating import ending, queues, rules
from lingnan.kernel.trust.api import allow
from lingnan.kernel.ui import api as ui
from lingnan.portal.operators import OPERATORS
from lingnan.portal.operators_names import ending_name, queue_name
from lingnan.portal.operators_words import age

SOON, NEAR = 7, 30


def trail() -> ui.Trail:
    return ui.Trail([ui.Link(reverse("operating"), _("Operating"))])


@allow(OPERATORS)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Each queue with its number and the age of its oldest."""
    columns = [
        ui.Column("name", pgettext("traffic", "What waits")),
        ui.Column("number", pgettext("traffic", "Number"), numeric=True),
        ui.Column("oldest", _("Oldest")),
        ui.Column("state", pgettext("traffic", "State")),
    ]
    rows = [_queue(one) for one in queues.queues()]
    table = ui.Table(columns, rows, pgettext("operating", "What waits"), caption_hidden=True)
    lead = _("What is on its way to others, or waits for somebody. It empties by itself, but for "
             "what an operator has to look at.")  # fmt: skip
    title = pgettext("operating", "What waits")
    return ui.shown(request, ui.Page(title, lead, tables=[ui.Part(table)], trail=trail()))


def _queue(one: queues.Queue) -> dict[str, ui.CellLike]:
    transit = dict.fromkeys(("followings", "handovers", "not_taken"), "transit")
    pages = transit | {"dead": "dead-letters", "unstamped": "operating"}
    page = reverse(pages[one.code]) if one.code in pages else ""
    name = queue_name(one.code)
    most = queues.MOST
    number = f"{one.number:,}"
    if one.number > most:
        number = _("more than %(n)s") % {"n": f"{most:,}"}
    oldest = ui.Cell(age(one.waits), ui.legal_datetime(one.oldest)) if one.oldest else "—"
    return {
        "name": ui.Link(page, name) if page else name,
        "number": number,
        "oldest": oldest,
        "state": _state(one),
    }


def _state(one: queues.Queue) -> ui.Chip:
    if not one.number:
        return ui.Chip("ok", _("Nothing waits"))
    if one.stuck:
        return ui.Chip("late", _("For an operator"))
    if one.waits > rules.WAITING:
        return ui.Chip("warn", _("For too long"))
    return ui.Chip("info", pgettext("traffic", "On its way"))


@allow(OPERATORS)
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The nearest end first, and how each is renewed."""
    found = ending.endings()
    columns = [
        ui.Column("what", pgettext("ending", "What ends")),
        ui.Column("left", pgettext("ending", "Left")),
        ui.Column("until", pgettext("ending", "Until")),
        ui.Column("renew", _("How it is renewed")),
    ]
    rows = [_ending(one) for one in found]
    nothing = ui.Empty(_("Nothing ends here"))
    table = ui.Table(
        columns, rows, pgettext("operating", "What ends when"), nothing, caption_hidden=True
    )
    lead = _("Certificates and the directory end by system time, terms of agreements by legal "
             "time. Alerts are given 30, 7 and 1 days ahead.")  # fmt: skip
    title = pgettext("operating", "What ends when")
    return ui.shown(request, ui.Page(title, lead, tables=[ui.Part(table)], trail=trail()))


def _ending(one: ending.Ending) -> dict[str, ui.CellLike]:
    days = one.left.total_seconds() / 86400
    kind: ui.Kind = "ok"
    if days <= NEAR and not one.renews_itself:
        kind = "warn"
    if (days <= SOON and one.kind != "directory") or days <= 1:
        kind = "late"
    left = age(one.left.total_seconds()) if days > 0 else pgettext("ending", "ended")
    return {
        "what": ui.Cell(ending_name(one.kind), one.name),
        "left": ui.Bar(one.used, 1, kind, left),
        "until": ui.legal_datetime(one.until),
        "renew": _renew(one.kind),
    }


def _renew(kind: str) -> str:
    itself = _("By itself, a month before its end; the directory tells others.")
    texts = {
        "root": _("By a ceremony of two custodians: make the next root in time."),
        "issuing": _("By a ceremony of two custodians: the next generation takes over."),
        "message_key": itself,
        "directory_key": itself,
        "log_key": itself,
        "channel": itself,
        "client": _("Its body asks for a new certificate; enter it at the gateway, then stop the "
                    "old one."),
        "foreign_root": _("By that node's custodians; it comes with the next directory."),
        "giver": _("By that node's custodians; its next root is led on to, nothing is registered "
                   "anew."),
        "directory": _("By the founder, every twelve hours; fetched each minute."),
        "terms": _("The body asks its holder for another term."),
    }  # fmt: skip
    return texts.get(kind, "")
