"""What a registrar does to one enterprise: changes, branches, revocation, notes, notices."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.registry.api import visible_to
from lingnan.kernel.runtime.api import Conflict, legal_time
from lingnan.kernel.trust.api import Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import (
    appointing,
    cancellation,
    changing,
    identifiers,
    listing,
    ordering,
)
from lingnan.systems.government.legal_persons.firms import (
    branches_of,
    closing_of,
    entries_of,
    orders_of,
)
from lingnan.systems.government.legal_persons.holdings import holdings_of
from lingnan.systems.government.legal_persons.models import Branch, Enterprise, ListEntry
from lingnan.systems.government.legal_persons.opening import witness
from lingnan.systems.government.legal_persons.readers import HEADS, REGISTRARS
from lingnan.systems.government.legal_persons.rules.holdings import InvalidHoldings
from lingnan.systems.government.legal_persons.setting_up import Refused
from lingnan.systems.government.legal_persons.views import chips, forms
from lingnan.systems.government.legal_persons.views.desk import said as said_holdings
from lingnan.systems.government.legal_persons.views.frame import refused
from lingnan.systems.government.legal_persons.views.lists import entry_table
from lingnan.systems.government.legal_persons.views.orders import order_table
from lingnan.systems.government.legal_persons.views.public import branch_table, former_items
from lingnan.systems.government.legal_persons.views.registrar import trail

LETTERS_APART = 15
Done = Callable[[Enterprise, Actor, ui.Answers], None]


@allow(REGISTRARS)
@require_http_methods(["GET", "HEAD", "POST"])
def acts(request: HttpRequest, code: str) -> HttpResponse:
    """The firm's state and one act, chosen in the address (?act=…)."""
    who = actor(request)
    company = Enterprise.objects.filter(credit_code=code).first()
    if company is None or not _in_reach(company, who):
        raise Http404
    refuse_noughts_posted(request)
    witness("record.opened", [company], who)
    name = request.GET.get("act", "")
    name = name if name in _open(company, who) else ""
    said, top, status = ui.Answers(request, name), list[ui.Notice](), 200
    form = FORMS[name](company, said) if name else None
    if said.posted and form is not None:
        status = 422
        if said.good:
            top, status = _tried(company, who, said)
            if status == 302:
                return redirect("registration-acts", code=code)
        form = FORMS[name](company, said)
    return ui.shown(request, _page(company, who, top, form), status)


def _in_reach(company: Enterprise, who: Actor) -> bool:
    """The own county's firms; of others only a branch can be registered here."""
    return company.division == who.division or not company.ended


def _open(company: Enterprise, who: Actor) -> dict[str, str]:
    """The acts that are open to somebody, with their words."""
    if company.ended:
        return {}
    words = {"branch": _("Register a branch")} if company.state == "existing" else {}
    if company.division != who.division:
        return words
    words |= {
        "change": _("Register a change"),
        "capital": _("Register another capital"),
        "appoint": _("Name another legal representative"),
        "dispute": _("Note or lift a dispute about shares"),
        "order": _("Order it to publish"),
        "notice": _("Give notice of an entry on the list"),
        "note": _("Note or lift a hindrance"),
        "identifier": _("Former identifiers"),
    }
    if HEADS.permits(who):
        words["revoke" if company.state == "existing" else "forced"] = (
            _("Revoke the licence") if company.state == "existing" else _("Cancel by force")
        )
    return words


def _tried(company: Enterprise, who: Actor, said: ui.Answers) -> tuple[list[ui.Notice], int]:
    try:
        ACTS[said.act](company, who, said)
    except Refused as why:
        return [refused(why)], 409
    except InvalidHoldings as why:
        return [ui.Notice("late", _("These holdings cannot be true"), said_holdings(why))], 409
    except (Conflict, IntegrityError):
        return [ui.Notice("warn", _("A colleague has changed this. Please send it again."))], 409
    return [], 302


def _page(company: Enterprise, who: Actor, top: list[ui.Notice], form: ui.Form | None) -> ui.Page:
    panel = ui.Panel(
        _("Registered particulars"),
        [
            ui.Item(_("State"), chips.firm(company), company.revocation),
            ui.Item(_("Legal representative"), company.representative),
            *_named(company, who),
            ui.Item(_("Registered premises"), company.premises),
            ui.Item(_("Supervisors"), company.supervisors or "—"),
            ui.Item(_("Noted hindrance"), company.hindrance or "—"),
            *former_items(company.credit_code),
        ],
    )
    url = reverse("registration-acts", args=[company.credit_code])
    links = [ui.Link(f"{url}?act={name}", words) for name, words in _open(company, who).items()]
    links.append(
        ui.Link(reverse("enterprise", args=[company.credit_code]), _("As the public sees"))
    )
    closing = closing_of(company.credit_code)
    if closing is not None and closing.division == who.division:
        where = reverse("registration-closing", args=[closing.number])
        links.append(ui.Link(where, _("Cancellation under way")))
    entries: list[ListEntry] = entries_of(company.credit_code)
    own = company.division == who.division
    return ui.Page(
        _("Enterprise"),
        top=[*top, panel],
        links=links,
        tables=[
            ui.Part(branch_table(branches_of(company.credit_code), desk=True), _("Branches")),
            ui.Part(order_table(orders_of(company.credit_code), desk=own), _("Orders to publish")),
            ui.Part(entry_table(entries, desk=own), _("Entries on lists")),
        ],
        first=[form] if form else [],
        trail=trail(company.name),
        code=company.credit_code,
        name=company.name,
    )


