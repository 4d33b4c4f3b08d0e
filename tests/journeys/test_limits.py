"""How much may be sent, how often a password may be wrong, and what an expired session says."""

from html import unescape
from typing import Any

import pytest
from django.conf import settings as node
from django.test import Client
from django.test.client import FakePayload

from lingnan.kernel.trust import attempts
from lingnan.kernel.trust.api import Account, EvidenceUnavailable, node_evidence
from lingnan.portal import operator_key
from tests.people import SHOP, Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
MEGABYTE = 1024 * 1024
RESIDENT = "resident-440103"


class Unread(FakePayload):
    """A body that must not be read."""

    def read(self, size: int | None = None) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def send(client: Client, url: str, **extra: Any) -> Any:
    head = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "wsgi.input": Unread(b"x" * 9)}
    return client.generic("POST", url, **head | extra)


@pytest.mark.parametrize(
    ("language", "word"), [("zh-hans", "一次提交的内容太大"), ("en", "too much")]
)
@pytest.mark.parametrize("url", ["/signin/", "/none/", "/operating/clock/", "/api/records/x/y"])
def test_too_much_is_refused_unread_in_the_readers_language(
    language: str, word: str, url: str
) -> None:
    client = Client()
    client.cookies["django_language"] = language
    answer = send(client, url, CONTENT_LENGTH=str(12 * MEGABYTE + 1))
    assert answer.status_code == 413
    assert word in answer.content.decode() and "12" in answer.content.decode()


def test_what_is_just_small_enough_is_read() -> None:
    with pytest.raises(AssertionError, match="was read"):
        send(Client(), "/signin/", CONTENT_LENGTH=str(12 * MEGABYTE))


def test_a_body_without_length_is_refused_unread() -> None:
    head = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = send(Client(), "/signin/", **head)
    assert answer.status_code == 411 and "<h1" in answer.content.decode()


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "x", "1e9"])
def test_an_absurd_length_is_refused(length: str) -> None:
    assert send(Client(), "/signin/", CONTENT_LENGTH=length).status_code == 413


def wrong(client: Client, login: str = RESIDENT, **extra: Any) -> Any:
    return client.post("/signin/", {"login": login, "password": "wrong"}, **extra)


def newest() -> list[Any]:
    reader = node_evidence.reader()
    found = [reader.by_seq(reader.size() - back) for back in range(3)]
    return [entry for entry in found if entry is not None]


@pytest.fixture
def quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def has_password(login: str = RESIDENT) -> Account:
    account = Account.objects.get(login=login)
    account.set_password("a long password")
    account.save()
    return account


def test_a_failure_is_evidence_without_name_or_password() -> None:
    Person(RESIDENT)  # the store exists from its first entry on
    before = node_evidence.reader().size()
    assert wrong(Client()).status_code == 401
    reader = node_evidence.reader()
    entry = next(e for e in newest() if e.kind == "trust.signin_failed")
    assert reader.size() == before + 1 and len(entry.payload["login"]) == 32
    assert RESIDENT not in str(entry) and "wrong" not in str(entry)


def test_evidence_of_signing_in_holds_no_key() -> None:
    Person(RESIDENT)
    entry = next(e for e in newest() if e.kind == "trust.signin")
    account = Account.objects.get(login=RESIDENT)
    assert str(account.key) not in str(entry.payload)
    assert entry.payload["account"].startswith("resident ")


def test_without_evidence_nobody_is_signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: Any) -> None:
        raise EvidenceUnavailable("down")

    client = Client()
    with monkeypatch.context() as broken:
        broken.setattr(node_evidence, "write", down)
        assert client.post("/signin/", {"demonstration": RESIDENT}).status_code == 503
    assert client.get("/cases/").status_code == 302


def test_guessing_a_password_is_slowed_down(quick: None) -> None:
    has_password()
    stranger = Client()
    right = {"login": RESIDENT, "password": "a long password"}
    for _ in range(attempts.PER_LOGIN):
        assert wrong(stranger).status_code == 401
    answer = stranger.post("/signin/", right)
    assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 300
    assert "登录失败次数过多" in answer.content.decode()
    assert stranger.get("/cases/").status_code == 302
    assert Client().post("/signin/", {"demonstration": "owner-440103"}).status_code == 302


