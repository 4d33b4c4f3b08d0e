"""A body's people: accounts opened without a password, posts given by who may, to nobody's self."""

import re
from datetime import timedelta
from typing import Any

import pytest

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import (
    Account,
    Appointment,
    Holding,
    appointing,
    separation,
)
from tests.clockwork import advance
from tests.people import Person
from tests.signin.real import ANOTHER, Visitor, written

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
PAGE, OPEN, APPOINT = "/desk/people/", "/desk/people/open/", "/desk/people/appoint/"
HEAD, ABOVE, OPERATOR = "440103-market-head", "440100-market-head", "440000-data-operator"
CLERK = "440103-market-clerk"
CODE = re.compile(r'<code class="id">([A-Z0-9-]{14})</code>')


def asked(
    role: str = "clerk", first: int = 0, last: int | None = None, **more: str
) -> dict[str, Any]:
    today = legal_time.today()
    told = {
        "role": role,
        "first": (today + timedelta(days=first)).isoformat(),
        "reason": "穗人社〔2026〕9号",
    }
    told["last"] = (today + timedelta(days=last)).isoformat() if last is not None else ""
    return told | more


def opened(
    role: str = "clerk", login: str = "440103-market-7001", by: str = HEAD, **more: Any
) -> Person:
    """The head opens an account; the page is then the new person's."""
    head = Person(by)
    head.post(OPEN, **asked(role, name="梁晓岚", login=login, **more))
    assert head.status == 200 and "/desk/people/" in head.url, head.said
    return head


def refused(who: Person, url: str, words: str, status: int = 422, **said: Any) -> None:
    who.post(url, **said)
    assert who.status == status and words in who.said, who.said


def account(login: str = "440103-market-7001") -> Account:
    return Account.objects.get(login=login)


def roles_of(login: str) -> set[str]:
    held = Holding.objects.filter(account=account(login).key, ended=False)
    return set(held.values_list("role", flat=True))


def test_a_head_opens_an_account_whose_holder_alone_chooses_the_password() -> None:
    head = opened()
    person, made = head.url, account()
    assert roles_of(made.login) == {"clerk"} and not made.has_usable_password()
    assert Visitor().sign_in(made.login, "") == 401 and Visitor().sign_in(made.login, "!") == 401
    refused(head, person, "核对", act="code", document="identity_card")
    head.post(person, act="code", document="identity_card", compared="1")
    found = CODE.search(head.text)
    assert found, head.said
    assert head.client.post("/signin/ticket/", {"ticket": found[1]}).status_code == 422
    phone = Visitor("198.51.100.9")
    assert phone.post("/signin/ticket/", ticket=found[1]) == 302
    assert phone.post(phone.leads, new=ANOTHER, repeated=ANOTHER) == 302
    assert phone.inside and Visitor().sign_in(made.login, ANOTHER) == 302
    assert 'value="code"' not in head.get(person), "once"
    for kind in ("trust.account_opened", "trust.post_decided", "trust.post_begun"):
        told = written(made, kind)[0]
        assert "440103-market/head" in told["by"] and told["reason"], kind
    assert "开立" in head.text and "穗人社〔2026〕9号" in head.text
    refused(Person(HEAD), OPEN, "已有人", **asked(name="梁晓岚", login=made.login))
    for login in ("ab", "-abcd", "ABCD", "a b c d", "梁晓岚"):
        refused(Person(HEAD), OPEN, "4至40个", **asked(name="梁晓岚", login=login))


def test_a_role_that_is_kept_apart_waits_for_the_head_above() -> None:
    """A records officer of the police: proposed by its head, agreed to by the head above."""
    head = opened("records_officer", "440103-police-7002", "440103-police-head")
    person, made = head.url, Appointment.objects.get()
    assert made.state == "proposed" and not roles_of("440103-police-7002")
    assert 'value="code"' not in head.text, "no code before the post is held"
    page = f"{PAGE}appointments/{made.number}/"
    refused(head, page, "不由您", act="agree", reason="同意")
    for other in (HEAD, "440100-police-clerk", OPERATOR):
        Person(other).post(page, act="agree", reason="同意")
    assert Appointment.objects.get().state == "proposed"
    above = Person("440100-police-head")
    assert made.number in above.get(PAGE) and "确认任职" in above.get("/desk/")
    refused(above, page, "请填写", act="agree", reason="")
    above.post(page, act="agree", reason="同意")
    assert above.status == 200 and roles_of("440103-police-7002") == {"records_officer"}
    assert "确认任职" not in above.get("/desk/")
    head.get(person)
    assert 'value="code"' in head.text
    refused(above, page, "已由", 409, act="refuse", reason="再想想")


