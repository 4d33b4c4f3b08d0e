"""A child without an account: the parent acts until the birthday; then the child has their own."""

import re
from datetime import date, timedelta

import pytest

from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Account, acting, node_evidence
from lingnan.systems.government.population.models import Resident
from tests.clockwork import advance
from tests.kernel.test_acting import (
    GIVER,
    act_for_child,
    child_of,
    resident,
)
from tests.people import Person, file_business
from tests.signin.real import ANOTHER, Visitor, written

pytestmark = pytest.mark.django_db
OPEN, LOGIN = "/desk/counter/open/", "li.jiangman"
CODE = re.compile(r'<code class="id">([A-Z0-9-]{14})</code>')


def nearly_grown(days: int = 2) -> Resident:
    """A child who comes of age in so many days."""
    mother, today = resident(GIVER), legal_time.today()
    child = child_of(mother, mother.birth_date + timedelta(days=1), "李将满")
    with action(by="test", reason="born so that she comes of age soon") as act:
        born = date(today.year - 18, today.month, today.day) + timedelta(days=days)
        act.change(child, birth_date=born)
    return Resident.objects.get(key=child.key)


def shown(child: Resident, **more: str) -> dict[str, str]:
    said = {"number": child.resident_number, "name": child.name, "login": LOGIN,
            "document": "identity_card", "compared": "1"}  # fmt: skip
    return said | more


def test_before_the_parent_acts_and_from_the_birthday_on_the_child() -> None:
    child, parent, clerk = nearly_grown(), Person(GIVER), Person("440106-police-clerk")
    act_for_child(parent, child.name)
    number = file_business(parent)
    clerk.post(OPEN, **shown(child))
    assert clerk.status == 422 and "未满18周岁" in clerk.said, clerk.said
    advance("2d")
    parent.get(f"/cases/{number}/")
    assert parent.status == 403 and "子女已成年" in parent.text
    assert "公安窗口" in parent.said and "开立" in parent.said, parent.said
    parent.post("/acting/stop/")
    assert child.name not in parent.get("/acting/")
    clerk.post(OPEN, **shown(child))
    code = CODE.search(clerk.text)
    assert clerk.status == 200 and code, clerk.said
    phone = Visitor("198.51.100.9")
    assert phone.post("/signin/ticket/", ticket=code[1]) == 302
    assert phone.post(phone.leads, new=ANOTHER, repeated=ANOTHER) == 302
    assert phone.inside and Visitor().sign_in(LOGIN, ANOTHER) == 302
    # What the parent did as long as the person was a child is theirs, and seen by them.
    assert phone.get(f"/cases/{number}/") == 200
    assert phone.get("/looked/") == 200 and "began to act for you" in phone.page
    assert "440106" in str(written(Account.objects.get(login=LOGIN), "trust.account_enrolled"))
    parent.get(f"/cases/{number}/")
    assert parent.status == 404


def test_whom_the_counter_opens_no_account_for() -> None:
    child, clerk = nearly_grown(0), Person("440106-police-clerk")
    for change, words in (
        ({"name": "李某某"}, "没有此号码和姓名"),
        ({"number": "440103190001010000"}, "没有此号码和姓名"),
        ({"login": "ab"}, "4至40个"),
        ({"login": "ward-0123456789abcdef"}, "4至40个"),
        ({"login": GIVER}, "已有人使用"),
        ({"compared": ""}, "核对"),
        ({"document": "x"}, "请选择"),
    ):
        clerk.post(OPEN, **shown(child, **change))
        assert clerk.status == 422 and words in clerk.said, (change, clerk.said)
    assert not Account.objects.filter(name=child.name, is_active=True).exists()
    mother = resident(GIVER)
    clerk.post(OPEN, **shown(mother, login="another.one"))
    assert clerk.status == 422 and GIVER in clerk.said and "已有账户" in clerk.said, clerk.said
    clerk.post(OPEN, **shown(child))
    assert clerk.status == 200
    clerk.post(OPEN, **shown(child, login="another.one"))
    assert clerk.status == 422 and LOGIN in clerk.said
    assert Account.objects.filter(name=child.name).count() == 1
    for login in (GIVER, "440103-market-clerk", "440103-police-head"):
        other = Person(login)
        other.get(OPEN)
        assert other.status == 403, login


def test_of_two_parents_who_begin_at_once_there_is_one_account_of_the_child() -> None:
    from lingnan.kernel.trust.acting import granting

    first = granting.place_of("a" * 32, "李小满")
    assert granting.place_of("a" * 32, "李小满").key == first.key
    Account.objects.filter(key=first.key).update(subject="")
    with pytest.raises(Account.DoesNotExist):
        granting.place_of("a" * 32, "李小满")


def test_a_corrected_birthday_moves_the_last_day_of_a_guardianship() -> None:
    child, parent = nearly_grown(2), Person(GIVER)
    act_for_child(parent, child.name)
    before = acting.Power.objects.get(basis=acting.GUARDIANSHIP)
    with action(by="test", reason="a birthday is corrected") as act:
        act.change(Resident.objects.get(key=child.key),
                   birth_date=child.birth_date + timedelta(days=30))  # fmt: skip
    advance("3d")
    parent.get("/cases/")
    assert parent.status == 403
    parent.post("/acting/stop/")
    act_for_child(parent, child.name)
    parent.get("/cases/")
    assert parent.status == 200, parent.said
    after = acting.Power.objects.get(basis=acting.GUARDIANSHIP)
    assert after.key == before.key and after.last == before.last + timedelta(days=30)


def test_opening_the_page_of_acting_is_no_use_of_data() -> None:
    """What stands on record of oneself is read; that one acts for a child is evidence."""
    child = child_of(resident(GIVER), legal_time.today() - timedelta(days=400))
    parent = Person(GIVER)
    before = node_evidence.reader().size()
    for _time in range(3):
        assert child.name in parent.get("/acting/")
    assert node_evidence.reader().size() == before
    act_for_child(parent, child.name)
    kinds = [one.kind for one in node_evidence.reader().entries(limit=5)]
    assert "power.taken_up" in kinds
