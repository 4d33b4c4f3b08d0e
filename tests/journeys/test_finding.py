"""People find a matter in their own words."""

import pytest

from tests.people import Person

pytestmark = pytest.mark.django_db
SHOP, FIRE = "/matters/individual_business/", "/matters/fire_safety_permit/"


@pytest.mark.parametrize("said", [
    "开一家小饭馆", "开饭店", "我想开个奶茶店", "营业执照", "open a small restaurant",
    "business licence", "open a shop",
])  # fmt: skip
def test_who_wants_to_open_a_shop_finds_the_registration_first(said: str) -> None:
    page = Person("resident-440103").get(f"/?q={said}")
    assert SHOP in page and (FIRE not in page or page.index(SHOP) < page.index(FIRE))


@pytest.mark.parametrize("said", ["消防检查", "开业前检查", "fire safety"])
def test_who_asks_about_fire_finds_the_permit_first(said: str) -> None:
    page = Person("resident-440103").get(f"/?q={said}")
    assert FIRE in page and (SHOP not in page or page.index(FIRE) < page.index(SHOP))


def test_what_nobody_offers_is_said_to_be_not_found() -> None:
    page = Person("resident-440103").get("/?q=给孩子上户口")
    assert SHOP not in page and FIRE not in page and "没有找到" in page
