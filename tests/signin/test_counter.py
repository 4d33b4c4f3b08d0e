"""Coming back with a document: the official opens a way, the person goes it alone."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import Account
from lingnan.kernel.trust.models import CounterTicket, Credential
from lingnan.kernel.trust.signin import counter, standing
from tests.people import Person
from tests.signin.real import ADDRESS, ANOTHER, PASSWORD, Visitor, account, written

pytestmark = pytest.mark.django_db
CLERK = "440103-police-records_officer"
SAID = {"login": "chan.siuming", "name": "陈小明", "document": "identity_card", "compared": "1"}


def clerk(login: str = CLERK, address: str = ADDRESS) -> Visitor:
    visitor = Visitor(address, "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 of the counter")
    assert visitor.post("/signin/", demonstration=login) == 302
    return visitor


def opened(official: Visitor, purpose: str = "recover", **changes: str) -> str:
    """The code that the official's page shows."""
    assert official.post("/desk/counter/", **(SAID | {"purpose": purpose} | changes)) == 200
    found = re.search(r'<code class="id">([A-Z0-9-]{14})</code>', official.page)
    assert found, official.page
    return found[1]


def strong(who: Account) -> None:
    """Give the account a passkey, as far as levels go."""
    Credential.objects.create(
        key=keys.new_key(), account=who.key, kind="passkey", name="key", handle="0" * 64,
        secret=b"[]", added_at=timezone.now(),
    )  # fmt: skip


def test_an_account_without_a_strong_credential_is_recovered_at_once() -> None:
    who, official, phone, old = account(), clerk(), Visitor("198.51.100.9"), Visitor()
    old.sign_in()
    old.recovery_codes()
    code = opened(official)
    assert phone.post("/signin/ticket/", ticket=f" {code.lower().replace('-', ' ')} ") == 302
    assert phone.leads == "/signin/ticket/password/"
    assert phone.post(phone.leads, new="short", repeated="short") == 422
    assert phone.post("/signin/ticket/password/", new=ANOTHER, repeated=ANOTHER) == 302
    assert phone.leads == "/account/" and phone.inside and not old.inside
    assert Visitor().sign_in(password=PASSWORD) == 401
    assert Visitor().sign_in(password=ANOTHER) == 302
    assert not Credential.objects.filter(account=who.key).exists()
    steps = ("trust.counter_opened", "trust.counter_redeemed", "trust.recovery_chosen",
             "trust.recovered")  # fmt: skip
    for kind in steps:
        assert "440103-police" in written(who, kind)[0]["by"], kind
    assert written(who, "trust.counter_opened")[0]["document"] == "identity_card"
    assert phone.get("/account/recovery-codes/") == 200, "who has come back may set up anew"
    phone.get("/account/")
    assert "An official opened a way at a counter" in phone.page and "440103-police" in phone.page


def test_the_official_learns_no_password_and_cannot_use_the_code() -> None:
    official = clerk()
    account()
    code = opened(official)
    assert official.post("/signin/ticket/", ticket=code) == 422
    assert "own browser" in official.page
    official.post("/signout/")
    second = clerk()
    assert second.post("/signin/ticket/", ticket=code) == 422, "another session of the official"
    other = clerk("440103-police-clerk")
    assert other.post("/signin/ticket/", ticket=code) == 422 and "signed in here" in other.page
    signed_out = clerk()
    signed_out.post("/signout/")
    assert signed_out.post("/signin/ticket/", ticket=code) == 422, "the same machine, signed out"
    assert Visitor().post("/signin/ticket/", ticket=code) == 302, "and it is not spent by that"


def test_the_code_serves_once_in_one_browser_for_half_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account()
    official, phone, thief = clerk(), Visitor(), Visitor()
    code = opened(official)
    assert phone.post("/signin/ticket/", ticket=code) == 302
    assert thief.post("/signin/ticket/", ticket=code) == 422 and "not known" in thief.page
    assert thief.get("/signin/ticket/password/") == 302 and thief.leads == "/signin/ticket/"
    first, second = opened(official), opened(official)
    assert phone.get("/signin/ticket/password/") == 302, "a new code ends the one before"
    assert Visitor().post("/signin/ticket/", ticket=first) == 422
    monkeypatch.setattr(counter, "VALID", timedelta(0))
    assert Visitor().post("/signin/ticket/", ticket=second) == 422


def test_with_a_strong_credential_it_waits_a_day_and_its_owner_can_stop_it() -> None:
    who, phone, owner = account(), Visitor("198.51.100.9"), Visitor()
    strong(who)
    phone.post("/signin/ticket/", ticket=opened(clerk()))
    assert phone.post("/signin/ticket/password/", new=ANOTHER, repeated=ANOTHER) == 200
    assert "waits a day" in phone.page and not phone.inside
    assert Visitor().sign_in(password=ANOTHER) == 401
    assert owner.sign_in(next="/cases/") == 302 and owner.leads == "/account/", "told first"
    owner.get("/account/")
    assert "asked for a new password" in owner.page and "440103-police" in owner.page
    assert owner.post("/account/recovery/stop/") == 302
    move_on(who)
    assert Visitor().sign_in(password=ANOTHER) == 401
    assert Visitor().sign_in(password=PASSWORD) == 302
    assert written(who, "trust.recovery_stopped")
    assert CounterTicket.objects.get(account=who.key).password == "", "nothing of it is kept"


def move_on(who: Account) -> None:
    """A day goes by."""
    rows = CounterTicket.objects.filter(account=who.key, state="waiting")
    rows.update(due_at=timezone.now() - timedelta(seconds=1))


