"""What an application reads, who sees it, and what happens when it cannot be read."""

import hashlib
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from lingnan.kernel.exchange.models import Pseudonym
from lingnan.kernel.matters.models import Application, Case
from lingnan.kernel.trust.api import node_evidence
from tests.kernel import uses
from tests.people import PDF, SHOP, Person, file_business, file_fire, pdf, register_business

pytestmark = pytest.mark.django_db
BEGIN = "/matters/individual_business/begin/"
TYPED = {"operator_name": "陈大文", "operator_number": "440191199001011238",
         "operator_address": "广州市荔湾区龙津东路1号"}  # fmt: skip


def quiet(person: Person) -> Person:
    """Answers of a failure come as the browser gets them."""
    person.client.raise_request_exception = False
    return person


@pytest.mark.kernel
def test_the_evidence_of_a_read_stays_when_the_request_around_it_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resident = quiet(Person("resident-440103"))
    before, drafts = uses.size(), Application.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr("lingnan.kernel.matters.prefill.fill", lambda *args: 1 / 0)
        resident.post(BEGIN, body=uses.MARKET)
    assert resident.status == 500
    assert Application.objects.count() == drafts
    assert uses.about(uses.key_of(uses.resident()))[0] == before + 1
    listed = resident.get("/looked/").partition('<table class="stack"')[2]
    assert f"{before + 1}" in listed.split("<tr")[2]


