"""In the browser: a pair from request to key, and the key ceremony of two custodians."""

import re

import pytest

from tests.browser.certification import (
    CEREMONIES,
    CHECKER,
    CUSTODIAN,
    DESK,
    ISSUER,
    SECOND,
    begun,
    filed,
)
from tests.browser.people import Visitor
from tests.browser.states import Province

pytestmark = pytest.mark.browser
WITNESS = "440000-data-certificate_officer"


def test_a_ceremony_takes_two_sessions(province: Province) -> None:
    first, second = province.person(CUSTODIAN).page(), province.person(SECOND).page()
    first.goto(CEREMONIES)
    first.select_option("[name=authority]", "issuing-4404")
    first.fill("[name=reason]", "开设珠海市签发机构")
    first.click("main form.card .btn")
    first.wait_for_url("**/ceremonies/YS*/")
    assert first.locator("form:has([value=confirm])").count() == 0, "not the first once more"
    second.goto(CEREMONIES)
    second.click(f"a[href$='{first.url.rstrip('/').rpartition('/')[2]}/']")
    second.click("form:has([value=confirm]) .btn")
    second.wait_for_load_state()
    minutes = second.inner_text("main")
    assert "密钥仪式记录" in minutes and "issuing-4404" in minutes
    prints = re.findall(r"(?:[0-9A-F]{4} ){15}[0-9A-F]{4}", minutes)
    assert len(prints) == 2
    guest = province.person().page(360)
    guest.goto("/certification/")
    shown = guest.inner_text("main")
    assert all(one in shown for one in prints), "what the minutes say is what everybody sees"
    for page in (first, second, guest):
        page.close()


def test_a_root_takes_two_custodians_and_a_witness(province: Province) -> None:
    """Three sessions; the minutes say what everybody sees afterwards."""
    first, second, third = (province.person(login).page() for login in (CUSTODIAN, SECOND, WITNESS))
    address = begun(first, "root", authority="root")
    assert first.locator("form:has([value=confirm])").count() == 0, "not the first once more"
    third.goto(address)
    assert third.locator("form:has([value=witness])").count() == 0, "not before the second"
    second.goto(CEREMONIES)
    second.click(f"a[href$='{address.rstrip('/').rpartition('/')[2]}/']")
    second.click("form:has([value=confirm]) .btn")
    second.wait_for_selector("text=等待见证人")
    third.goto(address)
    third.click("form:has([value=witness]) .btn")
    third.wait_for_selector("text=密钥仪式记录")
    minutes = third.inner_text("main")
    prints = re.findall(r"(?:[0-9A-F]{4} ){15}[0-9A-F]{4}", minutes)
    assert len(prints) == 2 and "见证人已确认" in minutes
    guest = province.person().page(360)
    guest.goto("/certification/")
    shown = guest.inner_text("main")
    assert all(one in shown for one in prints) and "互相认证的根" in shown
    for page in (first, second, third, guest):
        page.close()


def test_an_authority_is_revoked_and_everybody_sees_it(province: Province) -> None:
    first, second = province.person(CUSTODIAN).page(), province.person(SECOND).page()
    address = begun(first, "revoke", authority="issuing-4418", why="superseded")
    second.goto(address)
    assert "将失效的证书" in second.inner_text("main")
    second.click("form:has([value=confirm]) .btn")
    second.wait_for_selector("text=已失效证书")
    guest = province.person().page(360)
    guest.goto("/certification/")
    row = guest.locator("tr").filter(has=guest.locator("a[href$='/issuing-4418.cer']"))
    assert "吊销" in row.inner_text()
    assert guest.locator("a[href$='/issuing-4418-g2.cer']").count() == 1
    for page in (first, second, guest):
        page.close()


def test_a_pair_from_the_request_to_the_key(province: Province) -> None:
    """On a phone and without JavaScript for its holder."""
    holder = Visitor(
        province.browser, province.node.address, "440103-urban-reviewer",
        java_script_enabled=False, accept_downloads=True,
    )  # fmt: skip
    number = filed(holder)
    checker, issuer = province.person(CHECKER).page(), province.person(ISSUER).page()
    checker.goto(DESK)
    checker.click(f"a[href='{DESK}applications/{number}/']")
    checker.fill("[name=found]", "核对了任职文件")
    checker.click("form:has([value=check]) .btn")
    issuer.goto(DESK)
    issuer.click(f"a[href='{DESK}applications/{number}/']")
    issuer.click("form:has([value=issue]) .btn")
    issuer.wait_for_load_state()
    page = holder.page(360)
    page.goto(f"/certification/mine/{number}/key/")
    with page.expect_download() as waiting:
        page.click("main form.card .btn")
    assert waiting.value.path().read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    page.goto(f"/certification/mine/{number}/")
    assert page.locator(f"a[href$='{number}/key/']").count() == 0, "once"
    for one in (checker, issuer, page):
        one.close()
    holder.context.close()
