"""How the pages are reached that are looked at: what one clicks and fills in before."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.states import (
    RESIDENT,
    Province,
)

SUPERVISOR = "440103-supervision-supervisor"
Reach = Callable[[Page, Province], None]
# The county of the first synthetic enterprise.
MARKET = "440111-market-reviewer"
OPERATOR, GOVERNMENT = "440000-data-operator", "440106-government-head"


@dataclass(frozen=True)
class Scene:
    """A page in a state. `status` is what the server answers last.

    `wide`: it is reached by a hand that knows where things lie on a wide screen. `node`: which node
    of an instance (`founder` or `inner`) it stands at; by default a node by itself.
    """

    name: str
    who: str
    reach: Reach
    status: int = 200
    wide: bool = False
    node: str = ""


def at(url: str) -> Reach:
    """Go to an address; {…} names a case, a draft or a code of the province."""

    def go(page: Page, province: Province) -> None:
        page.goto(url.format(cases=province.cases, drafts=province.drafts, codes=province.codes))

    return go


def found_nothing(page: Page, province: Province) -> None:
    page.goto("/desk/records/population/resident/")
    page.fill("[name=q]", "zzz")
    page.click("main .search button:not([hidden])")


def errors(page: Page, province: Province) -> None:
    page.goto(f"/apply/{province.drafts['errors']}/")
    page.fill("[name=phone]", "二二三")
    page.fill("[name=premises]", "龙津东路18号")
    page.click("[name=go]")


def verify_file(content: bytes) -> Reach:
    def go(page: Page, province: Province) -> None:
        page.goto("/verify/")
        paper = {"name": "证照.pdf", "mimeType": "application/pdf", "buffer": content}
        page.set_input_files("[name=file]", [paper])  # type: ignore[list-item]
        page.click("main button.btn")

    return go


def changed(page: Page, province: Province) -> None:
    licence = f"/certificates/{province.codes['licence']}.pdf"
    sealed = province.person(RESIDENT).context.request.get(licence).body()
    middle = len(sealed) // 2
    changed = sealed[:middle] + bytes([sealed[middle] ^ 1]) + sealed[middle + 1 :]
    verify_file(changed)(page, province)


def absent(page: Page, province: Province) -> None:
    """The permit asks for a business registration that the resident does not have."""
    page.goto("/matters/fire_safety_permit/")
    page.locator("[name=body]").select_option(index=1)
    page.click("main button.btn")


def credit_found(page: Page, province: Province) -> None:
    """A firm of which something is public: the first on the joint punishment list."""
    page.goto("/credit/lists/punishment/")
    code = page.locator("tbody .note").first.inner_text()
    page.goto("/credit/")
    page.fill("[name=q]", code)
    page.click("main form button.btn")


def credit_event(page: Page, province: Province) -> None:
    page.goto("/credit/mine/")
    page.locator("a[href*='/credit/mine/events/']").first.click()
    page.wait_for_load_state()


def credit_repair(page: Page, province: Province) -> None:
    page.goto("/desk/credit/")
    page.locator("a[href*='/desk/credit/repairs/']").first.click()
    page.wait_for_load_state()


def enterprise(page: Page, province: Province) -> None:
    """A firm on the list of abnormal operations, as everybody sees it."""
    page.goto("/enterprises/lists/abnormal/")
    page.locator("tbody a").first.click()
    page.wait_for_load_state()


def own_enterprise(act: str = "") -> Reach:
    def go(page: Page, province: Province) -> None:
        page.goto("/enterprises/mine/")
        page.locator("tbody a").first.click()
        page.wait_for_load_state()
        if act:
            page.goto(f"{page.url}?act={act}")

    return go


def publishing(page: Page, province: Province) -> None:
    own_enterprise()(page, province)
    page.goto(f"{page.url}publish/")


def set_up_errors(page: Page, province: Province) -> None:
    page.goto("/enterprises/set-up/")
    page.fill("[name=capital]", "一百")
    page.click("main form.card .btn")
    page.wait_for_load_state()


def firm_of_desk(act: str = "") -> Reach:
    def go(page: Page, province: Province) -> None:
        page.goto("/desk/enterprises/")
        page.locator("tbody a").first.click()
        page.wait_for_load_state()
        if act:
            page.goto(f"{page.url}acts/?act={act}")

    return go


def of_registration(kind: str) -> Reach:
    def go(page: Page, province: Province) -> None:
        page.goto("/desk/registration/")
        page.locator(f"a[href*='/registration/{kind}/']").first.click()
        page.wait_for_load_state()

    return go


def refusal(page: Page, province: Province) -> None:
    page.goto(f"/desk/cases/{province.cases['in review']}/")
    page.locator("[name=outcome]").last.check()
    page.get_by_role("button").and_(page.locator("form:has([value=decide]) .btn")).click()


def checked(page: Page, province: Province) -> None:
    page.goto("/operating/")
    page.click("main button.btn:not([hidden])")
    page.wait_for_load_state()


def entry(page: Page, province: Province) -> None:
    page.goto("/operating/evidence/?kind=exchange.read")
    page.locator("tbody a").first.click()
    page.wait_for_load_state()


def opened(page: Page, province: Province) -> None:
    page.goto("/desk/records/population/resident/")
    page.locator("tbody a").first.click()
    page.wait_for_load_state()


def history(page: Page, province: Province) -> None:
    opened(page, province)
    page.goto(f"{page.url}history/")


ROWS = """户号,所在县区,镇街,住址,户内人数,户别
W1,440103,440103001,甲路1号,3,家庭户
W2,440103,440103001,,三,院
"""


def sent(page: Page, province: Province) -> None:
    """A file of rows for the register of households, one of them bad."""
    page.goto("/desk/records/population/household/import/")
    file = {"name": "户籍.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
    page.set_input_files("[name=file]", [file])  # type: ignore[list-item]
    page.fill("[name=purpose]", "补录户籍")
    page.click("main .actions button")
    page.wait_for_load_state()


def import_checked(page: Page, province: Province) -> None:
    sent(page, province)
    page.click("button[value=check]")
    page.wait_for_selector("form:has([value=take_good])", timeout=30_000)


def changing(page: Page, province: Province) -> None:
    opened(page, province)
    page.goto(f"{page.url}change/")


def previewed(page: Page, province: Province) -> None:
    changing(page, province)
    page.select_option("[name=v_nation]", "15")
    page.fill("[name=reason]", "户口簿核对")
    page.locator("main .actions button").first.click()
    page.wait_for_load_state()


def doubting(page: Page, province: Province) -> None:
    opened(page, province)
    page.goto(f"{page.url}doubt/")


def address(page: Page, province: Province) -> None:
    page.goto("/places/?q=%E8%B7%AF")
    page.locator("tbody a").first.click()
    page.wait_for_load_state()


def area_drawn(page: Page, province: Province) -> None:
    """Two corners by the mouse and two by the keyboard; the last is taken back, the area sent."""
    page.goto("/places/overlay/?within=440100")
    page.click("[data-do=draw]")
    drawing = page.locator(".atlas > svg")
    box = drawing.bounding_box()
    assert box
    for x, y in ((0.3, 0.4), (0.7, 0.4)):
        drawing.click(position={"x": box["width"] * x, "y": box["height"] * y})
    drawing.focus()
    for key in (*["ArrowDown"] * 9, "Enter", "ArrowLeft", "Enter", "Backspace"):
        page.keyboard.press(key)
    assert len(page.input_value("[name=area]").splitlines()) == 3
    page.click("[data-do=close]")
    assert page.input_value("[name=area]").startswith('{"type":"Polygon"')
    page.click("main form button.btn")
    page.locator(".kpis, .kpi").first.wait_for()


def area_taken_along(page: Page, province: Province) -> None:
    """Corners drawn on the province are still there nearer to a city, and back again."""
    page.goto("/places/overlay/")
    page.click("[data-do=draw]")
    drawing = page.locator(".atlas > svg")
    box = drawing.bounding_box()
    assert box
    for x, y in ((0.3, 0.4), (0.4, 0.4), (0.35, 0.5)):
        drawing.click(position={"x": box["width"] * x, "y": box["height"] * y})
    page.click("[data-do=draw]")
    drawn = page.input_value("[name=area]")
    assert len(drawn.splitlines()) == 3
    page.locator("main a[href='?within=440100']").first.dispatch_event("click")
    page.wait_for_url("**within=440100**")
    assert page.input_value("[name=area]").splitlines() == drawn.splitlines()
    many = "\n".join(f"113.{n:05d}, 23.{n:05d}" for n in range(200))
    page.fill("[name=area]", many)
    page.click("main a[href='?within=']")
    page.wait_for_load_state()
    page.wait_for_selector("main a[href='?within=440100']", state="attached")
    assert page.input_value("[name=area]").splitlines() == many.splitlines()
    page.fill("[name=area]", drawn)


def joint_errors(page: Page, province: Province) -> None:
    page.goto("/events/restaurant/")
    page.select_option("[name=division]", "441802")
    page.click("#start button.btn")
    page.fill("[name=phone]", "二二三")
    page.click("[name=go]")


late_case = at("/supervision/cases/{cases[red]}/")


def opinion(page: Page, province: Province) -> None:
    late_case(page, province)
    page.locator("a[href$='/opinion/']").first.click()
    page.wait_for_load_state()


def opinion_empty(page: Page, province: Province) -> None:
    opinion(page, province)
    page.locator("form:has([name=words]) .btn").first.click()
    page.wait_for_load_state()


def opinion_sent(page: Page, province: Province) -> None:
    opinion(page, province)
    page.fill("[name=words]", "请说明超时原因。")
    page.locator("form:has([name=words]) .btn").first.click()
    page.wait_for_load_state()
