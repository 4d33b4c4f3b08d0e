"""What a page asks for, and what happens to whom it does not have."""

import json
import time
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, path

from lingnan.kernel.trust.api import SIGNED_IN, allow, at_level
from lingnan.kernel.trust.signin import standing
from tests.people import Person
from tests.signin.real import PASSWORD, Visitor, account

pytestmark = pytest.mark.django_db


@allow(at_level(SIGNED_IN, 2))
def second(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@allow(at_level(SIGNED_IN, 3))
def third(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


class Planted:
    urlpatterns = [path("planted/2/", second), path("planted/3/", third),
                   path("api/planted/2/", second), *get_resolver().url_patterns]  # fmt: skip
    handler403 = "lingnan.portal.errors.forbidden"
    handler404 = "lingnan.portal.errors.not_found"


@pytest.fixture
def planted(settings: Any) -> None:
    settings.ROOT_URLCONF = Planted


def test_a_page_leads_to_the_proof_and_back(planted: None) -> None:
    account()
    visitor, owner = Visitor(), Visitor()
    for one in (visitor, owner):
        one.sign_in()
    device = owner.set_up_authenticator()
    assert owner.get("/planted/2/") == 200, "setting it up has proved it"
    assert visitor.get("/planted/2/?a=1") == 302
    assert visitor.leads == "/signin/step-up/?need=2&next=%2Fplanted%2F2%2F%3Fa%3D1"
    visitor.get(visitor.leads)
    assert "confirm that it is you" in visitor.page and 'name="code"' in visitor.page
    before = visitor.client.cookies["sessionid"].value
    done = {"again": "1", "act": "code", "need": "2", "next": "/planted/2/?a=1"}
    assert visitor.post("/signin/step-up/", code="000000", **done) == 422
    assert visitor.post("/signin/step-up/", code=device.shows(1), **done) == 302
    assert visitor.leads == "/planted/2/?a=1" and visitor.get(visitor.leads) == 200
    assert visitor.client.cookies["sessionid"].value != before
    assert visitor.get("/planted/3/") == 302, "an authenticator is no passkey"
    visitor.get("/account/")
    assert visitor.page.count("this one") == 1 and visitor.page.count('name="session"') == 1


def test_what_is_sent_is_refused_and_says_so(planted: None) -> None:
    account()
    visitor = Visitor()
    visitor.sign_in()
    assert visitor.post("/planted/2/") == 403
    assert (
        "confirm first that it is you" in visitor.page and "/signin/step-up/?need=2" in visitor.page
    )
    assert visitor.get("/api/planted/2/") == 403
    assert "confirm" in json.loads(visitor.answer.content)["detail"]


def test_an_account_that_cannot_reach_the_level_is_told_how(planted: None) -> None:
    account()
    visitor = Visitor()
    visitor.sign_in()
    visitor.get("/planted/3/")
    visitor.get(visitor.leads)
    assert "your account has none" in visitor.page and "/account/" in visitor.page
    # A password proves level one, however often it is said.
    visitor.post("/signin/step-up/", again="1", act="password", need="3", password=PASSWORD)
    assert visitor.get("/planted/3/") == 302


def test_invented_people_pass_everywhere_and_nobody_passes_nowhere(planted: None) -> None:
    person = Person("resident-440103")
    assert person.client.get("/planted/3/").content == b"open"
    assert Visitor().get("/planted/2/") == 302


def test_what_opens_an_account_asks_for_a_fresh_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    account()
    visitor = Visitor()
    visitor.sign_in()
    assert visitor.get("/account/recovery-codes/") == 200
    now = time.time()
    monkeypatch.setattr(standing.time, "time", lambda: now + standing.FRESH + 1)
    assert visitor.get("/account/recovery-codes/") == 302
    assert visitor.leads.startswith("/signin/step-up/?need=1")
    assert visitor.post("/account/recovery-codes/") == 403
    assert visitor.get("/account/") == 200, "looking is free"
    done = {"again": "1", "act": "password", "need": "1", "next": "/account/recovery-codes/"}
    assert visitor.post("/signin/step-up/", password="wrong", **done) == 422
    assert visitor.post("/signin/step-up/", password=PASSWORD, **done) == 302
    assert visitor.get("/account/recovery-codes/") == 200


def test_a_password_adds_nothing_where_there_is_something_stronger() -> None:
    account()
    visitor, owner = Visitor(), Visitor()
    for one in (visitor, owner):
        one.sign_in()
    owner.set_up_authenticator()
    for url in ("/account/passkey/", "/account/authenticator/", "/account/password/"):
        assert visitor.get(url) == 302 and "need=2" in visitor.leads, url


def test_the_way_back_leads_nowhere_else() -> None:
    account()
    visitor = Visitor()
    for bad in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        visitor.sign_in(next=bad)
        assert visitor.leads == "/", bad


def test_what_operators_undo_asks_for_more_than_a_password() -> None:
    from lingnan.node import permissions

    found = {one.route: one.access for one in permissions.addresses() if one.access}
    levels = {route: access.level for route, access in found.items() if access.level > 1}
    assert levels == {
        "/desk/counter/": 2, "/desk/counter/open/": 2, "/desk/colleagues/": 2,
        # Who opens accounts and gives posts, and who asks for a certificate of their own.
        "/desk/people/": 2, "/desk/people/<slug:reference>/": 2, "/desk/people/open/": 2,
        "/desk/people/appoint/": 2, "/desk/people/appointments/<slug:number>/": 2,
        "/certification/apply/resident/": 2,
        "/operating/dead-letters/<int:telling>/again/": 2,
        "/operating/dead-letters/<int:telling>/give-up/": 2,
        # What is on its way between nodes: decided on by an operator.
        "/operating/transit/handovers/<int:number>/again/": 2,
        "/operating/transit/handovers/<int:number>/give-up/": 2,
        "/operating/transit/followings/<int:number>/again/": 2,
        "/operating/transit/followings/<int:number>/give-up/": 2,
        "/operating/transit/followings/<int:number>/replay/": 2,
    }  # fmt: skip
    opens = {route for route, access in found.items() if access.guarded}
    assert opens == {
        "/account/remove/", "/account/sessions/end-others/", "/account/passkey/",
        "/account/passkey/options/", "/account/authenticator/", "/account/recovery-codes/",
        "/account/password/",
        # Acts upon other people's accounts, and the emergency that opens a closed record.
        "/desk/people/open/", "/desk/people/appoint/", "/desk/people/<slug:reference>/",
        "/desk/people/appointments/<slug:number>/", "/desk/emergency/open/",
        "/desk/counter/open/",
    }  # fmt: skip
