"""Over HTTP: anybody reports false information or asks, and the registrar answers in time."""

from datetime import date

import pytest
from django.test import Client

from lingnan.kernel.duty.api import Clock, Task, clocks
from lingnan.kernel.runtime.api import legal_time
from lingnan.systems.government.legal_persons import asking
from lingnan.systems.government.legal_persons.models import Enquiry, Enterprise, ListEntry
from lingnan.systems.government.legal_persons.views import enquiries
from tests.firms import COUNTY, on_the_day, until
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
SAID = {
    "act": "ask",
    "kind": "false",
    "about": "2025年度报告",
    "statement": "该企业早已停业，年度报告却载明在业",
    "contact_name": "何举报",
    "contact": "13900001111",
}


class Guest(Person):
    """Nobody signed in."""

    def __init__(self) -> None:
        self.client, self.login = Client(), ""
        self.client.cookies["django_language"] = "zh-hans"


def asked(person: Person, firm: Enterprise, **changes: str) -> Enquiry:
    page = person.post(f"/enterprises/{firm.credit_code}/enquiry/", **(SAID | changes))
    assert person.status == 200 and "已收到" in page, page
    return Enquiry.objects.filter(company=firm.credit_code).order_by("-key")[0]


def desk_of(made: Enquiry) -> str:
    return f"/desk/registration/enquiries/{made.number}/"


def test_what_is_found_false_leads_to_a_notice_and_the_guest_reads_the_answer(
    firm: Enterprise, registrar: Person
) -> None:
    guest = Guest()
    assert "举报信息虚假" in guest.get(f"/enterprises/{firm.credit_code}/")
    made = asked(guest, firm)
    assert guest.url == f"/enterprises/enquiries/{made.number}/" and made.person == ""
    # Twenty working days from Monday, 2 March 2026.
    assert made.due_on == date(2026, 3, 30)
    clock = Clock.objects.get(reference=made.number, code=asking.CLOCK)
    assert (clock.unit, clock.statutory) == ("working_day", 20)
    assert made.number in registrar.get("/desk/registration/") and "核查公示信息" in registrar.get(
        "/desk/"
    )
    page = registrar.get(desk_of(made))
    assert SAID["contact"] in page and SAID["statement"] in page
    said = {"act": "answer", "outcome": "false"}
    registrar.post(desk_of(made), **said, words="")
    assert registrar.status == 422
    registrar.post(desk_of(made), **said, words="经实地核查，举报属实")
    assert registrar.status == 200, registrar.text
    entry = ListEntry.objects.get(company=firm.credit_code)
    assert (entry.ground, entry.state) == ("hidden_facts", "noticed")
    assert "拟列入名录告知" in Person("resident-440103").get("/messages/")
    page = guest.get(f"/enterprises/enquiries/{made.number}/")
    assert "举报属实" in page and "拟列入经营异常名录" in page and SAID["contact"] not in page
    assert not Task.objects.filter(reference=made.number, done_at=None).exists()
    assert clocks.read(clock).state == "stopped"
    registrar.post(desk_of(made), **said, words="再次")
    assert registrar.status == 409 and Enquiry.objects.get(key=made.key).answer.startswith("经实地")


def test_a_second_report_of_the_same_gives_no_second_notice(
    firm: Enterprise, registrar: Person
) -> None:
    for _time in range(2):
        made = asked(Guest(), firm)
        registrar.post(desk_of(made), act="answer", outcome="false", words="属实")
        assert registrar.status == 200, registrar.text
    assert ListEntry.objects.filter(company=firm.credit_code).count() == 1
    assert Enquiry.objects.filter(company=firm.credit_code).exclude(entry="").count() == 2


def test_a_question_is_answered_and_who_was_signed_in_is_told(
    firm: Enterprise, registrar: Person
) -> None:
    resident = Person("resident-440106")
    assert resident.name in resident.get(f"/enterprises/{firm.credit_code}/enquiry/?kind=question")
    made = asked(resident, firm, kind="question")
    assert made.person
    registrar.post(desk_of(made), act="answer", outcome="false", words="不是举报")
    assert registrar.status == 422
    registrar.post(desk_of(made), act="answer", outcome="answered", words="实缴出资见公示信息")
    assert registrar.status == 200
    assert made.number in resident.get("/messages/")
    assert not ListEntry.objects.filter(company=firm.credit_code).exists()
    guest = Guest()
    page = guest.post("/enterprises/enquiries/", number=made.number.lower())
    assert "实缴出资见公示信息" in page
    guest.post("/enterprises/enquiries/", number="JB-0")
    assert guest.status == 422 and "没有该编号" in guest.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "wish"}, "请选择"),
        ({"about": ""}, "请填写"),
        ({"statement": "长" * 601}, "600"),
        ({"contact": ""}, "请填写"),
    ],
)
def test_what_is_faulty_is_refused_and_nothing_is_lost(
    firm: Enterprise, changes: dict[str, str], said: str
) -> None:
    guest = Guest()
    page = guest.post(f"/enterprises/{firm.credit_code}/enquiry/", **(SAID | changes))
    assert guest.status == 422 and said in page
    assert SAID["contact_name"] in page and not Enquiry.objects.filter(contact=SAID["contact"])


def test_only_the_registrar_of_the_county_sees_who_asked(firm: Enterprise) -> None:
    made = asked(Guest(), firm)
    seen_by = {
        "440106-market-reviewer": 404,
        "resident-440103": 403,
        f"{COUNTY}-market-clerk": 403,
        f"{COUNTY}-market-head": 200,
    }
    for login, status in seen_by.items():
        person = Person(login)
        person.get(desk_of(made))
        assert person.status == status, login
    head = Person(f"{COUNTY}-market-head")
    head.post(desk_of(made), act="answer", outcome="sound", words="未发现虚假")
    assert head.status == 409 and Enquiry.objects.get(key=made.key).answered_on is None
    owner = Person("resident-440103")
    assert SAID["contact_name"] not in owner.get(f"/enterprises/mine/{firm.credit_code}/")


def test_what_is_late_is_seen_as_late(firm: Enterprise, registrar: Person) -> None:
    made = asked(Guest(), firm)
    assert made.due_on and legal_time.today() <= made.due_on
    until(date(2026, 3, 31))
    registrar = on_the_day(registrar)
    assert "逾期未答复" in registrar.get("/desk/registration/")


def test_one_address_cannot_flood_the_registrar(
    firm: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enquiries, "PER_ADDRESS", 1)
    monkeypatch.setattr(enquiries, "COUNTED", "a test's enquiries")
    asked(Guest(), firm)
    guest = Guest()
    page = guest.post(f"/enterprises/{firm.credit_code}/enquiry/", **SAID)
    assert guest.status == 429 and SAID["statement"] in page
    assert Enquiry.objects.filter(company=firm.credit_code).count() == 1
