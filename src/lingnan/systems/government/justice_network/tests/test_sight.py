"""No body sees more than its stage: each official × stage × part, over HTTP."""

import pytest

from lingnan.kernel.exchange.api import elsewhere
from lingnan.kernel.trust.api import node_evidence
from lingnan.systems.government.justice_network import demo_cases, ledger, proceeding
from lingnan.systems.government.justice_network.models import Case
from lingnan.systems.government.justice_network.tests import offices as of
from lingnan.systems.government.justice_network.tests.test_packages import hand
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
# What a page shows of each part, by the words that only this part brings.
MARKS = {"persons": "99999919", "measures": "届满日", "file": "证据清单", "inner": "侦查方案",
         "history": "<h2>经过</h2>"}  # fmt: skip
ALL = {"persons", "measures", "file", "inner", "history"}
# Stage of the demonstration's case → official → what is seen; None: the case is not found.
SEEN: dict[str, dict[str, set[str] | None]] = {
    "合成甲": {  # investigation, nothing handed over
        "investigator": ALL, "police_head": ALL, "prosecutor": {"measures"}, "chief": {"measures"},
        "custody": {"measures"}, "judge": None, "court_head": None, "correction": None,
        "prison": None, "upper_judge": None, "upper_chief": None, "province_chief": None,
    },
    "合成乙": {  # arrested and handed over for prosecution
        "investigator": ALL, "police_head": ALL, "prosecutor": ALL - {"inner"},
        "chief": ALL - {"inner"}, "custody": {"measures"}, "judge": None, "court_head": None,
        "correction": None, "prison": None, "upper_judge": None, "upper_chief": None,
        "province_chief": None,
    },
    "合成丙": {  # before the court, on bail
        "investigator": ALL, "prosecutor": ALL - {"inner"}, "judge": ALL - {"inner"},
        "court_head": ALL - {"inner"}, "correction": None, "prison": None, "upper_judge": None,
        "custody": {"measures"}, "upper_chief": None, "province_chief": None,
    },
    "自报丁某": {  # sent to the procuratorate, not received yet: the list alone
        "investigator": ALL - {"persons"}, "prosecutor": {"measures"}, "custody": {"measures"},
        "judge": None, "correction": None,
    },
}  # fmt: skip


def test_another_nodes_bodies_have_their_demonstration_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    court = "gd-440103-court"
    monkeypatch.setattr(elsewhere, "node_of", lambda body: "there" if body == court else None)
    assert demo_cases.play_once() == 0 and not Case.objects.exists()


def test_each_official_sees_the_parts_of_the_stage_and_no_other() -> None:
    assert demo_cases.play_once() == 4
    assert demo_cases.play_once() == 0
    _each_sees_its_parts()
    _a_document_is_not_opened_by_its_address_alone()
    _another_county_sees_nothing()
    _an_act_that_is_not_ones_own_is_not_offered()
    _when_the_file_goes_back_sight_narrows()


def _each_sees_its_parts() -> None:
    people = {name: of.person(name) for name in {n for rows in SEEN.values() for n in rows}}
    for name, rows in SEEN.items():
        case = Case.objects.get(suspects__name=name)
        for official, parts in rows.items():
            page = people[official].get(ledger.link(case))
            if parts is None:
                assert people[official].status == 404, (name, official)
                continue
            seen = {part for part, mark in MARKS.items() if mark in page}
            assert seen == parts, (name, official)


def _a_document_is_not_opened_by_its_address_alone() -> None:
    case = Case.objects.get(suspects__name="合成丙")
    base = f"{ledger.link(case)}documents/"
    inner = case.documents.get(volume="inner")
    charge = case.documents.get(title="起诉书")
    police, judge, correction = (
        of.person("investigator"),
        of.person("judge"),
        of.person("correction"),
    )
    for person, one, status in (
        (police, inner, 200), (judge, inner, 404), (judge, charge, 200),
        (police, charge, 404), (correction, charge, 404),
    ):  # fmt: skip
        person.get(f"{base}{one.number}/")
        assert person.status == status, (person.login, one.title)
    told = [
        one.payload for one in node_evidence.reader().by_reference(ledger.reference(case))
        if one.kind == "justice.document_opened" and one.payload
    ]  # fmt: skip
    assert any(one["case"] == case.number and one["basis"] for one in told if one)


def _when_the_file_goes_back_sight_narrows() -> None:
    case = Case.objects.get(suspects__name="合成丙")
    prosecutor, judge = of.person("prosecutor"), of.person("judge")
    link = ledger.link(case)
    assert "合成合同" in judge.get(link)
    of.act(judge, link, "adjourn", text="检察机关建议补充侦查")
    assert "合成合同" in judge.get(link)  # not received yet: it is still here
    of.receive(prosecutor)
    assert "合成合同" not in judge.get(link) and judge.status == 200
    assert "审判阶段补充侦查" in judge.text
    of.act(prosecutor, link, "resume_trial", text="补充侦查完毕")
    of.receive(judge)
    assert "合成合同" in judge.get(link)


@pytest.mark.parametrize("login", [
    "440103-police-clerk", "440103-police-records_officer", "440103-market-head",
    "440103-supervision-supervisor", "resident-440103", "440000-data-operator",
])  # fmt: skip
def test_posts_without_a_part_in_it_are_kept_out(login: str) -> None:
    person = Person(login)
    for url in ("/desk/justice/", "/desk/justice/open/", "/desk/justice/custody/"):
        person.get(url)
        assert person.status == 403, (login, url)


def _another_county_sees_nothing() -> None:
    case = Case.objects.get(suspects__name="合成乙")
    posts = ("police-investigator", "procuratorate-prosecutor",
             "procuratorate-custody_prosecutor", "court-judge")  # fmt: skip
    for post in posts:
        person = Person(f"440106-{post}")
        person.get(ledger.link(case))
        assert person.status == 404, post
        assert case.number not in person.get("/desk/justice/")


def _an_act_that_is_not_ones_own_is_not_offered() -> None:
    case = Case.objects.get(suspects__name="合成乙")
    link = ledger.link(case)
    for name, code in (("investigator", "return_file"), ("custody", "return_file"),
                       ("prosecutor", "judge"), ("prosecutor", "transfer")):  # fmt: skip
        person = of.person(name)
        person.post(f"{link}acts/{code}/", text="x")
        assert person.status == 404, (name, code)
    assert [one.code for one in proceeding.open_to(case, hand("prosecutor"))] == [
        "return_file", "prosecute",
    ]  # fmt: skip
