"""How often something may be asked for: counted for all processes of the node together."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from lingnan.kernel.trust import attempts, counts
from lingnan.kernel.trust.counts import Counts
from lingnan.portal import rates
from tests.people import Person

FEW = 3


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of each in a window."""
    for name in ("BEGIN", "UPLOAD", "VERIFY", "SEARCH", "API", "NODE"):
        rate = getattr(rates, name)
        monkeypatch.setattr(rates, name, rates.Rate(rate.name, FEW, rate.window))


def statuses(client: Client, method: str, url: str, **data: Any) -> list[int]:
    return [getattr(client, method)(url, data).status_code for _ in range(FEW + 1)]


ASKED = {
    "verifying a code": ("get", "/verify/ABCDEFGHJKLM/", {}, 404),
    "verifying by form": ("post", "/verify/", {"number": ""}, 422),
    "searching": ("get", "/", {"q": "shop"}, 200),
    "the interface": ("get", "/api/openapi.json", {}, 200),
    "another node": ("post", "/exchange/join", {}, 400),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", ASKED)
def test_asking_too_often_is_answered_with_a_time(few: None, what: str) -> None:
    method, url, data, usual = ASKED[what]
    client = Client(headers={"Accept-Language": "en"})
    assert statuses(client, method, url, **data) == [usual] * FEW + [429]
    answer = getattr(client, method)(url, data)
    wait = int(answer.headers["Retry-After"])
    assert 0 < wait <= 60 and str(wait) in answer.content.decode()
    other = getattr(client, method)(url, data, REMOTE_ADDR="10.4.4.4")
    assert other.status_code == usual
    assert client.get("/").status_code == 200, "what is not counted goes on"


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("zh-hans", "过于频繁"), ("en", "too often")])
def test_a_person_reads_it_in_the_own_language(few: None, language: str, words: str) -> None:
    client = Client()
    client.cookies["django_language"] = language
    statuses(client, "get", "/", q="x")
    page = client.get("/", {"q": "x"}).content.decode()
    assert words in page and "<h1" in page


@pytest.mark.django_db
def test_an_account_is_counted_wherever_it_comes_from(few: None) -> None:
    one, other = Person("resident-440103").client, Person("resident-440106").client
    url, body = "/matters/individual_business/begin/", {"body": "gd-440103-market"}
    begun = [one.post(url, body, REMOTE_ADDR=f"10.0.0.{n}").status_code for n in range(FEW + 1)]
    assert begun == [302] * FEW + [429]
    assert other.post(url, body).status_code == 302


@pytest.mark.django_db
def test_files_are_counted_and_forms_without_files_are_not(few: None) -> None:
    from tests.people import PDF, pdf

    resident = Person("resident-440103")
    resident.post("/matters/individual_business/begin/", body="gd-440103-market")
    draft = resident.url
    for _ in range(FEW + 2):
        assert resident.client.post(draft, {"phone": "13800000000"}).status_code != 429
    large = PDF + b"%" + b" " * rates.FORM
    sent = [
        resident.client.post(draft, {"file-premises_proof": pdf("a.pdf", large)}).status_code
        for _ in range(FEW + 1)
    ]
    assert 429 not in sent[:FEW] and sent[FEW] == 429


@pytest.mark.django_db
def test_a_node_of_many_behind_one_address_may_allow_more(few: None, settings: Any) -> None:
    settings.RATES = 2
    assert statuses(Client(), "get", "/", q="x") == [200] * (FEW + 1)


TAKE = """
import django, sys
django.setup()
from lingnan.kernel.trust import attempts
print([attempts.take("somebody", "10.1.1.1") > 0 for _ in range(6)].count(True))
"""


def test_all_processes_of_a_node_count_together(tmp_path: Path) -> None:
    """A guesser has ten attempts at a login, however many web processes there are."""
    from lingnan.node.walk.province import environment

    told = {"LINGNAN_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "lingnan.node.settings"}
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", TAKE], env=environment() | told, stdout=subprocess.PIPE
        )
        for _ in range(3)
    ]
    refused = [int(run.communicate(timeout=60)[0]) for run in runs]
    assert sum(refused) == 18 - attempts.PER_LOGIN


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def kept(tmp_path: Path, time: Time) -> Counts:
    return Counts(lambda: tmp_path / "counts.sqlite3", time)


def test_a_window_ends_and_what_succeeded_does_not_count(kept: Counts, time: Time) -> None:
    assert [kept.take("a", "k", 2, 300) for _ in range(3)] == [0, 0, 300]
    assert kept.take("b", "k", 2, 300) == 0, "another name is another count"
    kept.give_back("a", "k")
    assert [kept.take("a", "k", 2, 300) for _ in range(2)] == [0, 300]
    time.now += 299.5
    assert kept.take("a", "k", 2, 300) == 1
    time.now += 0.5
    assert kept.take("a", "k", 2, 300) == 0


def test_a_clock_set_back_keeps_nobody_out_longer(kept: Counts, time: Time) -> None:
    assert [kept.take("a", "k", 1, 300) for _ in range(2)] == [0, 300]
    time.now -= 86_400
    assert kept.take("a", "k", 1, 300) == 0


def test_the_file_does_not_grow_for_ever(
    kept: Counts, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "REMEMBERED", 20)
    monkeypatch.setattr(counts, "SWEEP", 10)
    for number in range(200):
        kept.take("a", str(number), 5, 300)
    assert len(kept) <= 30
    time.now += 301
    for number in range(11):
        kept.take("b", str(number), 5, 300)
    assert len(kept) <= 11


def test_who_asked_does_not_stand_in_the_file(kept: Counts, tmp_path: Path) -> None:
    kept.take("a", "10.77.88.99", 5, 300)
    assert b"10.77.88.99" not in b"".join(p.read_bytes() for p in tmp_path.glob("counts*"))
    assert (tmp_path / "counts.sqlite3").stat().st_mode & 0o77 == 0


def test_without_its_file_nobody_is_kept_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    broken = Counts(lambda: tmp_path / "file" / "counts.sqlite3")
    assert [broken.take("a", "k", 1, 300) for _ in range(3)] == [0, 0, 0]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["take", "back"]), max_size=20), st.integers(1, 5))
def test_never_more_than_allowed_are_out(
    tmp_path_factory: pytest.TempPathFactory, acts: list[str], allowed: int
) -> None:
    path = tmp_path_factory.mktemp("counts") / "counts.sqlite3"
    kept, out = Counts(lambda: path, Time()), 0
    for act in acts:
        if act == "back":
            kept.give_back("a", "k")
            out = max(0, out - 1)
        else:
            taken = kept.take("a", "k", allowed, 300) == 0
            assert taken == (out < allowed)
            out += taken
