"""Two at once: one wins, the other is told, and nothing is done twice."""

import pytest

from lingnan.kernel.duty.api import Clock, Message, clocks
from lingnan.kernel.matters.api import Case, Certificate, Decision
from lingnan.kernel.matters.models import Application
from lingnan.kernel.runtime.testing import at_once
from lingnan.systems.government.legal_persons.models import IndividualBusiness
from tests.kernel.province import ProvinceTestCase
from tests.people import SHOP, Person, file_business, pdf
from tests.restaurants import cases_of, file_event

pytestmark = pytest.mark.kernel


class Races(ProvinceTestCase):
    def test_a_task_decided_twice_at_once_is_decided_once(self) -> None:
        number = file_business(Person("resident-440103"))
        Person("440103-market-clerk").act(number, "accept")
        first, second = Person("440103-market-reviewer"), Person("440103-market-reviewer")
        first.get(f"/desk/cases/{number}/")
        task = first.task("decide")
        before = IndividualBusiness.objects.count()

        def decide(person: Person, outcome: str) -> int:
            person.post(
                f"/desk/cases/{number}/act/", act="decide", task=task, outcome=outcome,
                reasons="审查意见。", articles="《市场主体登记管理条例》（2021-07-27）第二十条",
            )  # fmt: skip
            return person.status

        statuses = at_once(lambda: decide(first, "granted"), lambda: decide(second, "granted"))
        assert sorted(statuses) == [200, 409], statuses
        loser = first if statuses[0] == 409 else second
        assert first.name in loser.text
        assert Decision.objects.filter(case__number=number).count() == 1
        assert IndividualBusiness.objects.count() == before + 1
        assert Certificate.objects.filter(case__number=number).count() == 1
        assert list(Case.objects.get(number=number).events.values_list("kind", flat=True)).count(
            "decided"
        ) == 1  # fmt: skip

    def test_an_application_submitted_twice_at_once_is_one_case(self) -> None:
        resident = Person("resident-440106")
        resident.post("/matters/individual_business/begin/", body="gd-440106-market")
        draft = resident.url
        resident.post(draft, **SHOP, go="1", **{"file-premises_proof": pdf()})
        tabs = [Person("resident-440106") for _ in range(3)]

        def submit(person: Person) -> str:
            person.post(f"{draft}check/", submit="1")
            return person.url

        urls = at_once(*[lambda tab=tab: submit(tab) for tab in tabs])  # type: ignore[misc]
        reference = draft.strip("/").split("/")[-1]
        number = Application.objects.get(reference=reference).case_number
        assert urls == [f"/cases/{number}/"] * 3
        assert Case.objects.filter(application_id=reference).count() == 1

    def test_cases_filed_at_once_have_different_numbers(self) -> None:
        residents = [Person(f"resident-{county}") for county in ("440103", "440106", "441802")]
        numbers = at_once(*[lambda r=r: file_business(r) for r in residents])  # type: ignore[misc]
        assert len(set(numbers)) == 3 and all(str(n).startswith("440103-26-") for n in numbers)

    def test_the_whole_extended_twice_at_once_is_extended_once(self) -> None:
        number = file_event(Person("resident-440103"))
        heads = [Person("440103-government-head") for _ in range(4)]

        def extend(person: Person) -> int:
            person.post(f"/desk/joint/{number}/extend/", reason="需要联合踏勘。")
            return person.status

        statuses = at_once(*[lambda h=head: extend(h) for head in heads])  # type: ignore[misc]
        assert sorted(statuses) == [200, 409, 409, 409], statuses
        loser = heads[statuses.index(409)]
        assert "已经延长过一次" in loser.text
        assert clocks.of_references([number])[number]["joint"].limit == 60
        assert Message.objects.filter(subject_zh=f"{number} 办理期限延长").count() == 1

    def test_two_parts_asked_to_mend_at_once_pause_the_whole_once(self) -> None:
        number = file_event(Person("resident-440103"))
        parts = cases_of(number)
        asked = {"urban": parts["shop_sign"], "fire": parts["fire_safety_permit"]}
        clerks = {function: Person(f"440103-{function}-clerk") for function in asked}

        def ask(function: str) -> int:
            clerks[function].act(asked[function], "ask-correction", items="请补图纸")
            return clerks[function].status

        assert at_once(lambda: ask("urban"), lambda: ask("fire")) == [200, 200]
        turns = Clock.objects.get(reference=number, code="joint").events
        assert list(turns.values_list("kind", flat=True)) == ["pause"]

    def test_a_maker_and_those_who_wait_for_it_are_withdrawn_at_once(self) -> None:
        number = file_event(Person("resident-440103"))
        parts = cases_of(number)
        asked = {
            "market": "individual_business",
            "urban": "shop_sign",
            "fire": "fire_safety_permit",
        }
        for function, matter in asked.items():
            clerk = Person(f"440103-{function}-clerk")
            clerk.act(parts[matter], "ask-correction", items="请补图纸")
        tabs = {matter: Person("resident-440103") for matter in asked.values()}

        def withdraw(matter: str) -> int:
            tabs[matter].post(f"/cases/{parts[matter]}/withdraw/")
            return tabs[matter].status

        statuses = at_once(*[lambda m=matter: withdraw(m) for matter in tabs])  # type: ignore[misc]
        assert statuses == [200, 200, 200]
        turns = Clock.objects.get(reference=number, code="joint").events.order_by("id")
        assert list(turns.values_list("kind", flat=True)) == ["pause", "resume"]
        assert Message.objects.filter(subject_zh__contains="所等待的登记没有办成").count() == 1
