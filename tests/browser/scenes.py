"""Every page that is looked at: who stands before it and how it is reached."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.states import (
    APPLICANT,
    CLERK,
    FIRE_CLERK,
    HEAD,
    IDLE,
    INSPECTOR,
    NEWCOMER,
    OWNER,
    RECORDS,
    RESIDENT,
    REVIEWER,
    Province,
)
from tests.people import PDF

SUPERVISOR = "440103-supervision-supervisor"
Reach = Callable[[Page, Province], None]
# The county of the first synthetic enterprise.
MARKET = "440111-market-reviewer"
OPERATOR, GOVERNMENT = "440000-data-operator", "440106-government-head"


@dataclass(frozen=True)
class Scene:
    """A page in a state. `status` is what the server answers last."""

    name: str
    who: str
    reach: Reach
    status: int = 200


def at(url: str) -> Reach:
    """Go to an address; {…} names a case, a draft or a code of the province."""

    def go(page: Page, province: Province) -> None:
        page.goto(url.format(cases=province.cases, drafts=province.drafts, codes=province.codes))

    return go


def _found_nothing(page: Page, province: Province) -> None:
    page.goto("/desk/records/population/resident/")
    page.fill("[name=q]", "zzz")
    page.click("main .search button:not([hidden])")


def _errors(page: Page, province: Province) -> None:
    page.goto(f"/apply/{province.drafts['errors']}/")
    page.fill("[name=phone]", "二二三")
    page.fill("[name=premises]", "龙津东路18号")
    page.click("[name=go]")


def _verify_file(content: bytes) -> Reach:
    def go(page: Page, province: Province) -> None:
        page.goto("/verify/")
        paper = {"name": "证照.pdf", "mimeType": "application/pdf", "buffer": content}
        page.set_input_files("[name=file]", [paper])  # type: ignore[list-item]
        page.click("main button.btn")

    return go


def _changed(page: Page, province: Province) -> None:
    licence = f"/certificates/{province.codes['licence']}.pdf"
    sealed = province.person(RESIDENT).context.request.get(licence).body()
    middle = len(sealed) // 2
    changed = sealed[:middle] + bytes([sealed[middle] ^ 1]) + sealed[middle + 1 :]
    _verify_file(changed)(page, province)


def _absent(page: Page, province: Province) -> None:
    """The permit asks for a business registration that the resident does not have."""
    page.goto("/matters/fire_safety_permit/")
    page.locator("[name=body]").select_option(index=1)
    page.click("main button.btn")


def _credit_found(page: Page, province: Province) -> None:
    """A firm of which something is public: the first on the joint punishment list."""
    page.goto("/credit/lists/punishment/")
    code = page.locator("tbody .note").first.inner_text()
    page.goto("/credit/")
    page.fill("[name=q]", code)
    page.click("main form button.btn")


def _credit_event(page: Page, province: Province) -> None:
    page.goto("/credit/mine/")
    page.locator("a[href*='/credit/mine/events/']").first.click()
    page.wait_for_load_state()


def _credit_repair(page: Page, province: Province) -> None:
    page.goto("/desk/credit/")
    page.locator("a[href*='/desk/credit/repairs/']").first.click()
    page.wait_for_load_state()


def _enterprise(page: Page, province: Province) -> None:
    """A firm on the list of abnormal operations, as everybody sees it."""
    page.goto("/enterprises/lists/abnormal/")
    page.locator("tbody a").first.click()
    page.wait_for_load_state()


def _own_enterprise(act: str = "") -> Reach:
    def go(page: Page, province: Province) -> None:
        page.goto("/enterprises/mine/")
        page.locator("tbody a").first.click()
        page.wait_for_load_state()
        if act:
            page.goto(f"{page.url}?act={act}")

    return go


def _set_up_errors(page: Page, province: Province) -> None:
    page.goto("/enterprises/set-up/")
    page.fill("[name=capital]", "一百")
    page.click("main form.card .btn")
    page.wait_for_load_state()


def _firm_of_desk(act: str = "") -> Reach:
    def go(page: Page, province: Province) -> None:
        page.goto("/desk/enterprises/")
        page.locator("tbody a").first.click()
        page.wait_for_load_state()
        if act:
            page.goto(f"{page.url}acts/?act={act}")

    return go


def _of_registration(kind: str) -> Reach:
    def go(page: Page, province: Province) -> None:
        page.goto("/desk/registration/")
        page.locator(f"a[href*='/registration/{kind}/']").first.click()
        page.wait_for_load_state()

    return go


def _refusal(page: Page, province: Province) -> None:
    page.goto(f"/desk/cases/{province.cases['in review']}/")
    page.locator("[name=outcome]").last.check()
    page.get_by_role("button").and_(page.locator("form:has([value=decide]) .btn")).click()


def _checked(page: Page, province: Province) -> None:
    page.goto("/operating/")
    page.click("main button.btn:not([hidden])")
    page.wait_for_load_state()


def _entry(page: Page, province: Province) -> None:
    page.goto("/operating/evidence/?kind=exchange.read")
    page.locator("tbody a").first.click()
    page.wait_for_load_state()


def _opened(page: Page, province: Province) -> None:
    page.goto("/desk/records/population/resident/")
    page.locator("tbody a").first.click()
    page.wait_for_load_state()


def _history(page: Page, province: Province) -> None:
    _opened(page, province)
    page.goto(f"{page.url}history/")


ROWS = """户号,所在县区,镇街,住址,户内人数,户别
W1,440103,440103001,甲路1号,3,家庭户
W2,440103,440103001,,三,院
"""


def _sent(page: Page, province: Province) -> None:
    """A file of rows for the register of households, one of them bad."""
    page.goto("/desk/records/population/household/import/")
    file = {"name": "户籍.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
    page.set_input_files("[name=file]", [file])  # type: ignore[list-item]
    page.fill("[name=purpose]", "补录户籍")
    page.click("main .actions button")
    page.wait_for_load_state()


def _import_checked(page: Page, province: Province) -> None:
    _sent(page, province)
    page.click("button[value=check]")
    page.wait_for_selector("form:has([value=take_good])", timeout=30_000)


def _changing(page: Page, province: Province) -> None:
    _opened(page, province)
    page.goto(f"{page.url}change/")


def _previewed(page: Page, province: Province) -> None:
    _changing(page, province)
    page.fill("[name=v_address]", "广州市荔湾区多宝路9号")
    page.fill("[name=reason]", "户口簿核对")
    page.locator("main .actions button").first.click()
    page.wait_for_load_state()


def _doubting(page: Page, province: Province) -> None:
    _opened(page, province)
    page.goto(f"{page.url}doubt/")


def _address(page: Page, province: Province) -> None:
    page.goto("/places/?q=%E8%B7%AF")
    page.locator("tbody a").first.click()
    page.wait_for_load_state()


def _joint_errors(page: Page, province: Province) -> None:
    page.goto("/events/restaurant/")
    page.select_option("[name=division]", "441802")
    page.click("#start button.btn")
    page.fill("[name=phone]", "二二三")
    page.click("[name=go]")


_late_case = at("/supervision/cases/{cases[red]}/")


def _opinion(page: Page, province: Province) -> None:
    _late_case(page, province)
    page.locator("a[href$='/opinion/']").first.click()
    page.wait_for_load_state()


def _opinion_empty(page: Page, province: Province) -> None:
    _opinion(page, province)
    page.locator("form:has([name=words]) .btn").first.click()
    page.wait_for_load_state()


def _opinion_sent(page: Page, province: Province) -> None:
    _opinion(page, province)
    page.fill("[name=words]", "请说明超时原因。")
    page.locator("form:has([name=words]) .btn").first.click()
    page.wait_for_load_state()


PUBLIC = [
    Scene("home", "", at("/")),
    Scene("home found an event", "", at("/?q=%E5%BC%80%E9%A5%AD%E5%BA%97")),
    Scene("event", "", at("/events/restaurant/")),
    Scene("home found nothing", "", at("/?q=abc")),
    Scene("matter business", "", at("/matters/individual_business/")),
    Scene("matter fire", "", at("/matters/fire_safety_permit/")),
    Scene("sign in", "", at("/signin/")),
    Scene("verify", "", at("/verify/")),
    Scene("verdict genuine", "", at("/verify/{codes[licence]}/")),
    Scene("verdict unknown", "", at("/verify/ABCDEFGHJKLM/"), 404),
    Scene("verdict changed", "", _changed),
    Scene("verdict foreign", "", _verify_file(PDF)),
    Scene("verify too large", "", _verify_file(b"%PDF" + b" " * (8 * 1024 * 1024)), 413),
    Scene("not found", "", at("/nowhere/"), 404),
    Scene("catalogue", "", at("/catalogue/")),
    Scene("catalogue nothing", "", at("/catalogue/?q=zzz")),
    Scene("catalogue entry", "", at("/catalogue/credit.standing/")),
    Scene("credit", "", at("/credit/")),
    Scene("credit found", "", _credit_found),
    Scene("credit joint list", "", at("/credit/lists/punishment/")),
    Scene("credit report asked", "", at("/credit/verify/")),
    Scene("credit report unknown", "", at("/credit/verify/CR00/"), 404),
    Scene("food licence asked", "", at("/food-licences/")),
    Scene("food licence wrong", "", at("/food-licences/?number=JY1"), 400),
    Scene("food licence absent", "", at("/food-licences/JY00000000000000/"), 404),
    Scene("enterprises", "", at("/enterprises/")),
    Scene("enterprises found nothing", "", at("/enterprises/?q=zzz")),
    Scene("enterprise", "", _enterprise),
    Scene("enterprise unknown", "", at("/enterprises/none/"), 404),
    Scene("abnormal list", "", at("/enterprises/lists/abnormal/")),
    Scene("serious list empty", "", at("/enterprises/lists/serious/")),
    Scene("places", "", at("/places/")),
    Scene("places found", "", at("/places/?q=%E8%B7%AF1")),
    Scene("places found nothing", "", at("/places/?q=zzz")),
    Scene("place city", "", at("/places/440100/")),
    Scene("place county", "", at("/places/440904/")),
    Scene("place county ended", "", at("/places/440903/")),
    Scene("place undivided city", "", at("/places/441900/")),
    Scene("place township", "", at("/places/440103001/")),
    Scene("place address", "", _address),
    Scene("divisions of a day", "", at("/places/history/?on=2011-06-30")),
    Scene("divisions of no day", "", at("/places/history/?on=1999-01-01"), 422),
    Scene("targets", "", at("/targets/")),
    Scene("targets on the map", "", at("/targets/?show=fields_prefilled")),
    Scene("indicators", "", at("/indicators/")),
    Scene("indicator", "", at("/indicators/time_used/")),
    Scene("indicator of the catalogue", "", at("/indicators/licence_matters_online/")),
    Scene("point", "", at("/places/point/")),
    Scene("point found", "", at("/places/point/?longitude=113.3245&latitude=23.1065")),
    Scene("point at sea", "", at("/places/point/?longitude=114.5&latitude=21")),
    Scene("point wrong", "", at("/places/point/?longitude=a&latitude=99"), 422),
]
RESIDENTS = [
    Scene("matter resident", RESIDENT, at("/matters/individual_business/?choose=body")),
    Scene("home resident", RESIDENT, at("/")),
    Scene("home newcomer", NEWCOMER, at("/")),
    Scene("apply fresh", RESIDENT, at("/apply/{drafts[fresh]}/")),
    Scene("apply errors", RESIDENT, _errors, 422),
    Scene("apply disputed", RESIDENT, at("/apply/{drafts[disputed]}/")),
    Scene("apply several", OWNER, at("/apply/{drafts[several]}/")),
    Scene("record absent", NEWCOMER, _absent, 409),
    Scene("check", RESIDENT, at("/apply/{drafts[ready]}/check/")),
    Scene("case received", RESIDENT, at("/cases/{cases[received]}/")),
    Scene("case correction", RESIDENT, at("/cases/{cases[correction]}/")),
    Scene("case in review", RESIDENT, at("/cases/{cases[in review]}/")),
    Scene("case suspended", RESIDENT, at("/cases/{cases[suspended]}/")),
    Scene("case overdue", RESIDENT, at("/cases/{cases[red]}/")),
    Scene("case granted", RESIDENT, at("/cases/{cases[granted resident-440103]}/")),
    Scene("case refused", RESIDENT, at("/cases/{cases[refused]}/")),
    Scene("my cases", RESIDENT, at("/cases/")),
    Scene("my cases empty", NEWCOMER, at("/cases/")),
    Scene("own credit", OWNER, at("/credit/mine/")),
    Scene("own credit event", OWNER, _credit_event),
    Scene("own enterprises", RESIDENT, at("/enterprises/mine/")),
    Scene("own enterprises none", NEWCOMER, at("/enterprises/mine/")),
    Scene("own enterprise", RESIDENT, _own_enterprise()),
    Scene("annual report", RESIDENT, _own_enterprise("report")),
    Scene("set up an enterprise", RESIDENT, at("/enterprises/set-up/")),
    Scene("set up errors", RESIDENT, _set_up_errors, 422),
    Scene("wallet", RESIDENT, at("/certificates/")),
    Scene("wallet empty", NEWCOMER, at("/certificates/")),
    Scene("who looked", RESIDENT, at("/looked/")),
    Scene("who looked empty", "resident-441802", at("/looked/")),
    Scene("messages", RESIDENT, at("/messages/")),
    Scene("messages empty", NEWCOMER, at("/messages/")),
    Scene("event resident", APPLICANT, at("/events/restaurant/?choose=place")),
    Scene("joint form", APPLICANT, at("/joint/draft/{drafts[joint ready]}/")),
    Scene("joint errors", "resident-441802", _joint_errors, 422),
    Scene("joint check", APPLICANT, at("/joint/draft/{drafts[joint ready]}/check/")),
    Scene("joint under way", APPLICANT, at("/joint/{cases[joint]}/")),
    Scene("my cases with an event", APPLICANT, at("/cases/")),
    Scene("forbidden", RESIDENT, at("/desk/"), 403),
    Scene("another's case", OWNER, at("/cases/{cases[received]}/"), 404),
]
OFFICIALS = [
    Scene("worklist clerk", CLERK, at("/desk/")),
    Scene("worklist reviewer", REVIEWER, at("/desk/")),
    Scene("worklist empty", IDLE, at("/desk/")),
    Scene("case list", CLERK, at("/desk/cases/")),
    Scene("case list empty", IDLE, at("/desk/cases/")),
    Scene("desk formal check", CLERK, at("/desk/cases/{cases[received]}/")),
    Scene("desk fire check", FIRE_CLERK, at("/desk/cases/{cases[fire received]}/")),
    Scene("desk inspection", INSPECTOR, at("/desk/cases/{cases[to inspect]}/")),
    Scene("desk decision", HEAD, at("/desk/cases/{cases[to decide]}/")),
    Scene("desk suspended", HEAD, at("/desk/cases/{cases[suspended]}/")),
    Scene("desk overdue", REVIEWER, at("/desk/cases/{cases[red]}/")),
    Scene("desk refusal", REVIEWER, _refusal, 409),
    Scene("worklist by card", REVIEWER, at("/desk/?card=red")),
    Scene("joint list", GOVERNMENT, at("/desk/joint/")),
    Scene("joint extension", GOVERNMENT, at("/desk/joint/{cases[joint]}/extend/")),
    Scene("joint list empty", "441803-government-head", at("/desk/joint/")),
    Scene("desk finished", CLERK, at("/desk/cases/{cases[refused]}/")),
    Scene("registers", RECORDS, at("/desk/records/")),
    Scene("register list", RECORDS, at("/desk/records/population/resident/")),
    Scene("register nothing", RECORDS, _found_nothing),
    Scene("register detail", RECORDS, _opened),
    Scene(
        "statistics of a register",
        RECORDS,
        at("/desk/records/population/resident/statistics/?by=birth_date&and=sex"),
    ),
    Scene("quality of the registers", RECORDS, at("/desk/quality/")),
    Scene("quality of a register", RECORDS, at("/desk/quality/population/resident/")),
    Scene("data dictionary", RECORDS, at("/desk/dictionary/?q=household")),
    Scene("register of a day", RECORDS, at("/desk/records/population/resident/?on=2026-01-01")),
    Scene("import", RECORDS, at("/desk/records/population/household/import/")),
    Scene("import sent", RECORDS, _sent),
    Scene("import checked", RECORDS, _import_checked),
    Scene("imports", RECORDS, at("/desk/imports/")),
    Scene("register history", RECORDS, _history),
    Scene("register change", RECORDS, _changing),
    Scene("register change previewed", RECORDS, _previewed),
    Scene("register doubt", RECORDS, _doubting),
    Scene("doubts empty", RECORDS, at("/desk/doubts/")),
    Scene("holders", "440000-data-data_officer", at("/desk/holders/")),
    Scene("holder", "440000-data-data_officer", at("/desk/holders/person.name/")),
    Scene(
        "register export",
        "440103-police-head",
        at("/desk/records/population/resident/export/?f_sex=2"),
    ),
    Scene("credit reporting", "440103-market-data_officer", at("/desk/credit/collect/")),
    Scene("credit desk", "440100-credit-records_officer", at("/desk/credit/")),
    Scene("credit repair", "440100-credit-records_officer", _credit_repair),
    Scene("enterprises of the desk", MARKET, at("/desk/enterprises/")),
    Scene("ownership", MARKET, _firm_of_desk()),
    Scene("list notice", MARKET, _firm_of_desk("notice")),
    Scene("registration desk", MARKET, at("/desk/registration/")),
    Scene("registration desk empty", IDLE, at("/desk/registration/")),
    Scene("enterprise change", MARKET, _firm_of_desk("change")),
    Scene("enterprise closing", MARKET, _of_registration("closings")),
    Scene("exchange catalogue", "440000-data-data_officer", at("/desk/exchange/")),
    Scene("exchange of an operator", OPERATOR, at("/desk/exchange/")),
    Scene("who used a resource", OPERATOR, at("/catalogue/population.identity/")),
    Scene("operating", OPERATOR, at("/operating/")),
    Scene("operating checked", OPERATOR, _checked),
    Scene("evidence", OPERATOR, at("/operating/evidence/")),
    Scene("evidence nothing", OPERATOR, at("/operating/evidence/?since=2999-01-01")),
    Scene("evidence entry", OPERATOR, _entry),
    Scene("dead letters none", OPERATOR, at("/operating/dead-letters/")),
]
SUPERVISORS = [
    Scene("supervision of a county", SUPERVISOR, at("/supervision/")),
    Scene("supervision of a city", "440100-supervision-leader", at("/supervision/")),
    Scene("supervision of the province", "440000-supervision-leader", at("/supervision/")),
    Scene("supervision quiet", "441803-supervision-supervisor", at("/supervision/")),
    Scene("supervised cases", SUPERVISOR, at("/supervision/cases/")),
    Scene("supervised cases none", SUPERVISOR, at("/supervision/cases/?matter=shop_sign&card=red")),
    Scene("supervised case late", SUPERVISOR, at("/supervision/cases/{cases[red]}/")),
    Scene("supervised case paused", SUPERVISOR, at("/supervision/cases/{cases[suspended]}/")),
    Scene("supervised case elsewhere", "440305-supervision-supervisor", _late_case, 404),
    Scene("cards issued", SUPERVISOR, at("/supervision/cards/")),
    Scene("cards none", "441803-supervision-supervisor", at("/supervision/cards/")),
    Scene("opinion form", SUPERVISOR, _opinion),
    Scene("opinion empty", SUPERVISOR, _opinion_empty, 422),
    Scene("opinion sent", SUPERVISOR, _opinion_sent),
    Scene("opinions", SUPERVISOR, at("/supervision/opinions/")),
    Scene("opinions none", "441803-supervision-supervisor", at("/supervision/opinions/")),
    Scene("scores", SUPERVISOR, at("/supervision/scores/")),
    Scene("scores none", SUPERVISOR, at("/supervision/scores/?month=2025-01")),
    Scene("opinions to a head", "440103-market-head", at("/desk/opinions/")),
    Scene("opinions to a head none", "441803-fire-head", at("/desk/opinions/")),
]
SCENES = {scene.name: scene for scene in [*PUBLIC, *RESIDENTS, *OFFICIALS, *SUPERVISORS]}
