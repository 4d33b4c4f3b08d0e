"""Consents in the reader's words: who may give one, what may be asked for, what one allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.exchange.api import (
    Agreement,
    Offer,
    offers,
    organisations_of,
    partners,
    purposes,
    resources,
    terms,
)
from lingnan.kernel.matters.api import published
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import Actor, Consent, body_titles, consents
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


class Words:
    """Codes of consents in the reader's words, read once for a page."""

    def __init__(self) -> None:
        self._bodies = body_titles()
        abroad = partners.naming.body_titles()
        self._bodies |= {code: str(title) for code, title in abroad.items()}
        self.offers = offers.told_here()
        # What another node calls its own is said where this one has no word for it.
        self._purposes = {one.purpose: str(one.aim) for one in self.offers if one.aim is not None}
        self._purposes |= {code: str(title) for code, title in purposes().items()}
        self._purposes |= {one.code: str(one.title) for _definition, one in published()}

    def body(self, code: str) -> str:
        return self._bodies.get(code, code)

    def purpose(self, code: str) -> str:
        return self._purposes.get(code, code)

    def elements(self, resource: str, codes: Iterable[str]) -> str:
        titles = self._titles(resource)
        return ui.listed(str(titles.get(code, code)) for code in codes)

    def _titles(self, resource: str) -> dict[str, Title]:
        known = resources().get(resource)
        if known is not None:
            return dict(known.elements)
        afar = (one for one in self.offers if one.resource == resource)
        return {code: title for one in afar for code, title in one.titles.items()}

    def resource(self, code: str) -> str:
        known = resources().get(code)
        if known is not None:
            return str(known.title)
        afar = (one for one in self.offers if one.resource == code)
        return next((str(one.title) for one in afar), code)

    def holders(self, code: str) -> str:
        """Who holds what a resource answers from: the province's body of each function."""
        found = resources().get(code)
        titles = offers.holding(found) if found else ()
        if found is None:
            titles = next((one.holders for one in self.offers if one.resource == code), ())
        return ui.listed(sorted(str(one) for one in titles)) or self.resource(code)

    def node(self, resource: str) -> str:
        """That another node holds what a resource answers from, and which; empty if not."""
        address = offers.node_of(resource)
        return _("held at the node %(node)s") % {"node": address} if address else ""

    def apart(self, one: Consent) -> str:
        """What was consented to apart."""
        said = {consents.HANDING_ON: _("handing on"), consents.CROSSING: _("crossing the border")}
        codes = [code for code in one.separate if code not in said]
        handed = [words for code, words in said.items() if code in one.separate]
        titles = self._titles(one.resource)
        return ui.listed([*handed, *(str(titles.get(code, code)) for code in codes)])

    def often(self, most: int, period: str) -> str:
        periods = dict(Consent.PERIODS)
        return _("at most %(n)s times %(period)s") % {"n": most, "period": periods[period]}


def changed(one: Consent, words: Words) -> str:
    """That the agreement says something else than it did when this was given; empty if not."""
    if one.revoked_at is not None:
        return ""
    said, now = consents.said_by(one), _terms_now(one, words)
    if now is None:
        return ""
    if not now:
        return _("The agreement has ended: nothing is read by it.")
    if said.get("terms") != now:
        return _("The agreement has changed since: this covers nothing any more.")
    return ""


def _terms_now(one: Consent, words: Words) -> str | None:
    """The digest of its agreement now; empty where that has ended, None where nobody here knows."""
    if offers.node_of(one.resource):
        afar: list[Offer] = [offer for offer in words.offers if offer.resource == one.resource]
        return next((offer.terms for offer in afar if offer.number == one.agreement), "")
    agreement = Agreement.objects.filter(number=one.agreement).first()
    if agreement is None:
        return None
    return "" if agreement.ended else terms.digest(agreement)


def state(one: Consent) -> ui.Chip:
    if one.revoked_at is not None:
        return ui.Chip("soft", pgettext("consent", "revoked"))
    today = legal_time.today()
    if one.valid_until < today:
        return ui.Chip("soft", pgettext("consent", "expired"))
    if consents.used(one, today) >= one.most:
        return ui.Chip("warn", _("used up for now"))
    return ui.Chip("ok", pgettext("consent", "in force"))


def used_of(one: Consent) -> str:
    """How often it has been used in the present period, as it is counted here."""
    used = consents.used(one, legal_time.today())
    return _("%(n)s of %(most)s in this period") % {"n": used, "most": one.most}


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
