"""Passkeys: what a device has signed opens the account, and what differs in anything does not."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.trust.api import counts
from lingnan.kernel.trust.models import Credential
from lingnan.kernel.trust.signin import passkeys
from tests.signin.authenticator import PRESENT, Passkey
from tests.signin.real import PASSWORD, Visitor, account, written

pytestmark = pytest.mark.django_db


def options(visitor: Visitor, url: str = "/signin/passkey/options/") -> dict[str, Any]:
    assert visitor.post(url) == 200, visitor.leads
    found: dict[str, Any] = json.loads(visitor.answer.content)
    return found


def add(visitor: Visitor, name: str = "laptop", device: Passkey | None = None) -> Passkey:
    made = device or Passkey()
    answer = made.made(options(visitor, "/account/passkey/options/"))
    visitor.post("/account/passkey/", name=name, answer=answer)
    return made


def enter(visitor: Visitor, device: Passkey, **more: str) -> int:
    return visitor.post("/signin/passkey/", answer=device.signed(options(visitor)), **more)


def owner_with_passkey() -> tuple[Visitor, Passkey]:
    visitor = Visitor()
    visitor.sign_in()
    device = add(visitor)
    assert visitor.leads == "/account/"
    return visitor, device


def test_a_passkey_signs_in_at_the_highest_level_without_a_name() -> None:
    who = account()
    _, device = owner_with_passkey()
    visitor = Visitor()
    asked = options(visitor)
    assert asked["userVerification"] == "required" and not asked.get("allowCredentials")
    assert enter(visitor, device, next="/cases/") == 302 and visitor.leads == "/cases/"
    said = written(who, "trust.signin")[0]
    assert (said["method"], said["level"]) == ("passkey", 3)
    visitor.get("/account/")
    assert "laptop" in visitor.page and "3 / 3" in visitor.page


def test_what_a_device_is_told_names_nobody() -> None:
    who = account()
    visitor = Visitor()
    visitor.sign_in()
    told = options(visitor, "/account/passkey/options/")
    assert told["authenticatorSelection"]["userVerification"] == "required"
    assert told["authenticatorSelection"]["residentKey"] == "required"
    assert told["attestation"] == "none"
    assert str(who.key) not in json.dumps(told)


WRONG = {
    "another site": {"site": "evil.example"},
    "another origin": {"origin": "http://evil.example"},
    "nobody verified": {"flags": PRESENT},
    "nobody present": {"flags": 0},
    "another key": {"key": Passkey().key},
    "an unknown passkey": {"identifier": b"x" * 32},
    "another person": {"user": b"y" * 16},
}


@pytest.mark.parametrize("what", WRONG)
def test_refused_at_signing_in(what: str) -> None:
    account()
    _, device = owner_with_passkey()
    for name, value in WRONG[what].items():
        setattr(device, name, value)
    visitor = Visitor()
    assert enter(visitor, device) == 422 and "was not accepted" in visitor.page
    assert not visitor.inside


@pytest.mark.parametrize("what", ["another site", "another origin", "nobody verified"])
def test_refused_at_adding(what: str) -> None:
    who, visitor = account(), Visitor()
    visitor.sign_in()
    add(visitor, device=Passkey(**WRONG[what]))
    assert visitor.answer.status_code == 422 and "was not made" in visitor.page
    assert not Credential.objects.filter(account=who.key).exists()
    assert 'value="laptop"' in visitor.page, "the name that was typed is kept"


def test_a_count_that_does_not_grow_means_a_copy() -> None:
    who = account()
    _, device = owner_with_passkey()
    assert enter(Visitor(), device) == 302
    device.count = 0
    visitor = Visitor()
    assert enter(visitor, device) == 422 and not visitor.inside
    assert written(who, "trust.signin_failed")[0]["why"] == "passkey: refused"
    device.count = 7
    assert enter(visitor, device) == 302


def test_an_answer_serves_once_and_for_its_own_session() -> None:
    account()
    _, device = owner_with_passkey()
    visitor, thief = Visitor(), Visitor()
    answer = device.signed(options(visitor))
    options(thief)
    assert thief.post("/signin/passkey/", answer=answer) == 422
    assert visitor.post("/signin/passkey/", answer=answer) == 302
    visitor.post("/signout/")
    assert visitor.post("/signin/passkey/", answer=answer) == 422


def test_an_old_question_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    account()
    _, device = owner_with_passkey()
    monkeypatch.setattr(passkeys, "PATIENCE", -1.0)
    assert enter(Visitor(), device) == 422


def test_one_passkey_belongs_to_one_account() -> None:
    account()
    _, device = owner_with_passkey()
    account("lam.dai", "林大")
    other = Visitor()
    other.sign_in("lam.dai")
    add(other, device=device)
    assert other.answer.status_code == 422


def test_several_with_names_and_the_last_one_stays() -> None:
    who = account()
    visitor, first = owner_with_passkey()
    add(visitor, "phone")
    told = options(visitor, "/account/passkey/options/")
    assert len(told["excludeCredentials"]) == 2
    visitor.get("/account/")
    found = re.findall(r'name="credential" value="(\w+)"', visitor.page)
    assert len(found) == 2 and "laptop" in visitor.page and "phone" in visitor.page
    assert visitor.post("/account/remove/", credential=found[0]) == 302
    assert enter(Visitor(), first) == 422, "what was removed opens nothing"
    visitor.post("/account/remove/", credential=found[1])
    assert Credential.objects.get(account=who.key).name == "phone"
    assert written(who, "trust.credential_removed")[0]["name"] == "laptop"


def test_a_password_alone_is_led_to_the_passkey() -> None:
    account()
    _, device = owner_with_passkey()
    visitor = Visitor()
    assert visitor.sign_in(password=PASSWORD) == 302
    assert visitor.get("/account/password/") == 302 and "need=3" in visitor.leads
    visitor.get(visitor.leads)
    assert "data-passkey" in visitor.page and 'name="again"' in visitor.page
    assert enter(visitor, device, again="1", next="/account/password/") == 302
    assert visitor.leads == "/account/password/" and visitor.get(visitor.leads) == 200
    assert "Present password" not in visitor.page, "more than a password was proved"


def test_another_ones_passkey_confirms_nothing() -> None:
    account()
    _, device = owner_with_passkey()
    account("lam.dai", "林大")
    visitor = Visitor()
    visitor.sign_in("lam.dai")
    assert enter(visitor, device, again="1") == 422 and "another account" in visitor.page
    visitor.get("/account/")
    assert "1 / 3" in visitor.page


def test_an_address_of_digits_says_that_it_cannot(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    account()
    visitor = Visitor()
    visitor.sign_in()
    for url in ("/signin/passkey/", "/account/passkey/"):
        visitor.get(url, HTTP_HOST="127.0.0.1:8011")
        assert "need a name in the address bar" in visitor.page, url
        assert "data-passkey" not in visitor.page


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda data: data.decode("latin-1")))
def test_any_answer_is_answered(answer: str) -> None:
    counts.forget()
    visitor = Visitor()
    options(visitor)
    said = visitor.client.post("/signin/passkey/", {"answer": answer.replace("\x00", "")})
    assert said.status_code == 422


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "rawId", "type", "response", "userHandle"]), inner),
    max_leaves=8,
))  # fmt: skip
def test_any_json_is_answered(said: Any) -> None:
    counts.forget()
    visitor = Visitor()
    options(visitor)
    answer = visitor.client.post("/signin/passkey/", {"answer": json.dumps(said)})
    assert answer.status_code == 422
