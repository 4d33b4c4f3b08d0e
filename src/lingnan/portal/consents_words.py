"""Consents in the reader's words: who may give one, what may be asked for, what one allows."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.exchange.api import (
    Agreement,
    Resource,
    organisations_of,
    purposes,
    resources,
    terms,
    wishes,
)
from lingnan.kernel.matters.api import published
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor, Body, Consent, consents
from lingnan.kernel.ui import api as ui


@dataclass(frozen=True)
class Giver:
    """The person, or a firm of theirs (`code`); `subject` is what trust calls them."""

    subject: str
    kind: str
    code: str = ""
    name: str = ""


def givers(who: Actor) -> dict[str, Giver]:
    """By code ("" is the person): for whom somebody may consent."""
    found = {"": Giver(who.subject, "person")}
    for firm in organisations_of(who):
        found[firm.code] = Giver(firm.subject, "organisation", firm.code, firm.name)
    return found


def asked_for() -> list[tuple[Agreement, Resource]]:
    """The agreements in force under which a body reads with consent alone."""
    known, today = resources(), legal_time.today()
    rows = Agreement.objects.filter(ended=False, valid_from__lte=today).order_by("number")
    return [
        (one, known[one.resource])
        for one in rows
        if one.resource in known
        and (one.consent or known[one.resource].consent)
        and (one.valid_until is None or one.valid_until >= today)
    ]


class Words:
    """Codes of consents in the reader's words, read once for a page."""

    def __init__(self) -> None:
        self._bodies = {body.code: str(body.title) for body in Body.objects.all()}
        self._purposes = {code: str(title) for code, title in purposes().items()}
        self._purposes |= {one.code: str(one.title) for _definition, one in published()}

    def body(self, code: str) -> str:
        return self._bodies.get(code, code)

    def purpose(self, code: str) -> str:
        return self._purposes.get(code, code)

    def elements(self, resource: str, codes: list[str]) -> str:
        known = resources().get(resource)
        titles = known.elements if known else {}
        return ui.listed(str(titles.get(code, code)) for code in codes)

    def resource(self, code: str) -> str:
        known = resources().get(code)
        return str(known.title) if known else code

    def holders(self, code: str) -> str:
        """Who holds what a resource answers from: the province's body of each function."""
        found = resources().get(code)
        functions = wishes.holders_of(found) if found else set()
        bodies = Body.objects.filter(tier="province", function__in=functions, ended=False)
        return ui.listed(sorted(str(one.title) for one in bodies)) or self.resource(code)

    def apart(self, one: Consent) -> str:
        """What was consented to apart."""
        codes = [code for code in one.separate if code != consents.HANDING_ON]
        handed = [_("handing on")] if consents.HANDING_ON in one.separate else []
        known = resources().get(one.resource)
        titles = known.elements if known else {}
        return ui.listed([*handed, *(str(titles.get(code, code)) for code in codes)])

    def often(self, most: int, period: str) -> str:
        periods = dict(Consent.PERIODS)
        return _("at most %(n)s times %(period)s") % {"n": most, "period": periods[period]}


def changed(one: Consent) -> str:
    """That the agreement says something else than it did when this was given; empty if not."""
    said = consents.said_by(one)
    agreement = Agreement.objects.filter(number=one.agreement).first()
    if agreement is None or one.revoked_at is not None:
        return ""
    if agreement.ended:
        return _("The agreement has ended: nothing is read by it.")
    if said.get("terms") != terms.digest(agreement):
        return _("The agreement has changed since: this covers nothing any more.")
    return ""


def state(one: Consent) -> ui.Chip:
    if one.revoked_at is not None:
        return ui.Chip("soft", pgettext("consent", "revoked"))
    today = legal_time.today()
    if one.valid_until < today:
        return ui.Chip("soft", pgettext("consent", "expired"))
    if consents.used(one, today) >= one.most:
        return ui.Chip("warn", _("used up for now"))
    return ui.Chip("ok", pgettext("consent", "in force"))


def quoted(name: str) -> str:
    """A name or words of others, which are Chinese in any language."""
    return f"“{name}”" if name else ""


REQUEST_CHIPS: dict[str, ui.Kind] = {
    "asked": "warn", "given": "ok", "refused": "soft", "withdrawn": "soft", "over": "soft",
}  # fmt: skip


def request_state(one: consents.ConsentRequest) -> ui.Chip:
    """How a request for a consent stands."""
    code = consents.asking.standing(one)
    over = pgettext("consent request", "no answer in time")
    text = over if code == "over" else str(dict(one.STATES)[code])
    return ui.Chip(REQUEST_CHIPS[code], text)


def plain(wish: Any) -> str:
    """A consent, or the wish for one, in a sentence."""
    words = Words()
    return _(
        "%(body)s and the bodies below it may read %(elements)s for “%(purpose)s”, %(often)s, "
        "until %(day)s. Each use stands in “Who looked at my data”. You can revoke this at once at "
        "any time; what was read before stays lawful."
    ) % {
        "body": words.body(wish.body),
        "elements": words.elements(wish.resource, list(wish.elements)),
        "purpose": words.purpose(wish.purpose),
        "often": words.often(wish.most, wish.period),
        "day": ui.legal_date(wish.valid_until),
    }


def trail() -> ui.Trail:
    return ui.Trail([ui.Link("/consents/", _("My consents"))])