def test_an_address_that_tries_many_names_is_slowed_down(quick: None) -> None:
    client = Client()
    statuses = {wrong(client, f"x{n}").status_code for n in range(attempts.PER_ADDRESS)}
    assert statuses == {401}
    assert wrong(client, "y").status_code == 429
    assert wrong(client, "y", REMOTE_ADDR="10.1.1.1").status_code == 401
    # Without a proxy of ours, what a stranger says about his address is not believed.
    assert wrong(client, "y", HTTP_X_FORWARDED_FOR="10.9.9.9").status_code == 429


def test_behind_a_proxy_the_address_is_what_the_proxy_says(quick: None, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    for n in range(attempts.PER_ADDRESS):
        wrong(Client(), f"x{n}", HTTP_X_FORWARDED_FOR=f"10.7.7.{n}, 10.2.2.2")
    assert wrong(Client(), "y", HTTP_X_FORWARDED_FOR="10.8.8.8, 10.2.2.2").status_code == 429
    assert wrong(Client(), "y", HTTP_X_FORWARDED_FOR="10.2.2.3").status_code == 401


def test_who_signs_in_is_not_counted() -> None:
    for _ in range(attempts.PER_LOGIN + 2):
        assert Client().post("/signin/", {"demonstration": RESIDENT}).status_code == 302


def test_an_expired_session_says_to_sign_in_and_leads_back() -> None:
    resident = Person(RESIDENT, "en")
    resident.post("/matters/individual_business/begin/", body="gd-440103-market")
    draft = resident.url
    resident.client.session.flush()
    head = {"HTTP_REFERER": f"http://testserver{draft}?way=1", "HTTP_HOST": "testserver"}
    answer = resident.client.post(draft, SHOP, **head)
    page = unescape(answer.content.decode())
    assert answer.status_code == 403 and "Please sign in first" in page
    assert f"/signin/?next={draft.replace('/', '%2F')}%3Fway%3D1" in page
    other = resident.client.post(draft, SHOP, HTTP_REFERER="https://evil.example/x")
    page = unescape(other.content.decode())
    assert f"/signin/?next={draft.replace('/', '%2F')}" in page and "evil" not in page


STEP = '{"advance": "1d"}'


def move(client: Client, body: Any = STEP, kind: str = "application/json", **head: str) -> Any:
    return client.generic("POST", "/operating/clock/", body, content_type=kind, headers=head)


def test_the_clock_asks_a_session_for_its_token_and_a_key_for_none() -> None:
    operator = Person("440000-data-operator").client
    operator.handler.enforce_csrf_checks = True
    assert move(operator).status_code == 403
    operator.get("/desk/exchange/")
    token = operator.cookies["csrftoken"].value
    assert move(operator, **{"X-CSRFToken": token}).status_code == 200
    assert move(operator, **{"X-CSRFToken": token, "Authorization": "Bearer x"}).status_code == 401
    key = operator_key.read_or_make()
    stranger = Client(enforce_csrf_checks=True)
    assert move(stranger, Authorization=f"Bearer {key}").status_code == 200
    assert move(stranger, Authorization=key).status_code == 401


def test_a_form_moves_no_clock() -> None:
    operator = Person("440000-data-operator").client
    operator.handler.enforce_csrf_checks = True
    operator.get("/desk/exchange/")
    form = {"advance": "1d", "csrfmiddlewaretoken": operator.cookies["csrftoken"].value}
    assert operator.post("/operating/clock/", form).status_code == 400


def test_an_empty_key_opens_nothing() -> None:
    kept = operator_key.read_or_make()
    operator_key.path().write_text("")
    try:
        for said in ("", "Bearer ", "Bearer"):
            assert not operator_key.matches(said), said
        assert len(operator_key.read_or_make()) > 30
    finally:
        operator_key.path().write_text(kept)


def test_one_file_of_the_largest_kind_fits() -> None:
    from lingnan.kernel.content.files import LIMIT

    assert LIMIT + MEGABYTE < node.REQUEST_LIMIT == node.DATA_UPLOAD_MAX_MEMORY_SIZE
