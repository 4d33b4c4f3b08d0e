"""Posts that are lent: for named days, within a body, seen by all, and never to confirm oneself."""

import re
from datetime import timedelta
from typing import Any

import pytest

from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.actors import actor_of
from lingnan.kernel.trust.api import Account, Holding, lending, node_evidence, separation
from lingnan.kernel.trust.models import Delegation
from tests.clockwork import advance
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
PAGE = "/desk/authority/"
REVIEWER, CLERK, HEAD = (f"440103-market-{one}" for one in ("reviewer", "clerk", "head"))


def chosen(page: str, field: str, words: str) -> str:
    """The value of an option by its words."""
    select = re.search(rf'<select[^>]*name="{field}".*?</select>', page, re.S)
    assert select, field
    found = re.search(rf'value="([0-9a-f]+)"[^>]*>[^<]*{words}', select[0])
    assert found, f"{words} is not offered in {field}"
    return found[1]


def name_of(login: str) -> str:
    return Account.objects.get(login=login).name


def typed(
    page: str, taker: str, post: str = "审查员", first: int = 0, last: int = 6
) -> dict[str, Any]:
    today = legal_time.today()
    return {
        "act": "lend",
        "post": chosen(page, "post", post),
        "taker": chosen(page, "taker", name_of(taker)),
        "first": (today + timedelta(days=first)).isoformat(),
        "last": (today + timedelta(days=last)).isoformat(),
        "reason": "休假",
    }


def lent(first: int = 0, last: int = 6) -> Person:
    """The reviewer lends the post to the clerk."""
    reviewer = Person(REVIEWER)
    reviewer.post(PAGE, **typed(reviewer.get(PAGE), CLERK, first=first, last=last))
    assert reviewer.status == 200, reviewer.said
    return reviewer


def take_up(person: Person, words: str) -> str:
    """Choose a post; the page that follows."""
    page = person.get("/posts/")
    found = re.search(rf'name="post" value="([0-9a-f]+)"[^>]*><button[^>]*>[^<]*{words}', page)
    assert found, words
    return person.post("/posts/", post=found[1])


def test_a_lent_post_is_acted_under_and_both_are_named() -> None:
    lent()
    clerk = Person(CLERK)
    page = take_up(clerk, f"代{name_of(REVIEWER)}")
    assert f"（代{name_of(REVIEWER)}）" in page
    account = Account.objects.get(login=CLERK)
    post = Holding.objects.get(account=Account.objects.get(login=REVIEWER).key, ended=False)
    who = actor_of(account, post.key)
    assert who is not None and who.role == "reviewer" and who.account == account.key
    assert " for " in who.signature and name_of(CLERK) in who.signature
    assert "market/reviewer" in who.signature
    entry = list(node_evidence.reader().entries(kind="trust.post_lent"))[-1]
    assert entry.payload is not None and entry.payload["role"] == "reviewer"


def test_it_holds_on_its_days_only() -> None:
    lent(first=3, last=4)
    account, post = Account.objects.get(login=CLERK), Delegation.objects.get().post
    roles = []
    for _day in range(6):
        who = actor_of(account, post)
        assert who is not None
        roles.append(who.role)
        advance("1d")
    assert roles == ["clerk"] * 3 + ["reviewer"] * 2 + ["clerk"]


def test_the_giver_the_taker_and_the_head_end_it() -> None:
    for login in (REVIEWER, CLERK, HEAD):
        lent()
        person = Person(login)
        page = person.get(PAGE)
        loan = re.search(r'name="loan" value="([0-9a-f]+)"', page)
        assert loan, login
        person.post(PAGE, act="end", loan=loan[1])
        assert "没有代行的岗位" in person.text
    lent()
    stranger = Person("440103-market-data_officer")
    assert 'name="loan"' not in stranger.get(PAGE)
    stranger.post(PAGE, act="end", loan=loan[1])
    assert Delegation.objects.filter(ended=False).count() == 1


def test_a_post_of_another_is_lent_by_the_head_alone() -> None:
    head = Person(HEAD)
    head.post(PAGE, **typed(head.get(PAGE), CLERK))
    assert head.status == 200 and "负责人指定" in head.text
    head_page = head.get(PAGE)
    clerk = Person(CLERK)
    sent = typed(head_page, "440103-market-data_officer")
    clerk.post(PAGE, **sent)
    assert clerk.status == 422 and "只有本人和本单位负责人可以授权" in clerk.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"last": 90}, "超过 90 天"),
        ({"first": -1}, "起始日不早于今天"),
        ({"first": 5, "last": 4}, "起始日不早于今天"),
    ],
)
def test_days_that_are_not_possible(change: dict[str, int], words: str) -> None:
    reviewer = Person(REVIEWER)
    reviewer.post(PAGE, **typed(reviewer.get(PAGE), CLERK, **change))
    assert reviewer.status == 422 and words in reviewer.text
    assert not Delegation.objects.exists()


def test_a_lent_post_is_not_lent_on() -> None:
    lent()
    clerk = Person(CLERK)
    take_up(clerk, f"代{name_of(REVIEWER)}")
    assert 'name="taker"' not in clerk.get(PAGE)
    post = Delegation.objects.get().post
    who = actor_of(Account.objects.get(login=CLERK), post)
    assert who is not None
    today = legal_time.today()
    other = Account.objects.get(login="440103-market-data_officer").key
    with pytest.raises(lending.NotPossible) as refused:
        lending.lend(who, lending.Wanted(post, other, today, today, "转授"))
    assert refused.value.code == "onwards"


def test_a_post_goes_to_colleagues_only_and_not_to_oneself() -> None:
    account = Account.objects.get(login=REVIEWER)
    who = actor_of(account)
    assert who is not None
    post, today = Holding.objects.get(account=account.key, ended=False).key, legal_time.today()
    elsewhere = Account.objects.get(login="440103-police-clerk").key
    for taker, code in ((elsewhere, "elsewhere"), (account.key, "oneself"), (1, "elsewhere")):
        with pytest.raises(lending.NotPossible) as refused:
            lending.lend(who, lending.Wanted(post, taker, today, today, "x"))
        assert refused.value.code == code


def test_roles_that_are_kept_apart_do_not_meet_by_lending() -> None:
    officer = Person("440103-police-records_officer")
    page = officer.get(PAGE)
    officer.post(PAGE, **typed(page, "440103-police-head", post="登记员"))
    assert officer.status == 422 and "登记与复核须由不同的人承担" in officer.text
    pairs = [(a, b) for a, b, _why in separation.conflicts({"clerk", "supervisor", "head"})]
    assert pairs == [("clerk", "supervisor"), ("head", "supervisor")]


def test_a_post_that_ends_is_lent_no_more() -> None:
    lent()
    account = Account.objects.get(login=REVIEWER)
    with action(by="test", reason="left the post") as act:
        act.end(Holding.objects.get(account=account.key, ended=False))
    assert f"代{name_of(REVIEWER)}" not in Person(CLERK).get("/posts/")


def test_the_page_says_what_a_role_may_do_and_why() -> None:
    officer = Person("440103-police-records_officer")
    page = officer.get(PAGE)
    assert "登记员可以做什么" in page and "户口登记条例" in page
    assert "登记和变更" in page and "复核他人的登记" not in page
    page = officer.get(f"{PAGE}?role=head")
    assert "复核他人的登记" in page
    Person("resident-440103").get(PAGE)
