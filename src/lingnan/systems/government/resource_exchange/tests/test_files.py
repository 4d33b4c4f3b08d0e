"""Files from body to body over HTTP: given, followed, received, and by nobody else."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lingnan.kernel.duty.api import Task
from lingnan.kernel.exchange.api import agreements, handing, sources
from lingnan.kernel.exchange.handing import parting, store
from lingnan.kernel.exchange.models import Agreement, HandedIn, Handover
from lingnan.kernel.trust.api import Account, actor_of
from lingnan.systems.government.resource_exchange.sources import connecting
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
HERE, AGREEMENT = "/desk/exchange/files/", "GD-2026-0016"
MARKET, TAX = "440000-market-data_officer", "440000-tax-data_officer"
FIRE = "440000-fire-data_officer"


@pytest.fixture(autouse=True)
def kept_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(store, "base", lambda: tmp_path)


def file(content: bytes, name: str = "登记.csv") -> Any:
    return SimpleUploadedFile(name, content, "text/csv")


def sent(*contents: bytes) -> tuple[Person, Handover]:
    person = Person(MARKET)
    files = [file(data, f"{at}.csv") for at, data in enumerate(contents)]
    person.post(f"{HERE}new/", agreement=AGREEMENT, case="SW-1", files=files)
    assert person.status == 200, person.said
    return person, Handover.objects.get()


def test_a_batch_is_given_checked_received_and_its_receipt_kept() -> None:
    person, one = sent(b"first", b"second, longer")
    assert one.state == "reading"
    parting.run()
    page = person.get(f"{HERE}{one.number}/")
    assert "已交付" in page and "SW-1" in page
    receipt = json.loads(person.get(f"{HERE}{one.number}/receipt.json"))
    assert json.loads(receipt["document"])["root"] == Handover.objects.get().root
    came, task = HandedIn.objects.get(), Task.objects.get(code="files_came")
    tax = Person(TAX)
    assert one.number in tax.get(HERE)
    assert one.number in tax.get(task.link)
    answer: Any = tax.client.get(f"{HERE}received/{came.pk}/1/")
    assert b"".join(answer.streaming_content) == b"second, longer"
    assert answer["Content-Disposition"].startswith("attachment")
    assert Task.objects.get(code="files_came").done_at is not None
    for login in (FIRE, MARKET):
        other = Person(login)
        for url in (f"{HERE}received/{came.pk}/", f"{HERE}received/{came.pk}/0/"):
            other.get(url)
            assert other.status == 404, (login, url)
    tax.get(f"{HERE}{one.number}/")
    assert tax.status == 404, "the sender's page is the sender's"
    tax.post(f"{HERE}received/{came.pk}/", act="remove")
    assert tax.status == 422 and list(store.folders(store.KEPT))
    tax.post(f"{HERE}received/{came.pk}/", act="remove", sure="1")
    assert tax.status == 200 and "已删除" in tax.text and not list(store.folders(store.KEPT))
    tax.get(f"{HERE}received/{came.pk}/0/")
    assert tax.status == 404 and HandedIn.objects.get().root == Handover.objects.get().root


def begun(person: Person, *sizes: int) -> str:
    listed = [{"name": f"{at}.bin", "media": "", "size": size} for at, size in enumerate(sizes)]
    answer = person.client.post(
        f"{HERE}new/", {"agreement": AGREEMENT, "case": "", "listed": json.dumps(listed)}
    )
    assert answer.status_code == 201, answer.content
    return str(answer.json()["url"])


def piece(person: Person, url: str, first: int, data: bytes, file: int = 0) -> tuple[int, Any]:
    told = f"bytes {first}-{first + len(data) - 1}/99"
    answer = person.client.post(
        f"{url}pieces/{file}/", data, "application/octet-stream", headers={"Content-Range": told}
    )
    return answer.status_code, answer.json()


def test_a_browser_sends_pieces_and_goes_on_where_it_ended() -> None:
    person = Person(MARKET)
    url = begun(person, 10, 0)
    assert piece(person, url, 0, b"12345") == (200, {"have": 5})
    assert piece(person, url, 0, b"12345") == (409, {"have": 5})
    assert piece(person, url, 5, b"1234567")[0] == 422, "more than was announced"
    person.post(url, act="close")
    assert person.status == 409 and Handover.objects.get().state == "filling"
    stranger = Person(FIRE)
    stranger.get(url)
    assert stranger.status == 404
    assert piece(person, url, 5, b"67890") == (200, {"have": 10})
    person.post(url, act="close")
    parting.run()
    assert Handover.objects.get().state == "taken"
    assert store.file_of(store.KEPT, HandedIn.objects.get().ref, 0).read_bytes() == b"1234567890"


def test_without_an_agreement_files_or_room_nothing_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fire = Person(FIRE)
    assert "select" not in re.sub(r"<nav.*?</nav>", "", fire.get(f"{HERE}new/"), flags=re.S)
    fire.post(f"{HERE}new/", agreement=AGREEMENT, files=[file(b"x")])
    assert fire.status == 422
    market = Person(MARKET)
    market.post(f"{HERE}new/", agreement=AGREEMENT)
    assert market.status == 422
    market.post(f"{HERE}new/", agreement=AGREEMENT, files=[file(b"x"), file(b"y")])
    assert market.status == 422, "two of one name"
    with monkeypatch.context() as patched:
        patched.setattr(store, "RESERVE", 1 << 62)
        market.post(f"{HERE}new/", agreement=AGREEMENT, files=[file(b"x")])
    assert market.status == 422 and "磁盘" in market.text
    assert not Handover.objects.exists()
    resident = Person("resident-440103")
    resident.get(HERE)
    assert resident.status == 403


def test_what_an_agreement_lets_pass_is_said_and_no_more_of_it_is_begun() -> None:
    found = Agreement.objects.get(number=AGREEMENT)
    agreements.change(found, "a test", volume="1 KB/file, 2 KB/day, 3 files/day")
    market = Person(MARKET)
    assert "每个文件最大 1 KB" in market.get(f"{HERE}new/")
    for files in ([file(b"x" * 1025)], [file(b"x" * 800, f"{n}.csv") for n in range(3)],
                  [file(b"x", f"{n}.csv") for n in range(4)]):  # fmt: skip
        market.post(f"{HERE}new/", agreement=AGREEMENT, files=files)
        assert market.status == 422 and "超过协议允许" in market.text
        assert not Handover.objects.exists() and not list(store.folders(store.OUT))
    person, one = sent(b"x" * 1000, b"y" * 24)
    assert "每日 2 KB、每日 3 个文件" in person.get(f"{HERE}{one.number}/")
    for files in ([file(b"x" * 1025)], [file(b"x"), file(b"y", "2.csv")]):
        market.post(f"{HERE}new/", agreement=AGREEMENT, files=files)
        assert market.status == 422 and Handover.objects.count() == 1
    Handover.objects.update(state="dropped")
    market.post(f"{HERE}new/", agreement=AGREEMENT, files=[file(b"x" * 1024)])
    assert market.status == 200, "what was given up does not count"


def test_an_agreement_that_ended_is_told_to_who_gave_the_files() -> None:
    person, one = sent(b"first")
    agreements.end(Agreement.objects.get(number=AGREEMENT), "a test")
    parting.run()
    assert Handover.objects.get().state == "refused"
    assert Task.objects.get(code="files_returned").done_at is None
    assert "协议已终止" in person.get(f"{HERE}{one.number}/")
    assert Task.objects.get(code="files_returned").done_at is not None, "it was read"
    assert not HandedIn.objects.exists()


def test_what_nobody_answers_comes_back_with_a_task_for_who_gave_it() -> None:
    person, one = sent(b"first")
    died = timezone.now() - handing.limits.returning() - timedelta(minutes=1)
    Handover.objects.update(state="dead", problem="-", finished_at=died + timedelta(minutes=9))
    assert "否则将于" in person.get(f"{HERE}{one.number}/")
    operator = Person("440000-data-operator")
    assert "退回移送方" in operator.get(f"/operating/transit/handovers/{one.pk}/")
    Handover.objects.update(finished_at=died)
    handing.ending.return_due()
    assert Task.objects.get(code="files_returned").link == f"{HERE}{one.number}/"
    assert "可以重新交付" in person.get(f"{HERE}{one.number}/")
    assert Task.objects.get(code="files_returned").done_at is not None, "it was read"
    assert "无应答退回" in person.get(HERE)
    assert "要求重试" not in operator.get(f"/operating/transit/handovers/{one.pk}/")
    operator.get("/operating/transit/")
    assert one.number not in operator.text, "nothing is left to decide"


def test_a_folder_that_is_joined_is_given_as_a_batch(tmp_path: Path, settings: Any) -> None:
    settings.SOURCE_FOLDERS = [str(tmp_path)]
    folder = tmp_path / "monthly"
    folder.mkdir()
    for month in ("01", "02"):
        (folder / f"{month}.csv").write_text(f"name\n{month}\n")
    person, officer = Person(MARKET), actor_of(Account.objects.get(login=MARKET))
    assert officer is not None
    wanted = sources.Connection("folder", path="monthly", pattern="*.csv", newest=False)
    source = connecting.join("按月登记", wanted, officer)
    assert "按月登记" in person.get(f"{HERE}new/")
    person.post(f"{HERE}new/", agreement=AGREEMENT, folder=source.number)
    assert person.status == 200, person.said
    parting.run()
    came = HandedIn.objects.get()
    assert [one["name"] for one in came.files] == ["01.csv", "02.csv"]
    assert store.file_of(store.KEPT, came.ref, 1).read_text() == "name\n02\n"
    (folder / "01.csv").unlink()
    (folder / "02.csv").unlink()
    folder.rmdir()
    person.post(f"{HERE}new/", agreement=AGREEMENT, folder=source.number)
    assert person.status == 422 and Handover.objects.count() == 1
    Person("440103-market-data_officer").post(f"{HERE}new/", folder=source.number)
    assert Handover.objects.count() == 1


def test_where_each_whom_it_is_about_has_to_consent_no_files_go() -> None:
    found = Agreement.objects.get(number=AGREEMENT)
    agreements.change(found, "a test", consent=True)
    person = Person(MARKET)
    person.post(f"{HERE}new/", agreement=AGREEMENT, files=[file(b"x")])
    assert person.status == 422 and not Handover.objects.exists()


def test_what_was_begun_is_given_up() -> None:
    person = Person(MARKET)
    url = begun(person, 10)
    piece(person, url, 0, b"12345")
    person.post(url, act="cancel")
    assert Handover.objects.get().state == "dropped" and not list(store.folders(store.OUT))
