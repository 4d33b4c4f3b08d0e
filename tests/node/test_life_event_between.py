"""A life event at a node that has no register of people: the county's, with population at the
province's. Who comes with a document is introduced by the register's node, once."""

import re
from urllib.parse import quote

import pytest

from lingnan.node.walk import facts
from lingnan.node.walk.browser import Browser, File, Page
from lingnan.node.walk.stage import PAPER
from tests.node.pair import RESIDENT, Node, Pair
from tests.node.test_between_nodes import counted, until
from tests.restaurants import ANSWERS

POLICE, COUNTY = "440306-police-records_officer", "440306"
NEWCOMER, WORD = "newcomer", "a-word-of-one's-own-7301"
ON_RECORD = """
import django; django.setup()
from lingnan.kernel.exchange.api import keys_of
from lingnan.kernel.trust.api import Account
from lingnan.systems.government.population.models import Resident
subject = Account.objects.get(login="resident-440103").subject
one = Resident.objects.get(key=keys_of([subject])[subject])
print(one.resident_number, one.name)
"""
# What the bodies of the event may ask of the register, each for its matter.
AGREED = """
import django; django.setup()
from lingnan.kernel.exchange.api import conclude
elements = ["person.name", "person.identity_number", "person.residence_address"]
permit = "《行政许可法》（2019-04-23）第三十三条"
tax = "《税收征收管理法》（2015-04-24）第十五条第一款"
market = "《市场主体登记管理条例》（2021-07-27）第十五条、第十六条第三款"
for body, purpose, basis in (
    ("market", "individual_business", market), ("market", "food_licence", permit),
    ("fire", "fire_safety_permit", permit), ("urban", "shop_sign", permit),
    ("tax", "tax_confirmation", tax),
):
    conclude(f"N4-{purpose}", "population.identity", f"gd-440000-{body}", purpose, basis, elements,
             "a test")
"""

TOLD = """
import django; django.setup()
from lingnan.kernel.exchange.api import conclude
conclude("N4-T", "population.identity", "gd-440000-market", "a_test",
         "《行政许可法》（2019-04-23）第三十三条", ["person.residence_address"], "a test")
"""
FOLLOW = """
import django; django.setup()
from lingnan.kernel.exchange.api import follow, introduce
from lingnan.kernel.trust.api import Account
subject = introduce(Account.objects.get(login="newcomer").subject, to="gd-440306-market")
follow("population.identity", "gd-440306-market", subject, "a_test",
       "《行政许可法》（2019-04-23）第三十三条", ["person.residence_address"], "SP-1",
       "legal_persons")
"""
MOVED = """
import django; django.setup()
from lingnan.kernel.exchange.api import keys_of
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import Account
from lingnan.systems.government.population.models import Resident
subject = Account.objects.get(login="resident-440103").subject
one = Resident.objects.get(key=keys_of([subject])[subject])
with action(by="a test", reason="another address") as act:
    act.change(one, address="合成路9号")
"""


AGREED_SET = """
import django; django.setup()
from lingnan.kernel.exchange.api import conclude
conclude("N4-S", "population.identity", "gd-440000-market", "newcomers_in_a_set",
         "《行政许可法》（2019-04-23）第三十三条", ["person.name"], "a test", uses=["set"])
"""
ASKED_IN_A_SET = """
import django; django.setup()
from lingnan.kernel.exchange.api import SetUse, introduce, opened, part
from lingnan.kernel.trust.api import Account
subject = introduce(Account.objects.get(login="newcomer").subject, to="gd-440306-market")
use = SetUse("population.identity", "gd-440306-market", "newcomers_in_a_set",
             "《行政许可法》（2019-04-23）第三十三条", "", "a test", ("person.name",), "N4")
print(part(opened(use, [subject]).manifest.number, 0).values["person.name"][0])
"""


def enrolled(node: Node, number: str, name: str, login: str) -> Page:
    official = node.person(POLICE)
    form = official.get("/desk/counter/open/").form(number="")
    return official.send(form, {"number": number, "name": name, "login": login,
                                "document": "identity_card", "compared": "1"})  # fmt: skip


def signed_in(node: Node, code: str) -> Browser:
    """On the person's own device."""
    phone = Browser(node.url)
    phone.opener.addheaders = [("User-Agent", "the phone of who stands at the counter")]
    phone.send(phone.get("/signin/ticket/").form(ticket=""), {"ticket": code})
    page = phone.send(phone.page.form(new=""), {"new": WORD, "repeated": WORD})
    assert page.path == "/account/", page.message()
    return phone


@pytest.fixture(scope="module")
def person(pair: Pair) -> Browser:
    number, name = pair.giver.python(ON_RECORD).split()
    page = enrolled(pair.holder, number, name, NEWCOMER)
    found = re.search(r'<code class="id">([A-Z0-9-]{14})</code>', page.content.decode())
    assert found, page.message()
    return signed_in(pair.holder, found[1])


def test_whom_the_register_does_not_know_gets_no_account(pair: Pair) -> None:
    number, name = pair.giver.python(ON_RECORD).split()
    page = enrolled(pair.holder, number, f"{name}某", "somebody")
    assert page.status == 422 and "登记中没有" in page.main.text, page.message()


def test_records_at_the_register_fill_the_form_and_the_person_sees_it(
    pair: Pair, person: Browser
) -> None:
    number, name = pair.giver.python(ON_RECORD).split()
    pair.giver.python(AGREED)
    page = person.submit(person.get("/events/restaurant/").form(division=""), division=COUNTY)
    assert "/joint/draft/" in page.path, page.message()
    filled = facts.asked(page).filled
    assert name in filled.values() and number in filled.values(), page.main.text
    said = {one: File("材料.pdf", PAPER) for one in facts.asked(page).materials}
    form = page.form(go="")
    # Credit is carried by neither node: what its record would say is typed, and checked later.
    typed = {"credit_food_bar": form.all("input", name="credit_food_bar")[0].get("value")}
    page = person.send(form, said | ANSWERS | typed, press="go")
    assert page.path.endswith("/check/"), page.message()
    page = person.submit(page.form(submit=""), press="submit")
    assert "-J" in page.path, page.message()
    looked = pair.giver.person(RESIDENT).get("/looked/").main.text
    for words in ("深圳市宝安区", "节点间介绍", "新开业税务信息确认"):
        assert words in looked, looked
    assert pair.holder.evidence("exchange.introduced") and quote(number) not in str(
        pair.holder.evidence("exchange.introduced")[0].payload
    )


def test_what_changes_at_the_register_is_told_to_the_node_that_serves(
    pair: Pair, person: Browser
) -> None:
    pair.giver.python(TOLD)
    pair.holder.python(FOLLOW)
    until(lambda: "following" in counted(pair.holder)["following"], "not followed")
    before = len(counted(pair.holder)["arrived"])
    pair.giver.python(MOVED)
    until(lambda: len(counted(pair.holder)["arrived"]) == before + 1, "not told")


def test_a_set_may_name_them_and_they_see_it_at_the_register(pair: Pair, person: Browser) -> None:
    pair.giver.python(AGREED_SET)
    _number, name = pair.giver.python(ON_RECORD).split()
    assert pair.holder.python(ASKED_IN_A_SET).split()[-1] == name
    assert "newcomers_in_a_set" in pair.giver.person(RESIDENT).get("/looked/").main.text
