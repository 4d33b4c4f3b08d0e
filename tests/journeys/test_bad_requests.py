"""Requests that no page of ours would send: never a failure, never somebody else's data."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from lingnan.kernel.matters.api import Case
from lingnan.kernel.matters.models import Application
from lingnan.kernel.trust.api import Account, EvidenceUnavailable
from tests.journeys.drafts import begun
from tests.people import SHOP, Person, file_business, file_fire

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.kernel,
    pytest.mark.usefixtures("as_the_browser_gets_it"),
]


@pytest.fixture
def sessions(resident: Person) -> Iterator[dict[str, str]]:
    """Cookies that are no session any more, or never were."""
    mine = resident.client.cookies["sessionid"].value
    forged = mine[:-1] + ("a" if mine[-1] != "a" else "b")
    yield {"forged": forged, "ended": mine, "nonsense": "\x7f" * 40, "empty": ""}


@pytest.mark.parametrize("kind", ["forged", "ended", "nonsense", "empty"])
def test_without_a_session_nothing_is_shown_and_nothing_written(
    resident: Person, sessions: dict[str, str], kind: str
) -> None:
    draft = begun(resident)
    Session.objects.all().delete() if kind == "ended" else None
    stranger = Client()
    stranger.cookies["sessionid"] = sessions[kind]
    shown = stranger.get(draft)
    assert shown.status_code == 302 and shown.headers["Location"].startswith("/signin/?next=")
    sent = stranger.post(draft, SHOP | {"business_name": "贼"})
    assert sent.status_code in (302, 403)
    assert "贼" not in str(Application.objects.values_list("answers", flat=True))


def test_what_belongs_to_another_resident_does_not_exist(resident: Person) -> None:
    number = file_business(resident)
    draft = f"/apply/{Case.objects.get(number=number).application_id}/"
    other = Person("resident-440106")
    for url in (f"/cases/{number}/", draft, f"{draft}check/", f"{draft}files/premises_proof/"):
        other.get(url)
        assert other.status == 404, url
    for url in (f"/cases/{number}/withdraw/", draft, f"{draft}check/"):
        other.post(url, **SHOP | {"business_name": "贼"}, submit="1")
        assert other.status == 404, url
    assert Case.objects.get(number=number).state == "received"
    assert number not in other.get("/cases/") + other.get("/messages/")


ADDRESSES = [
    "/cases/440103-26-999999/", "/cases/x/", "/desk/cases/none/", "/matters/none/",
    "/apply/0/", "/certificates/NONE.pdf", "/verify/NONE/", "/desk/records/none/none/",
    "/desk/records/population/resident/zz/", "/none/", "/api/records/none/none",
    "/api/records/population/resident/zz", "/desk/cases/440103-26-000001/files/none/",
    "/certificates/%00.pdf", "/verify/%E5%BA%97/", "/cases/%2e%2e%2fetc/", "/" + "a" * 5000,
]  # fmt: skip
PARAMETERS = ["after=zzz", "after=-1", "after=" + "0" * 32, "before=-1", "before=²", "before=x",
              "before=99999999999999999999", "q=%00", "q=" + "x" * 3000, "q=%FF%FE", "after=%00",
              "choose=%00", "next=//evil.example", "next=javascript:alert(1)", "q=%25&after=%5C",
              "before=9223372036854775807", "after[]=1&after[]=2"]  # fmt: skip
PAGES = ["/", "/looked/", "/cases/", "/messages/", "/desk/", "/desk/cases/", "/verify/", "/signin/",
         "/desk/records/population/resident/", "/api/records/population/resident",
         "/matters/individual_business/"]  # fmt: skip
READERS = ["resident-440103", "440103-market-clerk", "440103-police-records_officer"]


@pytest.mark.parametrize("login", READERS)
def test_an_unknown_address_is_never_a_failure(login: str) -> None:
    person = Person(login)
    for url in ADDRESSES:
        assert person.client.get(url).status_code in (403, 404), url


@pytest.mark.parametrize("login", READERS)
def test_an_absurd_parameter_is_never_a_failure(login: str) -> None:
    person = Person(login)
    for page in PAGES:
        for parameter in PARAMETERS:
            status = person.client.get(f"{page}?{parameter}").status_code
            assert status in (200, 302, 400, 401, 403, 404, 422), (page, parameter, status)


ACTS = {
    "decide": {"outcome": "granted", "reasons": "一\x00二"},
    "step": {"outcome": "meets\x00", "findings": "\x00", "officer": "\x00"},
    "not-accept": {"reasons": "\x00"},
    "ask-correction": {"items": "\x00"},
    "suspend": {"kind": "laboratory_test", "until": "2026-03-20", "reason": "长" * 5000},
    "extend": {"reason": "\x00" * 3},
    "accept": {"task": "\x00"},
    "dance": {},
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ["clerk", "inspector", "head"])
def test_a_crooked_act_is_never_a_failure(act: str, role: str) -> None:
    number = file_fire(Person("owner-440103"), "inspection")
    Person("440103-fire-clerk").act(number, "accept") if role != "clerk" else None
    person = Person(f"440103-fire-{role}")
    for task in ("", "accept", "step", "ask-correction"):
        page = person.get(f"/desk/cases/{number}/")
        data = {"task": person.task(task)} if task and f'value="{task}"' in page else {}
        person.post(f"/desk/cases/{number}/act/", act=act, **data | ACTS[act])
        assert person.status in (200, 400, 403, 404, 409), person.text


@pytest.mark.parametrize("data", [
    {}, {"login": "\x00", "password": "x"}, {"login": "x" * 5000, "password": "y" * 5000},
    {"login": "resident-440103", "password": "wrong"}, {"demonstration": "nobody"},
    {"demonstration": "\x00"}, {"login": ["a", "b"], "password": ""},
])  # fmt: skip
def test_a_wrong_sign_in_signs_nobody_in(data: dict[str, Any]) -> None:
    client = Client()
    assert client.post("/signin/", data).status_code in (400, 401)
    assert client.get("/cases/").status_code == 302


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "javascript:x",
                                    "/\\evil.example", "\x00"])  # fmt: skip
def test_signing_in_leads_to_no_other_site(target: str) -> None:
    answered = Client().post("/signin/", {"demonstration": "resident-440103", "next": target})
    assert answered.status_code in (302, 400)
    assert answered.headers.get("Location", "/") == "/"


def test_an_account_that_was_closed_signs_nobody_in(resident: Person) -> None:
    Account.objects.filter(login="resident-440103").update(is_active=False)
    assert Client().post("/signin/", {"demonstration": "resident-440103"}).status_code == 401
    assert resident.client.get("/cases/").status_code == 302


METHODS = {"/matters/individual_business/begin/": "put", "/language/": "put", "/signout/": "put",
           "/operating/clock/": "put", "/exchange/join": "get", "/looked/": "post",
           "/cases/": "delete", "/": "put", "/verify/": "patch"}  # fmt: skip


@pytest.mark.parametrize("url", METHODS)
def test_a_method_that_an_address_does_not_know_is_405(resident: Person, url: str) -> None:
    assert getattr(resident.client, METHODS[url])(url).status_code == 405


@pytest.mark.parametrize("url", ["/exchange/join", "/exchange/renew", "/exchange/join/terms",
                                 "/api/geography/convert", "/api/geography/geocode"])  # fmt: skip
@pytest.mark.parametrize("opens", ["[", '{"a":'])
def test_what_is_nested_without_end_is_bad_input(url: str, opens: str) -> None:
    person = Person("440103-fire-clerk")
    said = person.client.post(url, opens * 100_000, content_type="application/json")
    assert said.status_code in (400, 404, 422), said.content


@pytest.mark.parametrize("url", ["/signin/", "/signout/", "/language/", "/verify/",
                                 "/matters/individual_business/begin/"])  # fmt: skip
def test_a_form_without_its_token_is_refused_with_a_page(url: str) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post(url, {"demonstration": "resident-440103"})
    assert page.status_code == 403
    assert "<h1" in page.content.decode() and "表单" in page.content.decode()
    assert "sessionid" not in client.cookies


def test_too_many_fields_are_refused(resident: Person) -> None:
    draft = begun(resident)
    many = {f"f{n}": "x" for n in range(1100)}
    assert resident.client.post(draft, many).status_code in (400, 413)


def test_a_store_that_is_down_is_said_with_503(
    resident: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lingnan.kernel.exchange import introductions

    def down(*args: Any, **values: Any) -> None:
        raise EvidenceUnavailable("down")

    monkeypatch.setattr(introductions.node_evidence, "reader", down)
    resident.get("/looked/")
    assert resident.status == 503 and resident.response.headers["Retry-After"]


@pytest.mark.parametrize("act, page", [
    ("/desk/cases/{number}/act/", "/desk/cases/{number}/"),
    ("/cases/{number}/withdraw/", "/cases/{number}/"),
    ("/matters/individual_business/begin/", "/matters/individual_business/"),
])  # fmt: skip
def test_an_address_that_only_takes_leads_to_the_page_above_it(act: str, page: str) -> None:
    resident = Person("resident-440103")
    number = file_business(resident)
    who = Person("440103-market-clerk") if act.startswith("/desk") else resident
    browser = {"accept": "text/html,application/xhtml+xml"}
    who.response = who.client.get(act.format(number=number), headers=browser, follow=True)
    assert who.status == 200 and who.url == page.format(number=number)
