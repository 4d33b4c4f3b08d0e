"""A password alone, with an authenticator, and with a code on paper."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from lingnan.kernel.trust.models import Credential
from lingnan.kernel.trust.signin import pages_in
from tests.people import Person
from tests.signin.real import ANOTHER, PASSWORD, Visitor, account, written

pytestmark = pytest.mark.django_db


def test_a_password_signs_in_at_level_one() -> None:
    who, visitor = account(), Visitor()
    assert visitor.sign_in() == 302 and visitor.leads == "/"
    said = written(who, "trust.signin")[0]
    assert (said["method"], said["level"], said["network"]) == ("password", 1, "203.0.113.*")
    visitor.get("/account/")
    assert "1 / 3" in visitor.page and "Firefox · Windows" in visitor.page


def test_invented_people_count_as_known_at_the_highest_level() -> None:
    person = Person("resident-440103", "en")
    person.get("/account/")
    assert "3 / 3" in person.said and "invented person" in person.said
    assert person.client.get("/account/password/").status_code == 200


def test_an_authenticator_is_asked_for_after_the_password() -> None:
    who, visitor = account(), Visitor()
    visitor.sign_in()
    device = visitor.set_up_authenticator()
    other = Visitor()
    assert other.sign_in(next="/cases/") == 302 and other.leads == "/signin/code/"
    assert not other.inside, "the password alone opens nothing"
    assert other.post("/signin/code/", code=device.shows(0)) == 422, "it was used to set it up"
    assert other.post("/signin/code/", code="000000") in (422,)
    assert other.post("/signin/code/", code=device.shows(1)) == 302
    assert other.leads == "/cases/" and other.inside
    assert written(who, "trust.signin")[0]["level"] == 2


def test_what_an_authenticator_showed_once_never_holds_again() -> None:
    account()
    visitor = Visitor()
    visitor.sign_in()
    device = visitor.set_up_authenticator()
    code = device.shows(1)
    first, second = Visitor(), Visitor()
    for one in (first, second):
        one.sign_in()
    assert first.post("/signin/code/", code=code) == 302
    assert second.post("/signin/code/", code=code) == 422 and not second.inside


def test_a_seed_is_kept_sealed_and_opens_for_its_own_account_alone() -> None:
    from lingnan.kernel.trust.api import KeyStoreUnavailable
    from lingnan.kernel.trust.signin import sealing

    who, visitor = account(), Visitor()
    visitor.sign_in()
    device = visitor.set_up_authenticator()
    row = Credential.objects.get(account=who.key, kind="totp")
    assert device.seed not in bytes(row.secret)
    assert sealing.unseal(bytes(row.secret), who.key, row.key) == device.seed
    with pytest.raises(KeyStoreUnavailable):
        sealing.unseal(bytes(row.secret), who.key + 1, row.key)


def test_a_wrong_code_sets_nothing_up() -> None:
    who, visitor = account(), Visitor()
    visitor.sign_in()
    visitor.get("/account/authenticator/")
    assert visitor.post("/account/authenticator/", name="phone", code="123456") in (422,)
    assert not Credential.objects.filter(account=who.key).exists()
    assert visitor.post("/account/authenticator/", name="", code="") == 422


def test_the_step_after_the_password_does_not_wait_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account()
    visitor = Visitor()
    visitor.sign_in()
    device = visitor.set_up_authenticator()
    other = Visitor()
    other.sign_in()
    monkeypatch.setattr(pages_in, "PATIENCE", -1.0)
    assert other.post("/signin/code/", code=device.shows(1)) == 302 and other.leads == "/signin/"


def test_codes_cannot_be_guessed_on() -> None:
    account()
    visitor = Visitor()
    visitor.sign_in()
    device = visitor.set_up_authenticator()
    other = Visitor("203.0.113.8")
    other.sign_in()
    said = [other.post("/signin/code/", code=f"{n:06d}") for n in range(11)]
    assert said == [422] * 10 + [429]
    assert int(other.answer.headers["Retry-After"]) > 0
    assert other.post("/signin/code/", code=device.shows(1)) == 429, "the right one as well"


def test_the_answer_does_not_say_whether_there_is_such_a_name() -> None:
    account()
    visitor = Visitor()

    def plain(login: str) -> tuple[int, str]:
        status = visitor.sign_in(login, "wrong")
        return status, re.sub(r'value="[^"]*"', "", visitor.page)

    assert plain("chan.siuming") == plain("nobody.at.all")

    def lost(login: str) -> tuple[int, str]:
        status = visitor.post("/signin/recover/", login=login, code="1-AAAA-BBBB-CCCC")
        return status, re.sub(r'value="[^"]*"', "", visitor.page)

    assert lost("chan.siuming") == lost("nobody.at.all")


def test_a_recovery_code_signs_in_once_and_sets_another_password() -> None:
    who, visitor = account(), Visitor()
    visitor.sign_in()
    visitor.set_up_authenticator()
    codes = visitor.recovery_codes()
    assert len(set(codes)) == 10
    stored = [bytes(c.secret).decode() for c in Credential.objects.filter(kind="recovery_code")]
    assert all(one.startswith("argon2$") for one in stored)
    lost = Visitor()
    assert lost.post("/signin/recover/", login=who.login, code=codes[3].lower()) == 302
    assert (
        written(who, "trust.signin")[0] | {"level": 2, "method": "recovery_code"}
        == written(who, "trust.signin")[0]
    )
    assert lost.post("/account/password/", new=ANOTHER, repeated=ANOTHER) == 302
    assert not visitor.inside, "the other session has ended"
    again = Visitor()
    assert again.post("/signin/recover/", login=who.login, code=codes[3]) == 422
    assert again.sign_in(password=PASSWORD) == 401
    assert again.sign_in(password=ANOTHER) == 302 and again.leads == "/signin/code/"
    assert again.post("/signin/code/", code=codes[4]) == 302 and again.inside


def test_new_codes_end_the_old_ones() -> None:
    who, visitor = account(), Visitor()
    visitor.sign_in()
    old = visitor.recovery_codes()
    new = visitor.recovery_codes()
    other = Visitor()
    assert other.post("/signin/recover/", login=who.login, code=old[0]) == 422
    assert other.post("/signin/recover/", login=who.login, code=new[0]) == 302


def test_the_last_strong_credential_stays() -> None:
    who, visitor = account(), Visitor()
    visitor.sign_in()
    visitor.set_up_authenticator()
    assert visitor.post("/account/remove/", credential=removal(visitor)) == 302
    visitor.get("/account/")
    assert "add another one first" in visitor.page
    assert Credential.objects.filter(account=who.key).count() == 1


def removal(visitor: Visitor) -> str:
    visitor.get("/account/")
    found = re.search(r'name="credential" value="(\w+)"', visitor.page)
    assert found, visitor.page
    return found[1]


def test_another_ones_credential_is_not_there() -> None:
    account()
    visitor, other = Visitor(), Visitor()
    visitor.sign_in()
    visitor.set_up_authenticator()
    reference = removal(visitor)
    account("lam.dai", "林大")
    other.sign_in("lam.dai")
    assert other.post("/account/remove/", credential=reference) == 404
    assert other.post("/account/remove/", credential="x") == 404


def test_cookies_and_the_name_of_a_session() -> None:
    account()
    visitor = Visitor()
    visitor.post("/signin/passkey/options/")
    before = visitor.client.cookies["sessionid"].value
    visitor.sign_in()
    cookie = visitor.client.cookies["sessionid"]
    assert cookie.value != before, "a session that somebody else may know of is not signed in"
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_a_noughtsign_and_nonsense_are_answered() -> None:
    visitor = Visitor()
    for url in ("/signin/code/", "/signin/passkey/", "/signin/certificate/", "/signin/recover/",
                "/signin/ticket/", "/signin/ticket/password/"):  # fmt: skip
        assert visitor.post(url) in (302, 422), url
        assert visitor.post(url, answer="{", signature="x", code="\ud7ff", login="é" * 500) < 500
    assert Client().post("/signin/recover/", {"login": "a\x00", "code": "b"}).status_code == 400


def test_nobody_is_signed_in_without_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    from lingnan.kernel.trust.api import EvidenceUnavailable, node_evidence

    account()

    def refuse(entries: Any) -> Any:
        raise EvidenceUnavailable("planted")

    monkeypatch.setattr(node_evidence, "write", refuse)
    visitor = Visitor()
    assert visitor.sign_in() == 503 and not visitor.inside


def test_what_is_sealed_is_unreadable_in_the_database() -> None:
    """Neither a seed nor a recovery code stands anywhere in the database's rows."""
    who, visitor = account(), Visitor()
    visitor.sign_in()
    visitor.set_up_authenticator()
    codes = visitor.recovery_codes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM trust_credential WHERE account = %s", [who.key])
        kept = b"".join(bytes(row[0]) for row in cursor.fetchall())
    assert kept and all(code.encode() not in kept for code in codes)
