"""Where one is signed in, and ending it."""

import re

import pytest

from lingnan.kernel.trust.api import Account
from tests.signin.real import Visitor, account, written

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36"
WECHAT = "Mozilla/5.0 (iPhone) AppleWebKit MicroMessenger/8.0"


def test_sessions_are_listed_in_words_and_ended_at_once() -> None:
    who = account()
    here, phone = Visitor(), Visitor("198.51.100.9", PHONE)
    here.sign_in()
    phone.sign_in()
    here.get("/account/")
    assert "Chrome · Android" in here.page and "198.51.100.*" in here.page
    assert "198.51.100.9" not in here.page
    found = re.findall(r'name="session" value="(\w+)"', here.page)
    assert len(found) == 1, "one's own has no button"
    assert here.post("/account/sessions/end/", session=found[0]) == 302
    assert not phone.inside and here.inside
    assert written(who, "trust.session_ended")[0]["browser"] == "Chrome · Android"
    assert here.post("/account/sessions/end/", session=found[0]) == 404, "it has ended already"


def test_all_others_end_together() -> None:
    account()
    visitors = [Visitor(), Visitor(browser=WECHAT), Visitor(browser="")]
    for one in visitors:
        one.sign_in()
    visitors[0].get("/account/")
    assert "微信 WeChat · iOS" in visitors[0].page and "unknown" in visitors[0].page
    visitors[0].post("/account/sessions/end-others/")
    assert [one.inside for one in visitors] == [True, False, False]


def test_another_ones_session_is_not_there() -> None:
    account()
    account("lam.dai", "林大")
    here, other = Visitor(), Visitor()
    here.sign_in()
    here_too = Visitor()
    here_too.sign_in()
    here.get("/account/")
    reference = re.findall(r'name="session" value="(\w+)"', here.page)[0]
    other.sign_in("lam.dai")
    assert other.post("/account/sessions/end/", session=reference) == 404
    assert here_too.inside


def test_signing_out_ends_it_for_the_list_too() -> None:
    account()
    here, other = Visitor(), Visitor()
    here.sign_in()
    other.sign_in()
    other.post("/signout/")
    here.get("/account/")
    assert here.page.count('name="session"') == 0


def test_the_owner_sees_what_was_tried() -> None:
    who = account()
    Visitor("198.51.100.20").sign_in(password="wrong")
    visitor = Visitor()
    visitor.sign_in()
    visitor.get("/account/")
    assert "Failed to sign in" in visitor.page and "Signed in" in visitor.page
    assert written(who, "trust.signin_failed")[0]["why"] == "password"
    account("li.siming", "李四明")
    stranger = Visitor()
    stranger.sign_in("li.siming")
    stranger.get("/account/")
    assert "Signed in" in stranger.page and "Failed to sign in" not in stranger.page


def test_no_key_and_no_session_is_told() -> None:
    who = account()
    visitor = Visitor()
    visitor.sign_in()
    visitor.get("/account/")
    assert str(who.key) not in visitor.page
    assert visitor.client.cookies["sessionid"].value not in visitor.page
    assert Account.objects.filter(key=who.key).exists()
