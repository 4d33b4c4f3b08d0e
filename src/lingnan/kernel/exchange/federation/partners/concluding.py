"""The life of an arrangement at one side: written and signed by two people, signed by the other
side, in force; suspended or ended by one person at once.

The giver's agreements follow from it: one for each body that may ask, as long as it is in force.
"""

from datetime import date
from typing import Any

from django.db import transaction

from lingnan.kernel.exchange import agreements
from lingnan.kernel.exchange.federation import own
from lingnan.kernel.exchange.federation.partners import directories, documents, duties
from lingnan.kernel.exchange.federation.partners.documents import Said
from lingnan.kernel.exchange.federation.partners.models import Arrangement, Partner
from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.runtime.api import action, keys, legal_time
from lingnan.kernel.trust.api import Actor, node_evidence

LIVE = ("draft", "proposed", "received", "reviewed", "in_force")
DECIDING = {"draft": "proposed", "reviewed": "in_force"}
"""What the head's signature makes of a state."""


class NotPossible(ValueError):
    """`why`: partner, state, same (who wrote it may not sign it)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def new_number() -> str:
    return f"AZ-{keys.veil(keys.new_key(), 'exchange.arrangement')[:12].upper()}"


def draft(said: Said, who: Actor) -> Arrangement:
    """The giver's text, not signed yet. Raises NotPossible, documents.NotADocument."""
    partner = directories.in_force(said.asker)
    here = own.membership()
    mine = said.giver == here.instance and said.anchors.get(here.instance) == here.anchor
    if partner is None or not mine or said.anchors.get(partner.instance) != partner.anchor:
        raise NotPossible("partner")
    documents.read(said.text)
    _witness("drafted", said.number, who.signature, {"partner": partner.instance})
    with action(by=who.signature, reason="an arrangement is written") as act:
        made = act.create(
            Arrangement, number=said.number, partner=partner.instance, giver=said.giver,
            document=said.text, state="draft", author=who.account,
        )  # fmt: skip
        duties.turn(made, who.signature)
    return made


def review(one: Arrangement, who: Actor) -> Arrangement:
    """An official of the asking side has read it and leaves it to the head. Raises NotPossible."""
    _demand(one, "received")
    return _changed(one, "reviewed", who.signature, state="reviewed", author=who.account)


def sign(one: Arrangement, who: Actor) -> Arrangement:
    """The head signs for this side: the giver proposes it, the asking side accepts it. Raises
    NotPossible, also for who wrote or reviewed it; `KeyStoreUnavailable`."""
    _demand(one, *DECIDING)
    if one.author == who.account:
        raise NotPossible("same")
    shown = documents.sign(one.document, own.membership().server)
    state = DECIDING[one.state]
    word = "proposed" if state == "proposed" else "accepted"
    return _changed(one, word, who.signature, state=state, ours=shown, signed_by=who.signature,
                    unsaid=[*one.unsaid, word])  # fmt: skip


def decline(one: Arrangement, who: Actor, why: str) -> Arrangement:
    """The asking side says no. Raises NotPossible."""
    _demand(one, "received", "reviewed")
    return _changed(one, "declined", who.signature, state="declined", why=why[:200],
                    unsaid=[*one.unsaid, "declined"])  # fmt: skip


def hold(one: Arrangement, by: str, why: str) -> Arrangement:
    """Nothing is asked or answered until it is resumed; at once. Raises NotPossible."""
    _demand(one, "in_force")
    return _changed(one, "held", by, held_here=True, why=why[:200], unsaid=[*one.unsaid, "held"])


def resume(one: Arrangement, who: Actor) -> Arrangement:
    """Raises NotPossible."""
    _demand(one, "in_force")
    return _changed(one, "resumed", who.signature, held_here=False, why="",
                    unsaid=[*one.unsaid, "resumed"])  # fmt: skip


def over(one: Arrangement, by: str, why: str, tell: bool = True) -> Arrangement:
    """Ended for good, by one person and at once; who consented under it is told."""
    if one.state not in LIVE:
        return one
    said = tell and one.state != "draft"
    done = _changed(one, "over", by, state="over", why=why[:200],
                    unsaid=[*one.unsaid, "over"] if said else [])  # fmt: skip
    for agreement in of_arrangement(done):
        agreements.end(agreement, by)
    return done


# --- what the other side says


