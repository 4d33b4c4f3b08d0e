"""The people of a body: who holds which post until when, what waits, one person's account."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import (
    Account,
    Actor,
    Appointment,
    Body,
    Holding,
    actor,
    allow,
    appointing,
    guarded,
    people_accounts,
    refuse_noughts_posted,
    spans,
)
from lingnan.kernel.ui import api as ui
from lingnan.portal import people_acts as acts
from lingnan.portal import people_words as words
from lingnan.portal.people_history import history

PEOPLE = appointing.PEOPLE
CONTEXT, SHOWN = "portal.people", 60


@allow(PEOPLE)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Heads see their body, operators the heads of bodies, found by the body's name."""
    who = actor(request)
    head = who.role == appointing.HEAD
    sought = "" if head else request.GET.get("q", "").strip()[:40]
    held = _held(who, sought)
    tables = [ui.Part(_holders(held, who), _("Posts now"))]
    if not head:
        tables[0] = ui.Part(_holders(held[:SHOWN], who), _("Heads of bodies"))
    tables += [ui.Part(_coming(who), _("Posts to come"))]
    if head:
        tables.append(ui.Part(_deciding(who), _("Waits for you as the second person")))
        former = _former(who)
        tables += [ui.Part(former, _("Locked, without a post now"))] if former.rows else []
    links = [ui.Link(reverse("people-open"), _("Open an account"))]
    links.append(ui.Link(reverse("people-appoint"), _("Appoint somebody who has an account")))
    if head:
        links += [ui.Link(reverse("authority"), _("Posts and authority")),
                  ui.Link(reverse("colleagues-signin"), _("Sign-in of a colleague"))]  # fmt: skip
    lead = (
        _("Accounts and posts of %(body)s. What you do here stands in the evidence.")
        % {"body": who.body_title}
        if head
        else _("Heads of bodies: operators open their accounts, heads those of their officials.")
    )
    find = ui.Find(ui.FieldView("q", _("Name of the body"), value=sought, required=False),
                   _("Find"))  # fmt: skip
    more = _("There are more than are shown: find them by the name of the body.")
    top = [ui.Notice("info", more)] if not head and len(held) > SHOWN else []
    page = ui.Page(_("People and posts"), lead, top=top, links=links, tables=tables,
                   first=[] if head else [find])  # fmt: skip
    return ui.shown(request, page)


def _held(who: Actor, sought: str) -> list[Holding]:
    rows = Holding.objects.filter(ended=False)
    if who.role == appointing.HEAD:
        return list(rows.filter(body=who.body).order_by("key"))
    bodies = Body.objects.filter(ended=False)
    if sought:
        bodies = bodies.filter(name_zh__contains=sought) | bodies.filter(name_en__icontains=sought)
    found = rows.filter(role=appointing.HEAD, body__in=bodies.values("code"))
    return list(found.order_by("body", "key")[: SHOWN + 1])


def _holders(held: list[Holding], who: Actor) -> ui.Table:
    ends = spans.last_days([one.key for one in held])
    accounts = Account.objects.in_bulk([one.account for one in held])
    bodies = dict(_titles({one.body for one in held}))
    waiting = people_accounts.never_signed_in_of(accounts.values())
    rows: list[dict[str, ui.CellLike]] = []
    for one in held:
        account = accounts[one.account]
        last = ends.get(one.key)
        rows.append(
            {
                "who": ui.Cell(ui.Link(address(account), account.name), account.login),
                "post": str(one.title) if who.role == appointing.HEAD
                else ui.Cell(str(one.title), bodies.get(one.body, one.body)),
                "since": ui.legal_date(one.valid_from),
                "last": ui.legal_date(last) if last else _("until it is ended"),
                "account": words.account_chip(account, waiting),
            }
        )  # fmt: skip
    columns = [
        ui.Column("who", pgettext("people", "Official")),
        ui.Column("post", _("Post")),
        ui.Column("since", pgettext("post", "Since")),
        ui.Column("last", pgettext("post", "Last day")),
        ui.Column("account", pgettext("people", "Account")),
    ]
    return ui.Table(columns, rows, _("Posts now"), ui.Empty(_("Nobody holds a post here")),
                    caption_hidden=True)  # fmt: skip


def _former(who: Actor) -> ui.Table:
    """Locked accounts whose last post was here: nobody else can unlock them."""
    live = Holding.objects.filter(ended=False).values("account")
    past = Holding.objects.filter(body=who.body, ended=True).exclude(account__in=live)
    rows = Account.objects.filter(key__in=past.values("account"), is_active=False)
    found = [one for one in rows.order_by("key")[:SHOWN] if people_accounts.may_lock(who, one)]
    lines: list[dict[str, ui.CellLike]] = [
        {"who": ui.Cell(ui.Link(address(one), one.name), one.login)} for one in found
    ]
    columns = [ui.Column("who", pgettext("people", "Official"))]
    return ui.Table(columns, lines, _("Locked, without a post now"), caption_hidden=True)


def _titles(codes: set[str]) -> list[tuple[str, str]]:
    return [(one.code, str(one.title)) for one in Body.objects.filter(code__in=codes)]


def _coming(who: Actor) -> ui.Table:
    rows = Appointment.objects.filter(state__in=Appointment.OPEN)
    mine = rows.filter(body=who.body) if who.role == appointing.HEAD else rows.filter(
        role=appointing.HEAD)  # fmt: skip
    return _appointments(list(mine.order_by("first", "key")[:SHOWN]), _("Posts to come"))


def _deciding(who: Actor) -> ui.Table:
    return _appointments(appointing.to_decide(who), _("Waits for you as the second person"))