def test_after_a_day_the_new_password_holds_and_all_else_ends() -> None:
    who, phone, owner = account(), Visitor(), Visitor()
    strong(who)
    owner.sign_in()
    phone.post("/signin/ticket/", ticket=opened(clerk()))
    phone.post("/signin/ticket/password/", new=ANOTHER, repeated=ANOTHER)
    assert owner.inside
    move_on(who)
    assert Visitor().sign_in(password=ANOTHER) == 302
    assert not owner.inside and not Credential.objects.filter(account=who.key).exists()
    assert owner.sign_in(password=PASSWORD) == 401


REFUSED = {
    "another name": {"name": "陈大明"},
    "an unknown account": {"login": "nobody"},
    "an official": {"login": "440103-market-clerk", "name": ""},
    "not compared": {"compared": ""},
    "no document": {"document": "library_card"},
    "no purpose": {"purpose": "password"},
}


@pytest.mark.parametrize("what", REFUSED)
def test_nothing_is_opened_for(what: str) -> None:
    account()
    changes: dict[str, Any] = dict(REFUSED[what])
    if changes.get("name") == "":
        changes["name"] = Account.objects.get(login=changes["login"]).name
    official = clerk()
    assert official.post("/desk/counter/", **(SAID | {"purpose": "recover"} | changes)) == 422
    assert not CounterTicket.objects.exists()
    assert "chan.siuming" in official.page or "login" in changes, "what was typed is kept"


def test_only_officials_of_a_counter_open_a_way() -> None:
    for login in ("resident-440103", "440103-market-clerk", "440103-police-head"):
        assert Person(login).client.get("/desk/counter/").status_code == 403, login
    assert Person("440103-police-clerk").client.get("/desk/counter/").status_code == 200


def test_an_official_comes_back_by_the_head_of_the_own_body_alone() -> None:
    lost = Account.objects.get(login="440103-market-reviewer")
    said = SAID | {"login": lost.login, "name": lost.name}
    other = clerk("440106-market-head")
    assert other.post("/desk/colleagues/", **said) == 422
    head = clerk("440103-market-head")
    own = Account.objects.get(login="440103-market-head")
    assert head.post("/desk/colleagues/", **(said | {"login": own.login, "name": own.name})) == 422
    assert head.post("/desk/colleagues/", **said) == 200
    assert CounterTicket.objects.get().account == lost.key


def test_codes_of_counters_cannot_be_guessed_on() -> None:
    phone = Visitor()
    phone.get("/signin/ticket/")
    said = [phone.post("/signin/ticket/", ticket=f"AAAA-BBBB-CC{n:02d}") for n in range(11)]
    assert said == [422] * 10 + [429]


# Help at the counter.


def test_help_at_a_counter_is_short_marked_and_bound_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    who, official = account(), clerk()
    code = opened(official, "assist")
    elsewhere = Visitor("198.51.100.9")
    assert (
        elsewhere.post("/signin/ticket/", ticket=code) == 422 and "counter where" in elsewhere.page
    )
    screen = Visitor()
    assert screen.post("/signin/ticket/", ticket=code) == 302 and screen.leads == "/"
    said = written(who, "trust.signin")[0]
    assert (said["method"], said["level"]) == ("assisted", 2)
    assert "440103-police" in said["assisted_by"]
    screen.get("/account/")
    assert "An official helps you here" in screen.page and "440103-police" in screen.page
    moved = {"REMOTE_ADDR": "198.51.100.9"}
    assert screen.client.get("/account/", **moved).status_code == 302, "not from elsewhere"
    now = time.time()
    monkeypatch.setattr(standing.time, "time", lambda: now + standing.ASSISTED + 1)
    assert screen.get("/account/") == 302, "twenty minutes are over"


def test_what_is_done_with_help_says_who_helped() -> None:
    from lingnan.kernel.trust.api import actor_of

    who, screen = account(), Visitor()
    screen.post("/signin/ticket/", ticket=opened(clerk(), "assist"))
    request = screen.client.get("/account/").wsgi_request
    helped = request.actor
    plain = actor_of(who)
    assert plain is not None and "assisted by" not in plain.signature
    assert helped.signature.startswith(plain.signature)
    assert "assisted by" in helped.signature and "440103-police" in helped.signature
    assert len(helped.signature) <= 200


def test_who_helps_cannot_open_the_account_for_later() -> None:
    account()
    screen = Visitor()
    screen.post("/signin/ticket/", ticket=opened(clerk(), "assist"))
    for url in ("/account/passkey/", "/account/authenticator/", "/account/recovery-codes/",
                "/account/password/"):  # fmt: skip
        assert screen.get(url) == 403 and "Not while an official helps you" in screen.page, url
        assert screen.post(url, new=ANOTHER, repeated=ANOTHER) == 403, url
    for url in ("/account/sessions/end-others/", "/account/sessions/end/", "/account/remove/"):
        assert screen.post(url) == 403, url
    screen.get("/account/")
    assert "203.0.113" not in screen.page, "nor is shown where else the account is open"
    # Proving it again with the person's own password makes no session without help of it.
    screen.post("/signin/step-up/", again="1", act="password", password=PASSWORD)
    assert screen.get("/account/password/") == 403


def test_an_old_credential_does_not_outlive_the_day() -> None:
    """A code on paper, tried after the day has gone by and before anybody used the password."""
    who, phone, owner = account(), Visitor(), Visitor()
    owner.sign_in()
    codes = owner.recovery_codes()
    strong(who)
    phone.post("/signin/ticket/", ticket=opened(clerk()))
    phone.post("/signin/ticket/password/", new=ANOTHER, repeated=ANOTHER)
    move_on(who)
    assert Visitor().post("/signin/recover/", login=who.login, code=codes[0]) == 422
    assert Visitor().sign_in(password=ANOTHER) == 302