def came(partner: Partner, word: str, told: dict[str, Any]) -> Arrangement:
    """A word of the other side about an arrangement; said twice, it changes nothing.

    Raises ValueError on what it may not say, NotADocument, EvidenceUnavailable.
    """
    number = str(told.get("number", ""))[:20]
    one = Arrangement.objects.filter(number=number).first()
    if one is None and word == "proposed":
        return _received(partner, told)
    if one is None or one.partner != partner.instance:
        raise ValueError(f"no arrangement {number} with {partner.instance}")
    by, why = partner.instance, str(told.get("why", ""))[:200]
    if word == "proposed" and one.document == told.get("document"):
        return one
    if word == "accepted" and one.state in ("proposed", "in_force"):
        return _accepted(partner, one, told)
    if word == "declined" and one.state in ("proposed", "declined"):
        return _changed(one, "declined_there", by, state="declined", why=why)
    if word in ("held", "resumed") and one.state == "in_force":
        return _changed(one, f"{word}_there", by, held_there=word == "held", why=why)
    if word == "over":
        return over(one, by, why, tell=False)
    raise ValueError(f"{word} does not fit an arrangement that is {one.state}")


def _received(partner: Partner, told: dict[str, Any]) -> Arrangement:
    said, shown = documents.read(told.get("document")), told.get("signature")
    here = own.membership()
    fits = said.giver == partner.instance and said.asker == here.instance
    anchors = {partner.instance: partner.anchor, here.instance: here.anchor}
    if not fits or said.kind != partner.kind or said.anchors != anchors:
        raise ValueError("the arrangement is not between the two, or not of this kind")
    if not documents.signed_by(shown, said.text, partner.anchor):
        raise ValueError("the arrangement is not signed by who proposes it")
    _witness("received", said.number, partner.instance, {"partner": partner.instance})
    with action(by=partner.instance, reason="an arrangement is proposed") as act:
        made = act.create(
            Arrangement, number=said.number, partner=partner.instance, giver=said.giver,
            document=said.text, theirs=shown, state="received",
        )  # fmt: skip
        duties.turn(made, partner.instance)
    return made


def _accepted(partner: Partner, one: Arrangement, told: dict[str, Any]) -> Arrangement:
    shown = told.get("signature")
    if not documents.signed_by(shown, one.document, partner.anchor):
        raise ValueError("the arrangement is not signed by who accepts it")
    if one.state == "in_force":
        return one
    with transaction.atomic():
        done = _changed(one, "in_force", partner.instance, state="in_force", theirs=shown)
        agreed(done)
    return done


def agreed(one: Arrangement) -> None:
    """The giver's: what each body of the other side may ask, as every body's agreement says it."""
    said = documents.read(one.document)
    for place, body in enumerate(sorted(said.bodies), 1):
        agreements.conclude(
            f"{one.number}-{place}", said.resource, said.consumer(body), said.purpose, said.ground,
            sorted(said.elements), one.signed_by, date.fromisoformat(said.until), said.consent,
            rate=f"{said.per_day} uses/day",
        )  # fmt: skip


def of_arrangement(one: Arrangement) -> list[Agreement]:
    rows = Agreement.objects.filter(number__startswith=f"{one.number}-", ended=False)
    return list(rows.order_by("number"))


def is_open(one: Arrangement) -> bool:
    """Whether it lets anything through at this moment, as this side knows it."""
    held = one.held_here or one.held_there
    return (
        one.state == "in_force"
        and not held
        and documents.read(one.document).covers(legal_time.today())
    )


def said(one: Arrangement, words: int) -> Arrangement:
    """The other side has acknowledged so many of the words."""
    now = Arrangement.objects.get(key=one.key)
    with action(by="node", reason="the other side has heard") as act:
        return act.change(now, unsaid=list(now.unsaid)[words:])


def _demand(one: Arrangement, *states: str) -> None:
    if one.state not in states or directories.in_force(one.partner) is None:
        raise NotPossible("state")


def _changed(one: Arrangement, word: str, by: str, **values: Any) -> Arrangement:
    """The evidence first."""
    told = {"partner": one.partner} | ({"why": values["why"]} if values.get("why") else {})
    _witness(word, one.number, by, told)
    with action(by=by[:200], reason=f"arrangement {word}") as act:
        changed = act.change(one, **values)
        duties.turn(changed, by)
    return changed


def _witness(word: str, number: str, by: str, told: dict[str, str]) -> None:
    said = {"arrangement": number, "actor": by, **told}
    said |= {"legal_time": legal_time.now().isoformat()}
    node_evidence.write([node_evidence.entry(f"arrangement.{word}", said, [], number)])
