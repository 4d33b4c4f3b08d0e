"""Alerts: what is not as it should be, what to do, and who has seen it."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.operating import Alert, judging, rules
from lingnan.kernel.trust.api import EvidenceUnavailable, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.portal.operators import OPERATORS
from lingnan.portal.operators_names import what
from lingnan.portal.operators_waiting import trail
from lingnan.portal.operators_words import Named, age, share


@allow(OPERATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Open ones with a form to acknowledge each; below, what was over within the week."""
    refuse_noughts_posted(request)
    found = judging.shown()
    open_ = [row for row in found if row.state == "open"]
    said = {row.pk: ui.Answers(request, f"seen-{row.pk}") for row in open_}
    status = 200
    for row in open_:
        if said[row.pk].posted:
            if _acknowledged(request, row, said[row.pk]):
                return redirect("alerts")
            status = 422
    if request.method == "POST" and status == 200:
        messages.info(request, _("This alert is over."))
        return redirect("alerts")
    return ui.shown(request, _page(found, said), status)


def _acknowledged(request: HttpRequest, row: Alert, said: ui.Answers) -> bool:
    words = said.text("words", judging.LONGEST)
    if said.wrong:
        return False
    try:
        judging.acknowledge(row.pk, actor(request), words)
    except judging.NotOpen:
        messages.info(request, _("This alert is over."))
    except EvidenceUnavailable:
        messages.error(request, _("Evidence cannot be written now. Nothing was changed."))
    else:
        messages.success(request, _("Acknowledged. Your words stay in the evidence."))
    return True


def _page(found: list[Alert], said: dict[int, ui.Answers]) -> ui.Page:
    named = Named()
    open_ = [row for row in found if row.state == "open"]
    top: list[object] = []
    for row in open_:
        top += [_notice(row, named)] if row.said else [_notice(row, named), _form(row, said, named)]
    if not open_:
        top.append(ui.Notice("ok", _("No alert is open"), _("The rules are judged each minute.")))
    return ui.Page(
        pgettext("operating", "Alerts"),
        _("Opened when a rule is broken for some minutes, closed when it is not any more; "
          "operators are told of both."),
        top=top,
        after=[ui.Part(_past(found, named), _("Over within the week")),
               ui.Part(_rules(), _("The rules and their limits"))],
        trail=trail(),
    )  # fmt: skip


def _form(row: Alert, said: dict[int, ui.Answers], named: Named) -> ui.Form:
    hint = _("It stays in the evidence. Name nobody.")
    field = said[row.pk].field(
        "words", _("What is done about it"), maxlength=judging.LONGEST, hint=hint
    )
    return ui.Form([field], _("Acknowledge"), what(row, named), act=f"seen-{row.pk}")


def _notice(row: Alert, named: Named) -> ui.Notice:
    rule = rules.RULES.get(row.rule)
    now = datetime.now(UTC)
    items = [
        _("Measured: %(figure)s") % {"figure": row.figure},
        _("Open for %(age)s") % {"age": age((now - row.since).total_seconds())},
    ]
    if row.said:
        told = {"words": row.said, "when": ui.legal_datetime(row.said_at)}
        items.append(_("Acknowledged %(when)s: “%(words)s”") % told)
    link = ui.Link(rule.page, _("Look at it"), what(row, named)) if rule else None
    text = str(rule.todo) if rule else ""
    kind: ui.Kind = "info" if row.said else "late"
    return ui.Notice(kind, what(row, named), text, link, items)


def _past(found: list[Alert], named: Named) -> ui.Table:
    rows: list[dict[str, ui.CellLike]] = [
        {
            "what": what(row, named),
            "from": ui.legal_datetime(row.opened_at),
            "to": ui.legal_datetime(row.closed_at),
            "said": row.said,
        }
        for row in found
        if row.state == "closed"
    ]
    columns = [
        ui.Column("what", pgettext("operating", "Alert")),
        ui.Column("from", pgettext("operating", "Opened")),
        ui.Column("to", pgettext("operating", "Closed")),
        ui.Column("said", pgettext("operating", "What was done")),
    ]
    nothing = ui.Empty(_("None was over within the week"))
    return ui.Table(columns, rows, _("Over within the week"), nothing, caption_hidden=True)


def _rules() -> ui.Table:
    limits = {
        "errors": _("more than %(n)s of at least %(least)s messages in ten minutes")
        % {"n": share(rules.ERROR_SHARE), "least": rules.LEAST},
        "slow": _("the slowest hundredth above %(n)s s") % {"n": f"{rules.SLOWEST:g}"},
        "silent": _("asked %(n)s times in ten minutes, answered never") % {"n": rules.TRIED},
        "queue": _("waits for more than an hour, or for an operator"),
        "key": _("30, 7 and 1 days before; what renews itself from 7 days on"),
        "directory": _("issued more than %(n)s hours ago") % {"n": rules.DIRECTORY_AGE},
        "clock": _("more than %(n)s s apart") % {"n": f"{rules.SKEW:g}"},
        "disk": _("less than %(n)s free") % {"n": share(rules.ROOM)},
    }
    rows: list[dict[str, ui.CellLike]] = [
        {"rule": str(one.title), "limit": limits[one.code], "for": f"{one.minutes}",
         "todo": str(one.todo)}
        for one in rules.RULES.values()
    ]  # fmt: skip
    columns = [
        ui.Column("rule", pgettext("operating", "Rule")),
        ui.Column("limit", _("Limit (house value)")),
        ui.Column("for", _("Minutes until told"), numeric=True),
        ui.Column("todo", pgettext("operating", "What to do")),
    ]
    return ui.Table(columns, rows, _("The rules and their limits"), caption_hidden=True)
