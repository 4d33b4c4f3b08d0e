"""A third matter, of files only: no line of Python is written for it."""

import shutil
from pathlib import Path

import pytest

from lingnan.kernel.content import files
from lingnan.kernel.matters.api import Case, Certificate, find, import_folder
from tests.journeys.papers import text_of
from tests.people import Person, pdf

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
FOLDER = Path(__file__).parent / "cases" / "library_card"
CARD = {"holder_name": "书虫", "kind": "plain", "books": "3", "since": "2026-03-05"}


@pytest.fixture(autouse=True)
def matter(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "library_card"))
    import_folder(folder, "online_services")
    return folder


def begin(**answers: object) -> Person:
    resident = Person("resident-440103")
    resident.post("/matters/library_card/begin/", body="gd-440103-data")
    resident.post(resident.url, **CARD | answers, go="1")
    return resident


def test_it_works_from_end_to_end() -> None:
    visitor = Person("resident-440106")
    assert "办理借书证" in visitor.get("/")
    assert "公共图书馆法" in visitor.get("/matters/library_card/")
    resident = begin(books="8")
    resident.post(resident.url, submit="1")
    number = resident.url.strip("/").split("/")[-1]
    clerk, head = Person("440103-data-clerk"), Person("440103-data-head")
    clerk.act(number, "accept")
    assert number not in head.get("/desk/")
    clerk.act(number, "step", outcome="fine", findings="")
    head.act(number, "decide", outcome="granted", reasons="可以借书。")
    certificate = Certificate.objects.get(case__number=number)
    assert "本省签发过这份证照" in visitor.get(f"/verify/{certificate.code}/")
    text = text_of(files.read(certificate.sha256))
    for value in ("借书证", f"借{number}", "书虫", "普通", "8册", "2026年3月5日"):
        assert value in text, value
    assert certificate.number in resident.get("/certificates/")


def test_it_may_be_refused_on_its_own_basis() -> None:
    resident = begin()
    resident.post(resident.url, submit="1")
    number = resident.url.strip("/").split("/")[-1]
    Person("440103-data-clerk").act(number, "accept")
    head = Person("440103-data-head")
    head.get(f"/desk/cases/{number}/")
    article = "《公共图书馆法》（2018-10-26）第三十三条"
    assert article in head.text
    head.act(number, "decide", outcome="refused", reasons="名额已满。", articles=article)
    assert Case.objects.get(number=number).state == "delivered"


def test_a_material_is_asked_for_only_where_its_condition_holds() -> None:
    resident = begin(kind="with_photo")
    assert resident.status == 422 and "照片" in resident.text
    draft = resident.url
    resident.post(draft, **CARD | {"kind": "with_photo"}, go="1", **{"file-photo": pdf()})
    assert resident.url.endswith("/check/")


def test_a_changed_file_is_a_new_version_and_old_cases_keep_theirs(matter: Path) -> None:
    resident = begin()
    resident.post(resident.url, submit="1")
    number = resident.url.strip("/").split("/")[-1]
    text = (matter / "matter.toml").read_text()
    (matter / "matter.toml").write_text(text.replace("办理借书证", "申领借书证"))
    import_folder(matter, "online_services")
    found = find("library_card")
    assert found is not None and found[0].number == 2
    assert "申领借书证" in resident.get("/matters/library_card/")
    page = resident.get(f"/cases/{number}/")
    assert "办理借书证" in page and "申领借书证" not in page