def test_without_evidence_nothing_is_read_and_the_applicant_types(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resident = quiet(Person("resident-440103"))
    name = uses.resident().name
    with uses.evidence_down(monkeypatch):
        page = resident.post(BEGIN, body=uses.MARKET)
        assert resident.status == 200 and resident.url.startswith("/apply/")
        assert "暂时无法读取记录" in page
        assert f'value="{name}"' not in page
        draft = resident.url
        resident.post(draft, **SHOP, **TYPED, **{"file-premises_proof": pdf(), "go": "1"})
        assert resident.url.endswith("/check/")
        resident.post(resident.url, submit="1")
        assert resident.status == 503 and resident.response.headers["Retry-After"]
        assert not Case.objects.filter(account=uses.resident().key).exists()
    resident.post(f"{draft}check/", submit="1")
    case = Case.objects.get(number=resident.url.strip("/").split("/")[-1])
    assert case.declared["operator_name"] == {"value": "陈大文", "source": "fallback"}


def test_a_holder_that_fails_lets_the_applicant_type(monkeypatch: pytest.MonkeyPatch) -> None:
    resident = Person("resident-440103")

    def broken(keys: object) -> None:
        raise OSError("disk")

    uses.answering(monkeypatch, uses.IDENTITY, broken)
    page = resident.post(BEGIN, body=uses.MARKET)
    assert resident.status == 200 and "暂时无法读取记录" in page
    assert re.search(r'<input type="text" value="" id="id_operator_name"', page)


def test_a_disputed_record_opens_the_field_and_stays_cited() -> None:
    resident = Person("resident-440103")
    resident.post(BEGIN, body=uses.MARKET)
    draft, record = resident.url, uses.resident().name
    resident.post(draft, dispute="operator_name")
    resident.post(draft, **SHOP, operator_name="陈新名", go="1", **{"file-premises_proof": pdf()})
    resident.post(resident.url, submit="1")
    number = resident.url.strip("/").split("/")[-1]
    page = Person("440103-market-clerk").get(f"/desk/cases/{number}/")
    assert "陈新名" in page and record in page


def test_a_field_from_a_record_cannot_be_typed_over() -> None:
    number = file_business(Person("resident-440103"), operator_name="别人")
    assert Case.objects.get(number=number).declared["operator_name"]["value"] != "别人"


def test_a_necessary_record_that_does_not_exist_is_said_before_the_form() -> None:
    resident = Person("resident-440106")
    page = resident.post("/matters/fire_safety_permit/begin/", body="gd-440106-fire")
    assert resident.status == 409
    assert "没有查到" in page and "/matters/individual_business/" in page
    assert not Application.objects.filter(account=uses.resident("440106").key).exists()


@pytest.fixture
def bodies(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every text that any client receives."""
    received: list[str] = []
    plain = Client.request

    def request(self: Client, **environment: object) -> object:
        response = plain(self, **environment)
        if not response.streaming and "pdf" not in response.headers.get("Content-Type", ""):
            received.append(f"{response.headers} {response.content.decode()}")
        return response

    monkeypatch.setattr(Client, "request", request)
    yield received


def internal_keys() -> set[str]:
    """Every 63-bit key in the database."""
    return {
        str(key)
        for model in apps.get_models()
        if isinstance(model._meta.pk, models.BigIntegerField | models.IntegerField)
        for key in model._base_manager.values_list("pk", flat=True)
        if key > 10**12
    }


def test_no_page_and_no_answer_shows_a_key_or_a_pseudonym(bodies: list[str]) -> None:
    resident = Person("resident-440103")
    business = register_business(resident)
    permit = file_fire(resident, "inspection")
    for page in ("/", "/cases/", f"/cases/{business}/", f"/cases/{permit}/", "/certificates/",
                 "/looked/", "/messages/"):  # fmt: skip
        resident.get(page)
    clerk, reviewer = Person("440103-fire-clerk"), Person("440103-market-reviewer")
    for page in ("/desk/", "/desk/cases/", f"/desk/cases/{permit}/", "/desk/records/"):
        clerk.get(page)
    for page in (f"/desk/cases/{business}/", "/desk/records/legal_persons/individualbusiness/",
                 "/api/records/legal_persons/individualbusiness", "/api/openapi.json"):  # fmt: skip
        reviewer.get(page)
        assert reviewer.status == 200, page
    found = re.search(r"/desk/records/legal_persons/individualbusiness/[0-9a-f]{32}/",
                      reviewer.get("/desk/records/legal_persons/individualbusiness/"))  # fmt: skip
    assert found
    reviewer.get(found[0])
    officer = Person("440103-police-records_officer")
    officer.get("/desk/records/population/resident/")
    officer.get("/api/records/population/resident")
    text = "\n".join(bodies)
    assert len(bodies) > 40 and len(internal_keys()) > 1000
    assert internal_keys() & set(re.findall(r"\d{13,19}", text)) == set()
    names = set(Pseudonym.objects.values_list("pseudonym", flat=True))
    assert names & set(re.findall(r"[0-9a-f]{32}", text)) == set()
    assert uses.resident().subject not in text


def test_an_opening_by_the_holders_own_official_is_seen_by_the_resident() -> None:
    officer = Person("440103-police-records_officer")
    name = uses.resident().name
    page = officer.post("/desk/records/population/resident/", q=name)
    listed = uses.size()
    found = re.search(r"/desk/records/population/resident/[0-9a-f]{32}/", page)
    assert found and uses.about(uses.key_of(uses.resident()))[0] == listed
    officer.get(found[0])
    kinds = [entry.kind for entry in node_evidence.reader().entries(limit=2)]
    assert kinds == ["record.opened", "record.listed"]
    shown = Person("resident-440103").get("/looked/")
    assert "荔湾区分局" in shown and "record." not in shown and f"“{name}”" in shown


def test_a_search_without_evidence_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    officer = quiet(Person("440103-police-records_officer"))
    with uses.evidence_down(monkeypatch):
        page = officer.post("/desk/records/population/resident/", q=uses.resident().name)
    assert officer.status == 503
    assert uses.resident().name not in page.replace(officer.url, "")


def test_every_act_on_a_case_is_evidence() -> None:
    number = register_business(Person("resident-440103"))
    entries = node_evidence.reader().by_reference(number)
    told = [entry.payload["event"] for entry in entries[3::-1] if entry.payload]
    assert told == ["received", "accepted", "decided", "delivered"]
    assert node_evidence.reader().verify() == []


def test_a_file_of_the_application_goes_to_its_body_only() -> None:
    resident = Person("resident-440103")
    number = file_business(resident)
    clerk = Person("440103-market-clerk")
    link = f"/desk/cases/{number}/files/{hashlib.sha256(PDF).hexdigest()}/"
    assert link in clerk.get(f"/desk/cases/{number}/")
    clerk.get(link)
    assert clerk.response.content == PDF
    assert clerk.response.headers["Content-Disposition"].startswith("attachment")
    other = Person("440106-market-clerk")
    other.get(link)
    assert other.status == 404


def test_the_operator_sees_who_opened_the_record_of_the_business() -> None:
    resident = Person("resident-440103")
    register_business(resident)
    other = Person("resident-440106")
    opened = "打开了您的记录"
    before = [person.get("/looked/").count(opened) for person in (resident, other)]
    reviewer = Person("440103-market-reviewer")
    address = "/desk/records/legal_persons/individualbusiness/"
    page = reviewer.post(address, q=SHOP["business_name"])
    found = re.search(rf"{address}([0-9a-f]{{32}})/", page)
    assert found, page
    reviewer.get(found[0])
    after = [person.get("/looked/").count(opened) for person in (resident, other)]
    assert after == [before[0] + 1, before[1]]
    assert "审查员" in resident.get("/looked/")


def test_a_decision_explains_itself_to_the_applicant() -> None:
    resident = Person("resident-440103")
    page = resident.get(f"/cases/{register_business(resident)}/")
    for part in (
        "这个决定是怎样作出的",
        "第十九条",
        "居民，第 1 版",
        "paper.pdf",
        "SHA-256",
    ):
        assert part in page, part


def test_the_applicant_sees_who_opened_the_case_and_its_papers() -> None:
    resident = Person("resident-440103")
    number = file_business(resident)
    clerk = Person("440103-market-clerk")
    clerk.get(f"/desk/cases/{number}/")
    clerk.get(f"/desk/cases/{number}/files/{hashlib.sha256(PDF).hexdigest()}/")
    shown = resident.get("/looked/")
    assert "打开了您办件的材料" in shown and "打开了您的办件" in shown and number in shown
