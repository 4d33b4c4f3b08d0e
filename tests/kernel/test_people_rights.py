"""What nobody gets by the ways of accounts and posts: another body's account, a last operator
locked out, two decisions on one appointment, evidence of what was refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lingnan.kernel.duty.api import Message
from lingnan.kernel.runtime.api import action, keys, legal_time
from lingnan.kernel.trust.api import (
    Account,
    Actor,
    Appointment,
    Holding,
    actor_of,
    appointing,
    node_evidence,
    people_accounts,
    post_endings,
)
from lingnan.kernel.trust.models import CounterTicket
from lingnan.kernel.trust.signin import counter, standing
from tests.kernel.test_people import OPEN, PAGE, asked, opened, refused
from tests.people import Person
from tests.signin.real import written

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
HEAD, OPERATOR, DATA_HEAD = "440103-market-head", "440000-data-operator", "440000-data-head"
POLICE_HEAD, POLICE_ABOVE = "440103-police-head", "440100-police-head"


def actor(login: str) -> Actor:
    found = actor_of(Account.objects.get(login=login))
    assert found is not None
    return found


def wanted(account: int, body: str, role: str = "clerk", first: date | None = None) -> Any:
    return appointing.Wanted(account, body, role, first or legal_time.today(), None, "测试")


def official(login: str, body: str, *roles: str) -> Account:
    """An account that nothing opens yet, with posts."""
    made = Account(key=keys.new_key(), login=login, name="梁晓岚", kind="official")
    made.set_unusable_password()
    made.save()
    with action(by="a test", reason="a post") as act:
        for role in roles:
            act.create(Holding, account=made.key, body=body, role=role, title_zh=role,
                       title_en=role)  # fmt: skip
    return made


def kinds(account: Account) -> list[str]:
    found = node_evidence.reader().by_subject("trust", account.key, limit=50)
    return [one.kind for one in found]


def proposed(role: str = "records_officer", login: str = "440103-police-7100") -> Appointment:
    person = official(login, "gd-440103-police", "clerk")
    with action(by="a test", reason="the clerk's post ends") as act:
        act.end(Holding.objects.get(account=person.key))
    return appointing.appoint(actor(POLICE_HEAD), wanted(person.key, "gd-440103-police", role))


def test_a_post_of_ones_own_body_opens_no_account_of_another() -> None:
    """Of a head of another body whose account waits for its first sign-in, or lost every way."""
    fresh, head = official("440104-market-7101", "gd-440104-market", "head"), actor(HEAD)
    appointing.appoint(head, wanted(fresh.key, "gd-440103-market"))
    assert Holding.objects.filter(account=fresh.key, body="gd-440103-market").exists()
    assert people_accounts.may_see(head, fresh)
    assert not people_accounts.may_hand_over(head, fresh)
    assert not people_accounts.may_lock(head, fresh)
    assert counter.sought(fresh.login, fresh.name, head) is None
    page = Person(HEAD)
    page.post(f"/desk/people/{keys.veil(fresh.key, 'portal.people')}/", act="code",
              document="identity_card", compared="1")  # fmt: skip
    assert page.status == 422 and "不由您" in page.said
    assert people_accounts.may_hand_over(actor(OPERATOR), fresh)


def test_who_has_lost_every_way_goes_to_the_head_of_all_their_posts() -> None:
    clerk = official("440103-market-7102", "gd-440103-market", "clerk")
    head, above = actor(HEAD), actor("440100-market-head")
    assert counter.sought(clerk.login, clerk.name, head) == clerk
    assert counter.sought(clerk.login, clerk.name, actor("440106-market-head")) is None
    own = Account.objects.get(login=HEAD)
    second = official("440103-market-7103", "gd-440103-market", "head")
    assert counter.sought(second.login, second.name, head) is None, "one head of another"
    assert counter.sought(own.login, own.name, above) == own
    assert counter.sought(clerk.login, clerk.name, above) == clerk


def test_what_is_refused_leaves_no_account_in_the_evidence() -> None:
    before = len(list(node_evidence.reader().entries(limit=500, kind="trust.account_opened")))
    late = (legal_time.today() - timedelta(days=1)).isoformat()
    refused(Person(HEAD), OPEN, "一年", name="梁晓岚", login="440103-market-7104",
            **(asked() | {"first": late}))  # fmt: skip
    with pytest.raises(appointing.NotPossible, match="not_yours"):
        people_accounts.open_account(
            actor(OPERATOR), "440103-market-7105", "梁晓岚", wanted(0, "gd-440103-market")
        )
    after = len(list(node_evidence.reader().entries(limit=500, kind="trust.account_opened")))
    assert before == after and not Account.objects.filter(login__contains="-710").exists()


def test_the_last_operator_is_neither_ended_nor_locked_out() -> None:
    last, head = Account.objects.get(login=OPERATOR), actor(DATA_HEAD)
    with pytest.raises(appointing.NotPossible, match="last"):
        people_accounts.lock(head, last, True, "测试")
    assert Account.objects.get(key=last.key).is_active
    second = official("440000-data-7106", "gd-440000-data", "operator")
    people_accounts.lock(head, second, True, "测试")
    post = Holding.objects.get(account=last.key, ended=False)
    with pytest.raises(appointing.NotPossible, match="last"):
        post_endings.end(head, post, None, "who is locked out is no other")
    people_accounts.lock(head, second, False, "测试")
    theirs = Holding.objects.get(account=second.key)
    post_endings.end(head, theirs, legal_time.today() + timedelta(days=9), "until then")
    with pytest.raises(appointing.NotPossible, match="last"):
        post_endings.end(head, post, None, "the other's last day is fixed")
    with pytest.raises(appointing.NotPossible, match="last"):
        people_accounts.lock(head, last, True, "测试")
    people_accounts.lock(head, second, True, "测试")


def test_of_two_who_decide_at_once_the_second_writes_nothing() -> None:
    made = proposed()
    stale = Appointment.objects.get(key=made.key)
    appointing.decide(actor(POLICE_ABOVE), made, False, "不同意")
    person = Account.objects.get(key=made.account)
    for act in (
        lambda: appointing.decide(actor(POLICE_ABOVE), stale, True, "同意"),
        lambda: appointing.withdraw(actor(POLICE_HEAD), stale),
    ):
        with pytest.raises(appointing.NotPossible, match="done"):
            act()
    said = kinds(person)
    assert "trust.post_refused" in said
    assert not {"trust.post_confirmed", "trust.post_withdrawn", "trust.post_begun"} & set(said)
    post = Holding.objects.get(account=Account.objects.get(login="440103-market-clerk").key)
    old = Holding.objects.get(key=post.key)
    post_endings.end(actor(HEAD), post, None, "一次")
    with pytest.raises(appointing.NotPossible, match="done"):
        post_endings.end(actor(HEAD), old, None, "两次")


def test_a_proposal_for_a_locked_account_can_be_refused_not_agreed_to() -> None:
    made = proposed()
    Account.objects.filter(key=made.account).update(is_active=False)
    with pytest.raises(appointing.NotPossible, match="account"):
        appointing.decide(actor(POLICE_ABOVE), made, True, "同意")
    assert appointing.decide(actor(POLICE_ABOVE), made, False, "已停职").state == "refused"


def test_an_unknown_act_refuses_nothing_and_the_proposer_hears_the_answer() -> None:
    made = proposed()
    above, page = Person(POLICE_ABOVE), f"{PAGE}appointments/{made.number}/"
    for act in ("", "refuse-all", "AGREE"):
        above.post(page, act=act, reason="同意")
        assert above.status == 422, act
    assert Appointment.objects.get(key=made.key).state == "proposed"
    above.post(page, act="refuse", reason="人选不合适")
    proposer = Account.objects.get(login=POLICE_HEAD)
    told = Message.objects.get(account=proposer.key, link=page)
    assert "人选不合适" in told.text_zh and "refused" in told.text_en


def test_two_accounts_of_one_person_are_no_two_people() -> None:
    head = Account.objects.get(login=HEAD)
    other = official("440103-market-7107", "gd-440103-market", "clerk")
    Account.objects.filter(key__in=(head.key, other.key)).update(subject="f" * 32)
    with pytest.raises(appointing.NotPossible, match="oneself"):
        appointing.appoint(actor(HEAD), wanted(other.key, "gd-440103-market", "reviewer"))
    with pytest.raises(appointing.NotPossible, match="oneself"):
        post_endings.end(actor(HEAD), Holding.objects.get(account=other.key), None, "测试")
    made = proposed()
    above = Account.objects.get(login=POLICE_ABOVE)
    Account.objects.filter(key__in=(above.key, made.account)).update(subject="e" * 32)
    assert not appointing.may_decide(made, actor(POLICE_ABOVE))


def test_what_was_taken_back_holds_up_no_other_that_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the list and its turn, somebody takes one back."""
    first, head = legal_time.today(), actor(HEAD)
    later = first + timedelta(days=2)
    made = [
        appointing.appoint(
            head,
            wanted(official(f"440103-market-72{n}0", "gd-440106-market", "clerk").key,
                   "gd-440103-market", "clerk", later),
        )
        for n in range(2)
    ]  # fmt: skip
    monkeypatch.setattr(legal_time, "today", lambda: later)
    begin, taken = appointing._begin, []

    def overtaken(one: Appointment) -> bool:
        if not taken:
            taken.append(appointing.withdraw(head, Appointment.objects.get(key=one.key)))
        return begin(one)

    monkeypatch.setattr(appointing, "_begin", overtaken)
    assert appointing.begin_due() == 1
    states = {Appointment.objects.get(key=one.key).state for one in made}
    assert states == {"withdrawn", "held"}


