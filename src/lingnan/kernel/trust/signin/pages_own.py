"""“My sign-in”: what opens the account, where it is open, and what happened to it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from lingnan.kernel.runtime import keys
from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.access import SIGNED_IN, actor, allow, guarded
from lingnan.kernel.trust.models import Account, Credential, SignedInSession
from lingnan.kernel.trust.signin import counter, factors, pieces, sessions, standing, wording
from lingnan.kernel.ui import api as ui

RECENT = 20


def own(request: HttpRequest) -> Account:
    account = request.user
    assert isinstance(account, Account)
    return account


@allow(SIGNED_IN)
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    who = own(request)
    parts: list[ui.Part | None] = []
    # An official who helps looks on: the rest is for its owner's eyes.
    if not standing.of(request).clerk:
        parts = [_credentials(who), _certificates(who), _sessions(request, who), _recent(who)]
    page = ui.Page(
        _("My sign-in"),
        top=[*_notices(request, who), _now(request, who)],
        links=_ways(request),
        tables=[part for part in parts if part is not None],
    )
    return pieces.shown(request, page)


def _ways(request: HttpRequest) -> list[ui.Link]:
    if standing.of(request).clerk:
        return []
    who, more = actor(request), list[ui.Link]()
    if who.kind == "official":
        more.append(ui.Link("/desk/authority/", _("Posts and authority of your body")))
        more.append(ui.Link("/desk/emergency/", _("Emergency access")))
    if who.role == "head":
        more.append(ui.Link("/desk/colleagues/", _("Sign-in of a colleague")))
    return [
        ui.Link("/account/passkey/", _("Add a passkey")),
        ui.Link("/account/authenticator/", _("Set up an authenticator")),
        ui.Link("/account/recovery-codes/", _("Make recovery codes")),
        ui.Link("/account/password/", _("Change the password")),
        ui.Link("/openid/systems/", _("Systems that know you")),
        *([ui.Link("/acting/", _("Acting for others"))] if who.kind == "resident" else []),
        *more,
    ]


def _notices(request: HttpRequest, who: Account) -> list[Any]:
    found: list[Any] = []
    how, ticket = standing.of(request), counter.waiting(who)
    if ticket is not None and ticket.due_at is not None:
        title = _("Somebody has asked for a new password at a counter")
        text = _(
            "An official (%(clerk)s) compared a document on %(when)s. On %(due)s the new password "
            "takes the place of everything below. If it was not you, stop it."
        )
        told = {
            "clerk": ticket.clerk,
            "when": ui.legal_datetime(ticket.opened_at),
            "due": ui.legal_datetime(ticket.due_at),
        }
        found.append(ui.Notice("late", title, text % told))
        if not how.clerk:
            found.append(ui.Act("/account/recovery/stop/", _("Stop it"), {}))
    if how.clerk:
        text = _("%(clerk)s. It ends by itself after twenty minutes.")
        title = _("An official helps you here")
        found.append(ui.Notice("info", title, text % {"clerk": how.clerk}))
    if standing.is_invented(who):
        text = _("An invented person counts as known at the highest level, without any device.")
        found.append(ui.Notice("info", text))
    return found


def _now(request: HttpRequest, who: Account) -> ui.Panel:
    level = standing.level_of(request, who)
    items = [
        ui.Item(_("You signed in by"), wording.method(standing.of(request).method)),
        ui.Item(_("Level of assurance"), f"{level} / {standing.STRONGEST}"),
        ui.Item(_("The highest that you can reach"), f"{max(level, standing.reachable(who))} / 3"),
    ]
    return ui.Panel(_("This session"), items, compact=True)


def _when(at: Any) -> str:
    return ui.legal_datetime(at) if at is not None else _("never")


def _credentials(who: Account) -> ui.Part:
    rows = [_row(one) for one in Credential.objects.filter(account=who.key).order_by("key")]
    kinds = [row for row in rows if row["kind"] != "recovery_code"]
    codes = len(rows) - len(kinds)
    if codes:
        text = _("%(n)d not used yet") % {"n": codes}
        kinds.append({"what": _("Recovery codes"), "name": text})
    if who.has_usable_password():
        change = ui.Link("/account/password/", _("Change it"))
        kinds.insert(0, {"what": _("Password"), "act": change})
    columns = [
        ui.Column("what", pgettext("signin", "What")),
        ui.Column("name", _("Name")), ui.Column("added", _("Added")),
        ui.Column("used", _("Last used")), ui.Column("act", ""),
    ]  # fmt: skip
    empty = _("There is nothing yet.")
    return ui.Part(ui.Table(columns, kinds, _("Credentials"), empty, caption_hidden=True),
                   _("What opens your account"))  # fmt: skip


def _row(one: Credential) -> dict[str, Any]:
    values = {"credential": keys.veil(one.key, "trust.credential")}
    return {
        "kind": one.kind,
        "what": str(one.get_kind_display()),
        "name": one.name,
        "added": _when(one.added_at),
        "used": _when(one.used_at),
        "act": ui.Act("/account/remove/", _("Remove"), values, about=str(one.get_kind_display())),
    }


def _certificates(who: Account) -> ui.Part | None:
    rows = [
        {"serial": one.serial[:16], "until": ui.legal_datetime(one.not_after)}
        for one in standing.in_force(who)
    ]
    if not rows:
        return None
    columns = [ui.Column("serial", _("Serial number")), ui.Column("until", _("Valid until"))]
    table = ui.Table(columns, rows, pgettext("signin", "Certificates"), caption_hidden=True)
    return ui.Part(table, _("Certificates in your name"))


def _sessions(request: HttpRequest, who: Account) -> ui.Part:
    here = request.session.session_key
    rows = [_session(one, one.session == here) for one in sessions.present(who)]
    columns = [
        ui.Column("began", pgettext("signin", "Since")),
        ui.Column("browser", _("Browser")),
        ui.Column("network", pgettext("signin", "From")),
        ui.Column("way", pgettext("signin", "Way")), ui.Column("act", ""),
    ]  # fmt: skip
    table = ui.Table(columns, rows, _("Sessions"), _("No other session."), caption_hidden=True)
    acts = []
    if len(rows) > 1:
        acts.append(ui.Act("/account/sessions/end-others/", _("End all others"), {}))
    return ui.Part(table, _("Where you are signed in"), acts=acts)


def _session(one: SignedInSession, here: bool) -> dict[str, Any]:
    values = {"session": keys.veil(one.key, "trust.session")}
    helped = _("by %(who)s") % {"who": one.assisted_by} if one.assisted_by else ""
    end = ui.Act(
        "/account/sessions/end/", _("End it"), values, about=ui.legal_datetime(one.began_at)
    )
    return {
        "began": ui.legal_datetime(one.began_at),
        "browser": one.browser or pgettext("signin", "unknown"),
        "network": one.network,
        "way": ui.Cell(wording.method(one.method), helped),
        "act": ui.Chip("ok", _("this one")) if here else end,
    }


def _recent(who: Account) -> ui.Part:
    found = node_evidence.reader().by_subject(
        "trust", who.key, limit=RECENT, kinds=tuple(wording.KINDS)
    )
    rows = [
        {
            "when": _when(parse_datetime(entry.at)),
            "what": wording.kind(entry.kind),
            "told": wording.told(entry.payload or {}),
            "number": str(entry.seq),
        }
        for entry in found
    ]
    columns = [
        ui.Column("when", _("When")), ui.Column("what", _("What happened")),
        ui.Column("told", _("How, and by whom")), ui.Column("number", _("Evidence")),
    ]  # fmt: skip
    table = ui.Table(columns, rows, _("Recent"), _("Nothing yet."), caption_hidden=True)
    return ui.Part(table, _("What happened lately"))


@allow(guarded(SIGNED_IN))
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take a credential away; the last strong one only when there is another."""
    who = own(request)
    key = keys.unveil(request.POST.get("credential", ""), "trust.credential")
    row = Credential.objects.filter(key=key or 0, account=who.key).first()
    if row is None:
        raise Http404
    if _last_strong(who, row):
        messages.error(request, _("This is your last strong credential: add another one first."))
        return redirect("/account/")
    factors.remove(who, row)
    messages.success(request, _("Removed. It opens your account no more."))
    return redirect("/account/")


