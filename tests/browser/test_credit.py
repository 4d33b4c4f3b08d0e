"""A shop's owner reads the record, objects without JavaScript, and the public sees the mark."""

from collections.abc import Iterator

import pytest

from tests.browser.people import Visitor
from tests.browser.states import OWNER, Province

pytestmark = pytest.mark.browser


@pytest.fixture
def owner(province: Province) -> Iterator[Visitor]:
    person = Visitor(province.browser, province.node.address, OWNER, java_script_enabled=False)
    yield person
    person.context.close()


def test_an_objection_is_seen_by_everybody_at_once(province: Province, owner: Visitor) -> None:
    page = owner.page(360)
    page.goto("/credit/mine/")
    page.locator("a[href*='/credit/mine/events/']").first.click()
    name = page.locator("main dd").first.inner_text().splitlines()[0]
    page.click("form:has([value=object]) .btn")
    assert page.locator("[name=grounds]").first.get_attribute("aria-invalid") == "true"
    page.locator("[name=grounds]").first.fill("已经公布")
    page.click("form:has([value=object]) .btn")
    assert page.url.endswith("/credit/mine/") and "异议处理中" in page.inner_text("main")
    visitor = province.person()
    visitor.speak("zh")
    guest = visitor.page(360)
    guest.goto("/credit/")
    guest.fill("[name=q]", name)
    guest.click("main form button.btn")
    assert "异议处理中" in guest.inner_text("main")
    guest.click("text=出具签章信用报告")
    guest.wait_for_url("**/credit/verify/CR*/")
    assert "该编号的报告确系出具" in guest.inner_text("main")
    guest.close()