def test_heads_are_appointed_by_operators_and_nobody_appoints_themselves() -> None:
    operator = Person(OPERATOR)
    said = asked("head", name="何永安", login="440103-market-7003", body="gd-440103-market")
    operator.post(OPEN, **said)
    made = Appointment.objects.get()
    assert made.state == "proposed", operator.said
    above = Person(ABOVE)
    above.post(f"{PAGE}appointments/{made.number}/", act="agree", reason="同意")
    assert roles_of("440103-market-7003") == {"head"}
    refused(
        Person(HEAD), OPEN, "请选择", **asked("head", name="何永安", login="440103-market-7004")
    )
    head = Account.objects.get(login=HEAD)
    own = asked("reviewer", name=head.name, login=HEAD)
    refused(Person(HEAD), APPOINT, "本人", **own)
    itself = Account.objects.get(login=OPERATOR)
    own = asked("head", name=itself.name, login=OPERATOR, body="gd-440103-market")
    refused(operator, APPOINT, "本人", **own)
    for login in (CLERK, "440103-market-reviewer", "resident-440103"):
        assert Person(login).client.get(PAGE).status_code == 403


def test_what_is_kept_apart_is_not_joined_on_the_same_days() -> None:
    """Somebody who enters records may be head only from the day after the last."""
    login, police = "440103-police-records_officer", "gd-440103-police"
    officer = Account.objects.get(login=login)
    operator, said = Person(OPERATOR), {"name": officer.name, "login": login, "body": police}
    refused(operator, APPOINT, "不相容", **asked("head", 5, **said))
    head = Person("440103-police-head")
    page = head.get(PAGE)
    found = re.search(rf'href="({PAGE}[0-9a-f]+/)"[^>]*>{officer.name}', page)
    assert found
    post = re.search(r'<select[^>]*name="post".*?value="([0-9a-f]+)"', head.get(found[1]), re.S)
    assert post
    last = (legal_time.today() + timedelta(days=4)).isoformat()
    head.post(found[1], act="end", post=post[1], last=last, reason="轮岗")
    assert head.status == 200 and roles_of(login) == {"records_officer"}, head.said
    operator.post(APPOINT, **asked("head", 5, **said))
    made = Appointment.objects.get()
    Person("440100-police-head").post(
        f"{PAGE}appointments/{made.number}/", act="agree", reason="同意"
    )
    assert Appointment.objects.get().state == "planned"
    advance("5d")
    assert roles_of(login) == {"head"}


def test_days_locks_and_ends() -> None:
    head = opened(first=3, last=5)
    person, made = head.url, account()
    assert Appointment.objects.get().state == "planned" and not roles_of(made.login)
    advance("3d")
    assert roles_of(made.login) == {"clerk"}
    refused(head, person, "已有该岗位", act="appoint", **asked())
    refused(head, person, "一年", act="appoint", **asked("reviewer", 9, 8))
    head.post(person, act="appoint", **asked("reviewer"))
    assert roles_of(made.login) == {"clerk", "reviewer"}, head.said
    made.set_password(ANOTHER)
    made.save()
    browser = Visitor()
    browser.sign_in(made.login, ANOTHER)
    assert browser.inside
    head.post(person, act="lock", reason="停职")
    assert not browser.inside and Visitor().sign_in(made.login, ANOTHER) == 401
    refused(head, person, "已由", 409, act="lock", reason="停职")
    head.post(person, act="unlock", reason="复职")
    assert Visitor().sign_in(made.login, ANOTHER) == 302
    advance("3d")
    assert roles_of(made.login) == {"reviewer"}, "the last day was included"
    for kind in ("trust.account_locked", "trust.account_unlocked", "trust.session_ended"):
        assert written(made, kind), kind
    other = Person("440106-market-head")
    assert other.client.get(person).status_code == 404, "another body's"
    assert head.client.get(f"{PAGE}{'0' * 32}/").status_code == 404


def test_the_last_operator_stays_and_what_cannot_begin_lapses() -> None:
    data, itself = Person("440000-data-head"), Account.objects.get(login=OPERATOR)
    page = re.search(rf'href="({PAGE}[0-9a-f]+/)"[^>]*>{itself.name}', data.get(PAGE))
    assert page
    post = re.search(r'<select[^>]*name="post".*?value="([0-9a-f]+)"', data.get(page[1]), re.S)
    assert post
    refused(data, page[1], "最后一名", act="end", post=post[1], last="", reason="调离")
    head = opened(first=2)
    head.post(head.url, act="lock", reason="暂缓")
    advance("2d")
    assert Appointment.objects.get().state == "lapsed" and not roles_of("440103-market-7001")


def test_of_two_officers_who_are_kept_apart_each_pair_is_sensitive() -> None:
    assert {"operator", "head", "records_officer", "key_custodian"} <= separation.SENSITIVE
    assert "clerk" not in separation.SENSITIVE and "*" not in separation.SENSITIVE
    assert appointing.confirming("gd-440103-market")[0] == "gd-440100-market"
    assert appointing.confirming("gd-440000-market") == ["gd-440000-government"]
    assert appointing.confirming("gd-440000-government") == ["gd-440000-data"]