def _last_strong(who: Account, row: Credential) -> bool:
    strong = Credential.objects.filter(account=who.key, kind__in=("totp", "passkey"))
    others = strong.exclude(key=row.key).exists() or standing.in_force(who)
    return row.kind != "recovery_code" and not others


@allow(SIGNED_IN)
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    who = own(request)
    if standing.of(request).clerk:
        raise standing.OnlyInPerson
    key = keys.unveil(request.POST.get("session", ""), "trust.session")
    row = SignedInSession.objects.filter(key=key or 0, account=who.key, ended_at=None).first()
    if row is None:
        raise Http404
    sessions.end(who, [row], "by its owner")
    messages.success(request, _("This session has ended."))
    return redirect("/account/")


@allow(guarded(SIGNED_IN))
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    count = sessions.end_others(request, own(request), "by its owner")
    messages.success(request, _("%(n)d other sessions have ended.") % {"n": count})
    return redirect("/account/")


@allow(SIGNED_IN)
@require_POST
def stop_recovery(request: HttpRequest) -> HttpResponse:
    """Any credential that still holds is enough: stopping harms nobody."""
    who = own(request)
    ticket = counter.waiting(who)
    if ticket is None or standing.of(request).clerk:
        raise Http404
    if ticket.due_at is not None and ticket.due_at <= timezone.now():
        raise Http404
    counter.stop(who, ticket)
    messages.success(request, _("Stopped. Your credentials hold as before."))
    return redirect("/account/")