def _named(company: Enterprise, who: Actor) -> list[ui.Item]:
    """Who is named and has to confirm, with the number to hand over; for the own county."""
    found = appointing.open_one(company.credit_code)
    if found is None or company.division != who.division:
        return []
    note = _("has to confirm with the number %(number)s") % {"number": found.number}
    return [ui.Item(_("Named legal representative"), found.name, note)]


def _change(company: Enterprise, who: Actor, said: ui.Answers) -> None:
    field = said["field"]
    changing.change_particular(company, who, field, said["value"], said["reference"])


def _capital(company: Enterprise, who: Actor, said: ui.Answers) -> None:
    capital, paid = int(said["capital"]), int(said["paid"])
    changing.change_capital(company, who, said["holder"], capital, paid, said["reference"])


def _appoint(company: Enterprise, who: Actor, said: ui.Answers) -> None:
    appointing.name(company, who, said["person"], said["reference"])


def _dispute(company: Enterprise, who: Actor, said: ui.Answers) -> None:
    changing.note_dispute(company, who, said["holder"], said["words"])


def _branch(company: Enterprise, who: Actor, said: ui.Answers) -> None:
    values = {name: said[name] for name in ("name", "head", "scope", "premises")}
    changing.open_branch(company, who, values, said["reference"])


def _revoke(company: Enterprise, who: Actor, said: ui.Answers) -> None:
    changing.revoke(company, who, said["why"], said.ticked("answerable"))


def _note(company: Enterprise, who: Actor, said: ui.Answers) -> None:
    changing.note(company, who, said["hindrance"])


def _forced(company: Enterprise, who: Actor, said: ui.Answers) -> None:
    cancellation.begin(company, who, "forced", said["cause"])


def _notice(company: Enterprise, who: Actor, said: ui.Answers) -> None:
    """Not found at the address only after two letters that came back."""
    found = said["found"]
    if said["reason"] == "not_found":
        days = [_day(said["letter_1"]), _day(said["letter_2"])]
        today = legal_time.today()
        first, second = min(days, default=today), max(days, default=today)
        apart = second - first >= timedelta(days=LETTERS_APART)
        if date.max in days or second > today or not apart:
            raise Refused("no_letters")
        found = f"{found}（{first}、{second}两次邮寄均无人签收）"
    listing.notice(company, who, said["reason"], found[:400])


def _order(company: Enterprise, who: Actor, said: ui.Answers) -> None:
    values: dict[str, Any] = {name: said[name] for name in ("kind", "subject", "found")}
    values["came_about_on"] = said.day("came_about_on", legal_time.today())
    ordering.order(company, who, values | {"document": said["reference"]})


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return date.max


def _identifier(company: Enterprise, who: Actor, said: ui.Answers) -> None:
    identifiers.note_or_merge(company, who, said["value"], said["reference"])


ACTS: dict[str, Done] = {
    "change": _change,
    "capital": _capital,
    "appoint": _appoint,
    "dispute": _dispute,
    "branch": _branch,
    "revoke": _revoke,
    "note": _note,
    "forced": _forced,
    "order": _order,
    "notice": _notice,
    "identifier": _identifier,
}
FORMS: dict[str, Callable[[Enterprise, ui.Answers], ui.Form]] = {
    "change": forms.change,
    "capital": lambda company, said: forms.capital(
        company, said, holdings_of([company.credit_code])
    ),
    "appoint": forms.appoint,
    "dispute": lambda company, said: forms.dispute(
        company, said, holdings_of([company.credit_code])
    ),
    "branch": forms.branch,
    "revoke": forms.revoke,
    "note": forms.note,
    "forced": forms.forced,
    "order": forms.order,
    "notice": forms.notice,
    "identifier": forms.identifier,
}


@allow(REGISTRARS)
@require_http_methods(["GET", "HEAD", "POST"])
def branch(request: HttpRequest, code: str) -> HttpResponse:
    """One branch of the own county, and its end."""
    who = actor(request)
    found = visible_to(Branch, who).filter(credit_code=code, division=who.division).first()
    if found is None:
        raise Http404
    refuse_noughts_posted(request)
    witness("record.opened", [found], who)
    said = ui.Answers(request, "close")
    said.text("reference", 60)
    if said.good:
        changing.close_branch(found, who, said["reference"])
        return redirect("registration-acts", code=found.company)
    panel = ui.Panel(
        _("Registered particulars"),
        [
            ui.Item(_("Person in charge"), found.head),
            ui.Item(_("Registered premises"), found.premises),
            ui.Item(_("Registered on"), ui.legal_date(found.registered_on)),
        ],
    )
    field = said.field("reference", _("Number of the decision"), maxlength=60)
    form: Any = ui.Form([field], _("Cancel the branch"), _("Cancel the branch"), "close")
    back = ui.Link(reverse("registration-acts", args=[found.company]), _("Enterprise"))
    page = ui.Page(
        _("Branch"),
        top=[panel],
        links=[back],
        forms=[form],
        trail=trail(found.name),
        code=found.credit_code,
        name=found.name,
    )
    return ui.shown(request, page, 422 if said.posted else 200)