def test_who_is_locked_and_has_no_post_left_can_be_unlocked() -> None:
    head = opened(login="440103-market-7108")
    person = Account.objects.get(login="440103-market-7108")
    page = head.url
    head.post(page, act="lock", reason="停职")
    post_endings.end(actor(HEAD), Holding.objects.get(account=person.key), None, "离职")
    assert person.name in head.get(PAGE) and "已锁定、现无岗位" in head.text
    head.post(page, act="unlock", reason="复职")
    assert head.status == 200 and Account.objects.get(key=person.key).is_active, head.said
    stranger = Person("440106-market-head")
    stranger.get(page)
    assert stranger.status == 404


def test_whose_post_ends_hears_of_it() -> None:
    head = opened(login="440103-market-7109")
    person = Account.objects.get(login="440103-market-7109")
    post = Holding.objects.get(account=person.key)
    head.post(head.url, act="end", post=keys.veil(post.key, "portal.people.post"), last="",
              reason="期满")  # fmt: skip
    told = Message.objects.filter(account=person.key, subject_zh="您的任职终止").get()
    assert "期满" in told.text_zh and written(person, "trust.post_ended")


def test_the_list_asks_as_often_for_many_as_for_few() -> None:
    proposed(login="440103-police-7399")
    official("440103-market-7498", "gd-440103-market", "clerk")
    head = Person(HEAD)
    head.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        head.get(PAGE)
    for n in range(12):
        official(f"440103-market-73{n:02}", "gd-440103-market", "clerk")
    for n in range(6):
        proposed(login=f"440103-police-74{n:02}")
    with CaptureQueriesContext(connection) as many:
        head.get(PAGE)
    assert head.text.count("440103-market-73") == 12
    assert len(many) <= len(few), (len(few), len(many))


def test_a_later_recovery_takes_the_place_of_one_that_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever was before an official first does not get the account first."""
    clerk = official("440103-market-7110", "gd-440103-market", "clerk")
    monkeypatch.setattr(standing, "reachable", lambda _account: standing.STRONGEST)
    passwords = ("第一位来的人选的密码在这里", "第二位来的人选的密码在这里")
    for password in passwords:
        counter.open_from_machine(clerk, "gd-440103-market", "a test")
        ticket = CounterTicket.objects.get(account=clerk.key, state="open")
        CounterTicket.objects.filter(key=ticket.key).update(state="redeemed")
        assert not counter.choose(ticket, clerk, password)
    waits = CounterTicket.objects.get(account=clerk.key, state="waiting")
    CounterTicket.objects.filter(key=waits.key).update(due_at=timezone.now())
    assert counter.bring_into_effect(clerk)
    clerk.refresh_from_db()
    assert clerk.check_password(passwords[1]) and not clerk.check_password(passwords[0])
    assert not counter.bring_into_effect(clerk)
