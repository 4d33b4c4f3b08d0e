"""A draft keeps itself while it is written."""

import pytest

from tests.people import PLACE, Person, pdf

pytestmark = pytest.mark.django_db


def drafted() -> tuple[Person, str]:
    owner = Person("owner-440103")
    owner.post("/matters/fire_safety_permit/begin/", body="gd-440103-fire")
    return owner, owner.url


def test_the_materials_follow_the_chosen_way() -> None:
    owner, draft = drafted()
    page = owner.post(f"{draft}keep/", **PLACE, route="inspection")
    assert "场所平面布置图" in page and "消防安全告知承诺书" not in page
    page = owner.post(f"{draft}keep/", **PLACE, route="commitment")
    assert "消防安全告知承诺书" in page


def test_what_was_typed_and_uploaded_is_there_when_the_page_is_opened_again() -> None:
    owner, draft = drafted()
    page = owner.post(f"{draft}keep/", **PLACE, **{"file-floor_plan": pdf("平面图.pdf")})
    assert "平面图.pdf" in page
    page = owner.get(draft)
    assert PLACE["place_name"] in page and "平面图.pdf" in page


def test_a_file_that_lies_is_said_at_once() -> None:
    owner, draft = drafted()
    page = owner.post(f"{draft}keep/", **{"file-floor_plan": pdf("plan.pdf", b"hello")})
    assert owner.status == 200 and "文件" in page and "aria-invalid" in page


def test_somebody_elses_draft_is_not_there() -> None:
    _owner, draft = drafted()
    stranger = Person("resident-440106")
    stranger.post(f"{draft}keep/", **PLACE)
    assert stranger.status == 404


def test_a_submitted_application_is_not_changed_any_more() -> None:
    from lingnan.kernel.matters.models import Case
    from tests.people import file_fire

    owner = Person("owner-440103")
    case = Case.objects.get(number=file_fire(owner, "inspection"))
    owner.post(f"/apply/{case.application_id}/keep/", place_name="另一个")
    assert owner.status == 204
    case.application.refresh_from_db()
    assert case.application.answers["place_name"]["value"] == PLACE["place_name"]


def test_a_second_begin_goes_on_with_the_same_draft_and_reads_nothing_again() -> None:
    owner, draft = drafted()
    before = owner.get("/looked/").count("公众聚集场所投入使用、营业前消防安全检查")
    owner.post("/matters/fire_safety_permit/begin/", body="gd-440103-fire")
    assert owner.url == draft
    assert owner.get("/looked/").count("公众聚集场所投入使用、营业前消防安全检查") == before
