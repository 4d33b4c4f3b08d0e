"""Consents across nodes: shown signed, judged and counted by the holder, asked for anew.

One node stands for both here, without the wire between them.
"""

from datetime import date
from typing import Any

import pytest

from lingnan.kernel.exchange import elsewhere, gateway, outward
from lingnan.kernel.exchange.api import (
    Agreement,
    Denied,
    Use,
    afar,
    conclude,
    give,
    introduce,
    terms,
)
from lingnan.kernel.exchange.outward import Question, Said
from lingnan.kernel.trust.api import (
    Consent,
    actor_of,
    consents,
    key_authorities,
    key_certificates,
    key_profiles,
)
from lingnan.kernel.trust.api import Name as CommonName
from lingnan.standards.xroad import Identifier
from tests.kernel import uses
from tests.kernel.uses import FIRE, key_of, resident

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
foreign = consents.foreign
HOME, BASIS = (
    "CN-GD/GOV/gd-440000-data/province",
    "《个人信息保护法》（2021-08-20）第十三条第一款第一项",
)
ELEMENTS = ("business.name", "business.premises")
MARKET = Identifier("CN-GD", "GOV", "gd-440000-market", "legal_persons")


def use(**changes: Any) -> Use:
    plain = {"resource": uses.BUSINESSES, "consumer": FIRE, "purpose": "a_test", "basis": BASIS,
             "case": "far-case", "elements": ELEMENTS,
             "subjects": (introduce(resident().subject, to=FIRE),),
             "deadline": 30.0}  # fmt: skip
    return uses.identity(**(plain | changes))


def given(digest: str, most: int = 2, **changes: Any) -> Consent:
    who = actor_of(resident())
    assert who is not None
    plain: dict[str, Any] = {
        "giver": who.subject, "giver_kind": "person", "body": "gd-440000-fire",
        "resource": uses.BUSINESSES, "purpose": "a_test", "basis": BASIS, "elements": ELEMENTS,
        "most": most, "period": "day", "valid_until": date(2026, 6, 30), "agreement": "N2-C",
        "terms": digest, "separate": [consents.HANDING_ON],
    }  # fmt: skip
    return consents.give(consents.Wish(**(plain | changes)), who)


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> Agreement:
    """This node as holder's and giver's at once: the same judgement, without the wire."""
    made = conclude("N2-C", uses.BUSINESSES, "gd-440000-fire", "a_test", BASIS, ELEMENTS, "a test",
                    consent=True)  # fmt: skip
    conclude("N2-D", uses.BUSINESSES, "gd-440000-fire", "b_test", BASIS, ELEMENTS, "a test",
             consent=True)  # fmt: skip
    services = Identifier("CN-GD", "GOV", "gd-440000-data", "exchange")
    there = elsewhere.Node(HOME, services, foreign.root_digest())
    monkeypatch.setattr(elsewhere, "node", lambda server: there if server == HOME else None)
    monkeypatch.setattr(elsewhere, "home_here", lambda system: MARKET)
    monkeypatch.setattr(elsewhere, "holds", lambda asks, system: asks == MARKET)
    afar.register(HOME, "a test")

    def answered(question: Question, deadline: float) -> Said:
        return Said(200, {"answer": afar.standing(dict(question.body), question.client)})

    monkeypatch.setattr(outward, "ask", answered)
    return made


def told(shown: Any, county: str = "440103", **changes: Any) -> str:
    """Why a holder denies a use with what is shown; empty where it answers."""
    account = resident(county)
    wanted = use(subjects=(introduce(account.subject, to=FIRE),), **changes)
    key = key_of(account)
    known = {wanted.subjects[0]: give("person", "legal_persons", [key])[key]}
    try:
        gateway.answer_shown(wanted, known, {wanted.subjects[0]: shown})
    except Denied as denied:
        return denied.detail
    return ""


def test_what_was_shown_is_not_believed_for_more_than_it_says(both: Agreement) -> None:
    one = given(terms.digest(both), most=1)
    good = foreign.of_consent(one).plain()
    text = consents.said_by(one)
    system = key_certificates.kept_for(
        "a-department", CommonName("Lingnan 授权签名 consents", "某部门"), key_profiles.SYSTEM,
        key_authorities.PROVINCE,
    )  # fmt: skip

    def signed(**changes: Any) -> dict[str, str]:
        return foreign.signed(dict(text) | changes).plain()

    more = foreign.signed({"x": 1}).plain()
    enlarged = good["document"].replace('"most":1', '"most":9')
    for what, shown, changes in (
        ("nothing was shown", None, {}),
        ("does not hold", good | {"document": enlarged}, {}),
        ("does not hold", good | {"signature": more["signature"]}, {}),
        ("canonical", good | {"document": good["document"] + " "}, {}),
        ("another use", good, {"purpose": "b_test"}),
        ("no consent", good | {"chain": _pem(system)}, {}),
        ("not in force", signed(valid_until="2026-03-01"), {}),
        ("not in force", signed(given_at="2026-12-01T00:00:00+08:00"), {}),
        ("another text", signed(terms="0" * 64), {}),
        ("does not cover", signed(elements=["business.name"]), {}),
        ("does not cover", signed(separate=[]), {}),
        ("does not hold", signed(number="SQ-NONE"), {}),
        ("not a consent", more, {}),
    ):
        assert what in told(shown, **changes), what
    assert told(good) == ""
    assert "used up" in told(good)  # replayed
    second = given(terms.digest(both), most=9)
    shown = foreign.of_consent(second).plain()
    assert "does not hold" in told(shown, county="440106")  # somebody else's consent
    assert told(shown) == ""
    afar.stop(foreign.root_digest(), "a test")
    assert "not registered" in told(shown)


def _pem(of: Any) -> str:
    return foreign._pem([of.certificate, *of.chain])
