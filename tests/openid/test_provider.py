"""Signing in at a department's system: what it learns, and what nobody can make it learn."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import node_evidence
from lingnan.kernel.trust.models import Account, Holding
from lingnan.kernel.trust.openid import grants, parties
from tests.openid.system import BACK, LEFT, System, claims
from tests.people import Person
from tests.signin.real import PASSWORD, Visitor, account

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
OFFICER, RESIDENT = "440103-police-records_officer", "resident-440103"


@pytest.fixture
def system() -> System:
    return System()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Moves the time by which tokens are judged."""

    class Moved(datetime):
        by = timedelta()

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + cls.by

    from lingnan.kernel.trust.openid import http, server

    for module in (grants, http, server):
        if hasattr(module, "datetime"):
            monkeypatch.setattr(module, "datetime", Moved)

    def move(**by: float) -> None:
        Moved.by += timedelta(**by)

    yield move


def test_an_official_signs_in_at_a_system_and_it_learns_what_was_said(system: System) -> None:
    officer = Person(OFFICER)
    page = officer.get(system.question())
    assert "档案系统" in page and "records.example.cn" in page and "履职的岗位" in page
    told = system.sent(officer, system.question())
    assert (told["state"], told["iss"]) == ("s-1", "http://127.0.0.1:8011")
    answer = system.tokens(told["code"])
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    said = claims(answer.json()["id_token"])
    assert said["aud"] == system.row.client_id and said["nonce"] == "n-1"
    assert said["role"] == "records_officer" and said["body"] == "gd-440103-police"
    info = system.userinfo(answer.json()["access_token"]).json()
    assert info["sub"] == said["sub"] and info["name"] == said["name"]
    kinds = [
        entry.kind for entry in node_evidence.reader().entries(kind="trust.signed_in_at_system")
    ]
    assert kinds


def test_who_has_agreed_is_not_asked_again_and_may_take_it_back(system: System) -> None:
    officer = Person(OFFICER)
    tokens = system.tokens(system.sent(officer, system.question())["code"]).json()
    response: Any = officer.client.get(system.question())
    assert response.status_code == 302 and response["Location"].startswith(BACK)
    assert officer.client.get(system.question(prompt="consent")).status_code == 200
    assert "档案系统" in officer.get("/openid/systems/")
    officer.post("/openid/systems/", system=system.row.client_id)
    assert "没有系统通过这里的登录认识您" in officer.text
    assert system.userinfo(tokens["access_token"]).status_code == 401
    assert system.refreshed(tokens["refresh_token"]).status_code == 400
    assert officer.client.get(system.question()).status_code == 200


def test_two_bodies_know_a_person_by_different_numbers() -> None:
    officer, seen = Person(OFFICER), list[str]()
    for body in ("gd-440103-police", "gd-440103-police", "gd-440103-market"):
        system = System(body)
        told = system.sent(officer, system.question(scope="openid"))
        said = claims(system.tokens(told["code"]).json()["id_token"])
        assert "name" not in said and "role" not in said
        seen.append(said["sub"])
    assert seen[0] == seen[1] != seen[2]


def test_who_says_no_tells_nothing(system: System) -> None:
    told = system.sent(Person(OFFICER), system.question(), answer="no")
    assert told == {"error": "access_denied", "state": "s-1", "iss": "http://127.0.0.1:8011"}


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"nonce": "n" * 501}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
    ],
)
def test_a_bad_question_is_told_to_the_system(
    system: System, changed: dict[str, str | None], error: str
) -> None:
    told = system.sent(Person(OFFICER), system.question(**changed))
    assert told["error"] == error and "code" not in told


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": BACK + "/"},
        {"redirect_uri": "https://elsewhere.example.cn/back"},
        {"redirect_uri": BACK + "?more=1"},
        {"redirect_uri": None},
        {"redirect_uri": "javascript:alert(1)"},
    ],
)
def test_nobody_is_led_to_an_address_that_is_not_registered(
    system: System, changed: dict[str, str | None]
) -> None:
    officer = Person(OFFICER)
    officer.response = officer.client.get(system.question(**changed))
    assert officer.status == 400 and "无法继续登录" in officer.text


