"""What an arrangement says, as both sides sign it: read strictly, so that none reads it otherwise.

One resource of the giver's, for named bodies of the other side, one purpose, so many times a day,
from a day until a day, passed on to nobody.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from lingnan.kernel.exchange.federation.partners import rules
from lingnan.kernel.exchange.messages import voices
from lingnan.kernel.runtime.api import Title, read_json
from lingnan.kernel.trust.api import consents

foreign = consents.foreign
FORM, PURPOSE = "lingnan-arrangement-1", "message"
TEXTS = {
    "number": 20, "giver": 20, "asker": 20, "kind": 10, "resource": 80, "subject": 12,
    "purpose": 80, "basis": 175, "since": 10, "until": 10,
}  # fmt: skip
MAY_BE_EMPTY = {"approval": 120, "assessment": 120, "contact": 300}
TRUTHS = ("consent", "judicial")
SUBJECTS = ("person", "organisation")
MOST_BODIES, MOST_ELEMENTS, CONSUMER = 20, 40, 40


class NotADocument(ValueError):
    """A text that is no arrangement; the message says what is wrong. `fields` by the law's text."""

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


@dataclass(frozen=True)
class Said:
    """What an arrangement says.

    asker        the instance whose bodies ask; `bodies` by code their names
    anchors      by instance the root under which each side signs
    elements, resource_title, purpose_title  names in both languages (zh, en)
    consent      whether each person asked about must have consented to it
    per_day      most questions in a day, of each body
    judicial     that those who ask are courts, prosecutors or police; `approval` the number of the
                 competent authority's approval where the law needs one
    assessment   the number of the security assessment; `contact` how a person reaches the receiver
    """

    number: str
    giver: str
    asker: str
    kind: str
    anchors: Mapping[str, str]
    resource: str
    resource_title: Mapping[str, str]
    subject: str
    elements: Mapping[str, Mapping[str, str]]
    bodies: Mapping[str, str]
    purpose: str
    purpose_title: Mapping[str, str]
    basis: str
    consent: bool
    per_day: int
    since: str
    until: str
    judicial: bool = False
    approval: str = ""
    assessment: str = ""
    contact: str = ""
    onward: str = "none"
    form: str = FORM

    @property
    def text(self) -> str:
        """Canonical JSON: what is signed."""
        return str(consents.signing.canonical(asdict(self)))

    @property
    def system(self) -> str:
        return self.resource.partition(".")[0]

    @property
    def ground(self) -> str:
        """What stands as the basis of each use: so that one arrangement never does for another."""
        return f"{self.basis} · {self.number}"

    def covers(self, day: date) -> bool:
        return self.since <= day.isoformat() <= self.until

    def consumer(self, body: str) -> str:
        """Under which code a body of the other side stands in agreements, pseudonyms, evidence."""
        return f"{self.asker}/{body}"


def read(text: Any) -> Said:
    """Raises NotADocument, also where the law asks for more (`rules`)."""
    try:
        told = read_json(text)
        if not isinstance(told, dict) or set(told) != set(Said.__dataclass_fields__):
            raise NotADocument("not the fields of an arrangement")
        said = Said(**told)
    except (TypeError, ValueError) as problem:
        raise NotADocument(f"no arrangement: {problem}") from problem
    _demand(said)
    if said.text != text:
        raise NotADocument("not in canonical form")
    return said


def _demand(said: Said) -> None:
    for name, longest in TEXTS.items():
        _text(name, getattr(said, name), longest)
    for name, longest in MAY_BE_EMPTY.items():
        _text(name, getattr(said, name) or "-", longest)
    if said.form != FORM or said.onward != "none" or said.subject not in SUBJECTS:
        raise NotADocument("form, onward or subject")
    if not all(isinstance(getattr(said, name), bool) for name in TRUTHS):
        raise NotADocument("consent and judicial are yes or no")
    if type(said.per_day) is not int or not 1 <= said.per_day <= rules.MOST_A_DAY:
        raise NotADocument("per_day")
    sides = {said.giver, said.asker}
    if len(sides) < 2 or not isinstance(said.anchors, dict) or set(said.anchors) != sides:
        raise NotADocument("an arrangement is between two instances, each with its anchor")
    for anchor in said.anchors.values():
        _text("an anchor", anchor, 64)
    _dates(said)
    _names(said)
    if lacking := rules.lacking(asdict(said)):
        raise NotADocument(f"the law asks for more: {', '.join(sorted(lacking))}", lacking)


def _dates(said: Said) -> None:
    try:
        since, until = date.fromisoformat(said.since), date.fromisoformat(said.until)
    except ValueError:
        raise NotADocument("since and until are days") from None
    if until < since:
        raise NotADocument("it ends before it begins")


def _names(said: Said) -> None:
    if not isinstance(said.bodies, dict) or not 0 < len(said.bodies) <= MOST_BODIES:
        raise NotADocument("bodies")
    for code, name in said.bodies.items():
        _text("a body's code", code, CONSUMER - len(said.asker) - 1)
        _text("a body's name", name, 100)
    if not isinstance(said.elements, dict) or not 0 < len(said.elements) <= MOST_ELEMENTS:
        raise NotADocument("elements")
    titles = [said.resource_title, said.purpose_title, *said.elements.values()]
    for one in titles:
        if not isinstance(one, dict) or set(one) != {"zh", "en"}:
            raise NotADocument("a title has zh and en")
        _text("a title", one["zh"], 120)
        _text("a title", one["en"], 120)
    for code in said.elements:
        _text("an element", code, 80)


def _text(name: str, value: Any, longest: int) -> None:
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise NotADocument(f"{name} is no text of 1 to {longest} characters")


def titled(title: Title) -> dict[str, str]:
    return {"zh": title.zh, "en": title.en}


def sign(text: str, server: str) -> dict[str, str]:
    """This node's signature of a document, with the certificates above its key.

    Raises `KeyStoreUnavailable`."""
    said = json.loads(text)
    return dict(foreign.signed(said, voices.certified(server)).plain())


def signed_by(shown: Any, text: str, anchor: str) -> bool:
    """Whether the side whose root this is has signed exactly this text."""
    try:
        told = foreign.Shown.read(shown)
        foreign.said(told, [anchor], PURPOSE)
    except foreign.NotGenuine:
        return False
    return bool(told.document == text)