def _appointments(found: list[Appointment], caption: str) -> ui.Table:
    names = dict(
        Account.objects.filter(key__in=[m.account for m in found]).values_list("key", "name")
    )
    bodies = dict(_titles({made.body for made in found}))
    rows: list[dict[str, ui.CellLike]] = [
        {
            "who": ui.Cell(
                ui.Link(reverse("people-appointment", args=[made.number]), names[made.account]),
                made.number,
            ),
            "post": ui.Cell(str(ui_title(made)), bodies.get(made.body, made.body)),
            "days": words.days(made),
            "state": words.appointment_chip(made),
        }
        for made in found
    ]
    columns = [
        ui.Column("who", pgettext("people", "Official")),
        ui.Column("post", _("Post")),
        ui.Column("days", _("From when to when")),
        ui.Column("state", _("State")),
    ]
    return ui.Table(columns, rows, caption, ui.Empty(_("Nothing waits")), caption_hidden=True)


def ui_title(made: Appointment) -> Any:
    return Holding(title_zh=made.title_zh, title_en=made.title_en).title


def address(account: Account) -> str:
    return reverse("people-one", args=[keys.veil(account.key, CONTEXT)])


@allow(guarded(PEOPLE))
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, reference: str) -> HttpResponse:
    """One official's account: posts given and ended, locked, the code for the first sign-in."""
    who = actor(request)
    refuse_noughts_posted(request)
    account = Account.objects.filter(key=keys.unveil(reference, CONTEXT) or 0).first()
    if account is None or not people_accounts.may_see(who, account):
        raise Http404
    said = ui.Answers(request)
    if said.posted:
        answer = acts.done(request, who, account, said)
        if answer is not None:
            return answer
    top = [ui.Notice("late", text) for field, text in said.wrong.items() if field == "act"]
    page = ui.Page(
        _("People and posts"),
        top=[*top, _account(account)],
        tables=[ui.Part(_posts(account), pgettext("authority", "Posts"))],
        forms=acts.forms(request, who, account, said),
        after=[history(account)],
        trail=ui.Trail([ui.Link(reverse("people"), _("People and posts"))]),
        name=account.name,
        code=account.login,
    )
    return ui.shown(request, page, words.status(said))


def _account(account: Account) -> ui.Panel:
    waiting = people_accounts.never_signed_in_of([account])
    items = [
        ui.Item(_("Name you sign in with"), account.login),
        ui.Item(pgettext("people", "Account"), words.account_chip(account, waiting)),
    ]
    return ui.Panel(pgettext("people", "Account"), items)


def _posts(account: Account) -> ui.Table:
    held = list(Holding.objects.filter(account=account.key).order_by("ended", "-key"))
    ends = spans.last_days([one.key for one in held])
    bodies = dict(_titles({one.body for one in held}))
    rows: list[dict[str, ui.CellLike]] = []
    for one in held:
        last = ends.get(one.key)
        until = ui.legal_date(last) if last else _("until it is ended")
        rows.append(
            {
                "post": ui.Cell(str(one.title), bodies.get(one.body, one.body)),
                "state": ui.Chip("soft", pgettext("post", "ended")) if one.ended
                else ui.Chip("ok", pgettext("post", "held")),
                "since": _("ended from %(day)s") % {"day": ui.legal_date(one.valid_from)}
                if one.ended else ui.legal_date(one.valid_from),
                "last": "—" if one.ended else until,
            }
        )  # fmt: skip
    columns = [
        ui.Column("post", _("Post")),
        ui.Column("state", _("State")),
        ui.Column("since", pgettext("post", "Since")),
        ui.Column("last", pgettext("post", "Last day")),
    ]
    return ui.Table(columns, rows, pgettext("authority", "Posts"),
                    ui.Empty(_("No post has begun")), caption_hidden=True)  # fmt: skip


@allow(guarded(PEOPLE))
@require_http_methods(["GET", "HEAD", "POST"])
def appointment(request: HttpRequest, number: str) -> HttpResponse:
    """One appointment: the second person agrees or refuses, or it is taken back."""
    who = actor(request)
    refuse_noughts_posted(request)
    made = Appointment.objects.filter(number=number[:40]).first()
    if made is None or not (
        appointing.may_appoint(who, made.body, made.role)
        or (who.role == appointing.HEAD and who.body in appointing.confirming(made.body))
    ):
        raise Http404
    said = ui.Answers(request)
    if said.posted and acts.decided(request, who, made, said):
        return redirect("people-appointment", number=number)
    account = Account.objects.get(key=made.account)
    top: list[Any] = [ui.Notice("late", t) for f, t in said.wrong.items() if f == "act"]
    page = ui.Page(
        _("Appointment to a post"),
        top=[*top, _appointed(made)],
        forms=acts.deciding(who, made, said),
        trail=ui.Trail([ui.Link(reverse("people"), _("People and posts"))]),
        name=account.name,
        code=made.number,
    )
    return ui.shown(request, page, words.status(said))


def _appointed(made: Appointment) -> ui.Panel:
    body = Body.objects.get(code=made.body)
    items = [
        ui.Item(_("State"), words.appointment_chip(made)),
        ui.Item(_("Post"), ui.Cell(str(ui_title(made)), str(body.title))),
        ui.Item(_("From when to when"), words.days(made)),
        ui.Item(pgettext("people", "Proposed by"), made.proposed_name),
        ui.Item(_("Reason"), made.why),
        ui.Item(_("Second person"), made.decided_name or "—",
                words.hindrance(made.decision) if made.decision else ""),
    ]  # fmt: skip
    note = _("Posts that are kept apart from others are given by two people: the head of a body"
             " above agrees.")  # fmt: skip
    return ui.Panel(_("Appointment"), items, note if appointing.takes_two(made.role) else "")