def test_without_a_sign_in_it_leads_there_and_comes_back(system: System) -> None:
    client = Client()
    response: Any = client.get(system.question())
    assert response.status_code == 302 and response["Location"].startswith("/signin/?next=")
    told = system.sent(client, system.question(prompt="none"))
    assert told["error"] == "login_required"


def test_login_and_max_age_ask_anew_once(system: System) -> None:
    officer = Person(OFFICER)
    for changed in ({"prompt": "login"}, {"max_age": "0"}):
        response: Any = officer.client.get(system.question(**changed))
        assert response["Location"].startswith("/signin/")
        form = officer.client.get(response["Location"])
        back = form.context["next"]
        officer.client.post("/signin/", {"demonstration": OFFICER, "next": back})
        assert "code" in system.sent(officer, back)


def test_a_sign_in_of_a_time_that_has_not_come_is_not_fresh(system: System) -> None:
    """The clock was set back by an hour since: nobody knows how old the sign-in is."""
    officer = Person(OFFICER)
    assert "code" in system.sent(officer, system.question(max_age="600"))
    session = officer.client.session
    session["signed"] = session["signed"] | {"at": session["signed"]["at"] + 3_600}
    session.save()
    response: Any = officer.client.get(system.question(max_age="600"))
    assert response["Location"].startswith("/signin/")


def test_a_level_that_was_not_reached_is_asked_for(system: System) -> None:
    strict, visitor = System(level=3), Visitor()
    account()
    visitor.post("/signin/", login="chan.siuming", password=PASSWORD)
    assert system.sent(visitor.client, system.question())["code"]
    for url in (strict.question(), system.question(acr_values="urn:lingnan:level:2")):
        told = system.sent(visitor.client, f"{url}&prompt=none")
        assert told["error"] == "login_required"
        assert visitor.get(url) == 302 and visitor.leads.startswith("/signin/step-up/?")
    visitor.get(system.question(acr_values="urn:lingnan:level:1"))
    assert visitor.answer.status_code == 302 and visitor.leads.startswith(BACK)


def test_a_session_that_is_ended_elsewhere_takes_its_tokens_along(system: System) -> None:
    visitor, other = Visitor(), Visitor()
    account()
    for one in (visitor, other):
        one.post("/signin/", login="chan.siuming", password=PASSWORD)
    tokens = system.tokens(system.sent(visitor.client, system.question())["code"]).json()
    assert system.userinfo(tokens["access_token"]).status_code == 200
    other.post("/account/sessions/end-others/")
    assert system.userinfo(tokens["access_token"]).status_code == 401
    assert system.refreshed(tokens["refresh_token"]).status_code == 400


def test_a_code_serves_once_and_a_second_use_ends_all_that_came_of_it(system: System) -> None:
    code = system.sent(Person(OFFICER), system.question())["code"]
    tokens = system.tokens(code).json()
    again = system.tokens(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert system.userinfo(tokens["access_token"]).status_code == 401
    assert system.refreshed(tokens["refresh_token"]).status_code == 400


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_verifier": "x" * 43}, "invalid_grant"),
        ({"code_verifier": None}, "invalid_request"),
        ({"redirect_uri": LEFT}, "invalid_grant"),
        ({"code": "guessed"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_code_is_worth_nothing_to_others(
    system: System, changed: dict[str, str | None], error: str
) -> None:
    code = system.sent(Person(OFFICER), system.question())["code"]
    answer = system.tokens(code, **changed)
    assert answer.status_code == 400 and answer.json()["error"] == error
    assert system.tokens(code).status_code == 200, "the owner's own use is not spoilt"


def test_a_code_of_another_system_or_a_wrong_secret(system: System) -> None:
    code = system.sent(Person(OFFICER), system.question())["code"]
    other = System()
    other.verifier = system.verifier
    assert other.tokens(code).json()["error"] == "invalid_grant"
    other.secret, other.row = "wrong", system.row
    assert other.tokens(code).status_code == 401
    public = System(public=True)
    told = public.sent(Person(OFFICER), public.question())
    sent = {"client_id": public.row.client_id, "grant_type": "authorization_code",
            "code": told["code"], "redirect_uri": BACK,
            "code_verifier": public.verifier}  # fmt: skip
    assert public.http.post("/openid/token", sent).status_code == 200
    sent["client_id"] = system.row.client_id
    assert public.http.post("/openid/token", sent).status_code == 401, "it has a secret"


def test_a_stolen_refreshing_token_ends_both(system: System) -> None:
    first = system.tokens(system.sent(Person(OFFICER), system.question())["code"]).json()
    second = system.refreshed(first["refresh_token"]).json()
    said = claims(second["id_token"])
    assert said["sub"] == claims(first["id_token"])["sub"] and "nonce" not in said
    assert system.refreshed(first["refresh_token"]).status_code == 400
    assert system.refreshed(second["refresh_token"]).status_code == 400
    assert system.userinfo(second["access_token"]).status_code == 401


def test_tokens_end_by_themselves(system: System, later: Any) -> None:
    code = system.sent(Person(OFFICER), system.question())["code"]
    tokens = system.tokens(code).json()
    later(minutes=11)
    assert system.userinfo(tokens["access_token"]).status_code == 401
    assert system.refreshed(tokens["refresh_token"]).status_code == 200
    late = system.sent(Person(OFFICER), system.question())["code"]
    later(seconds=61)
    assert system.tokens(late).json()["error"] == "invalid_grant"
    later(hours=8)
    assert system.refreshed(tokens["refresh_token"]).status_code == 400


def test_signing_out_here_ends_the_tokens_of_that_session(system: System) -> None:
    here, there = Person(OFFICER), Person(OFFICER)
    ended = system.tokens(system.sent(here, system.question())["code"]).json()
    kept = system.tokens(system.sent(there, system.question())["code"]).json()
    here.post("/signout/")
    assert system.userinfo(ended["access_token"]).status_code == 401
    assert system.refreshed(ended["refresh_token"]).status_code == 400
    assert system.userinfo(kept["access_token"]).status_code == 200


def test_a_post_that_has_ended_refreshes_nothing(system: System) -> None:
    tokens = system.tokens(system.sent(Person(OFFICER), system.question())["code"]).json()
    account = Account.objects.get(login=OFFICER)
    with action(by="test", reason="left the post") as act:
        for post in Holding.objects.filter(account=account.key, ended=False):
            act.end(post)
    assert system.userinfo(tokens["access_token"]).status_code == 401
    assert system.refreshed(tokens["refresh_token"]).status_code == 400


def test_the_system_may_take_tokens_back_and_ask_whether_they_hold(system: System) -> None:
    tokens = system.tokens(system.sent(Person(OFFICER), system.question())["code"]).json()
    token, stranger = tokens["access_token"], System("gd-440103-market")
    assert system.post("/openid/introspect", token=token).json()["active"] is True
    assert stranger.post("/openid/introspect", token=token).json() == {"active": False}
    assert stranger.post("/openid/revoke", token=token).status_code == 400
    assert system.post("/openid/revoke", token=token).status_code == 200
    assert system.post("/openid/introspect", token=token).json() == {"active": False}
    assert system.refreshed(tokens["refresh_token"]).status_code == 400


def test_leaving_by_the_systems_wish(system: System) -> None:
    officer = Person(OFFICER)
    tokens = system.tokens(system.sent(officer, system.question())["code"]).json()
    url = f"/openid/logout?client_id={system.row.client_id}&post_logout_redirect_uri={LEFT}&state=z"
    assert "要退出登录吗" in officer.get(url), "without its token the person is asked"
    elsewhere = "https://elsewhere.example.cn/"
    hint = f"/openid/logout?id_token_hint={tokens['id_token']}&state=z"
    response: Any = officer.client.get(f"{hint}&post_logout_redirect_uri={LEFT}")
    assert response["Location"] == f"{LEFT}?state=z"
    assert officer.client.get("/openid/systems/").status_code == 302, "signed out here"
    assert system.userinfo(tokens["access_token"]).status_code == 401
    response = officer.client.get(f"{hint}&post_logout_redirect_uri={elsewhere}")
    assert response.status_code == 200 and "您已退出登录" in response.content.decode()
    forged = tokens["id_token"][:-6] + "AAAAAA"
    assert officer.client.get(f"/openid/logout?id_token_hint={forged}").status_code == 400


def test_nobody_else_signs_a_person_out() -> None:
    guarded = Client(enforce_csrf_checks=True)
    account = Account.objects.get(login=RESIDENT)
    guarded.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert guarded.post("/openid/logout", {"confirm": "yes"}).status_code == 403
    assert guarded.get("/openid/systems/").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["http://records.example.cn/", "https://", "https://a b/", "https://a/#x", "ftp://a/",
     "javascript:alert(1)", "https://*.example.cn/", "https://u:p@example.cn/", "https://[::1", ""],
)  # fmt: skip
def test_addresses_that_no_system_may_have(address: str) -> None:
    with pytest.raises(parties.NotFit):
        parties.register(parties.Wanted("440103-police", "甲", "A", [address]), "test")


def test_a_system_that_is_taken_off_lets_nobody_in(system: System) -> None:
    officer = Person(OFFICER)
    tokens = system.tokens(system.sent(officer, system.question())["code"]).json()
    parties.end(system.row, "test")
    assert officer.client.get(system.question()).status_code == 400
    assert system.userinfo(tokens["access_token"]).status_code == 401
    assert system.refreshed(tokens["refresh_token"]).status_code in (400, 401)


def test_a_new_secret_ends_the_old_one(system: System) -> None:
    code = system.sent(Person(OFFICER), system.question())["code"]
    old, system.secret = system.secret, parties.renew_secret(system.row, "test")
    new, system.secret = system.secret, old
    assert system.tokens(code).status_code == 401
    system.secret = new
    assert system.tokens(code).status_code == 200


def test_tokens_are_kept_as_hashes(system: System) -> None:
    tokens = system.tokens(system.sent(Person(OFFICER), system.question())["code"]).json()
    rows = str(list(grants.IssuedToken.objects.values()))
    assert tokens["access_token"] not in rows and tokens["refresh_token"] not in rows
    assert datetime.now(UTC) < grants.IssuedToken.objects.get(kind="access").until


def test_an_operator_registers_a_system_and_sees_its_secret_once() -> None:
    operator = Person("440000-data-operator")
    typed = {
        "name_zh": "不动产系统",
        "name_en": "Land system",
        "body": "gd-440103-market",
        "redirects": BACK,
        "scopes": ["profile"],
        "level": "2",
        "algorithm": "ES256",
    }
    page = operator.post("/desk/signing-on/", **(typed | {"redirects": "http://a.example.cn/"}))
    assert operator.status == 422 and "不是完整的加密地址" in page
    page = operator.post("/desk/signing-on/", **(typed | {"body": "gd-nowhere"}))
    assert operator.status == 422 and "没有该代码的单位" in page
    operator.post("/desk/signing-on/", **typed)
    assert operator.status == 200 and "密钥只显示这一次" in operator.text
    row = parties.registered()[-1]
    assert (row.scopes, row.level, row.algorithm) == ("openid profile", 2, "ES256")
    assert "不动产系统" in operator.get("/desk/signing-on/") and "密钥只显示" not in operator.text
    before = row.secret
    operator.post(f"/desk/signing-on/{row.client_id}/renew/")
    row.refresh_from_db()
    assert row.secret != before
    operator.post(f"/desk/signing-on/{row.client_id}/end/")
    assert not parties.registered() and operator.url == "/desk/signing-on/"
    operator.post(f"/desk/signing-on/{row.client_id}/end/")
    assert operator.status == 404


def test_only_operators_register_systems() -> None:
    officer = Person(OFFICER)
    officer.get("/desk/signing-on/")
    assert officer.status == 403
