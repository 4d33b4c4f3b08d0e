"""How the pages of the certification authority are reached, and its people."""

import re
import tempfile
from functools import lru_cache
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.people import Visitor
from tests.browser.reaching import Reach, Scene, at, verify_file
from tests.browser.states import OWNER, Province
from tests.pki import asking

HOLDER, STEWARD = "440103-fire-reviewer", "440103-fire-data_officer"
CHECKER, ISSUER = "440100-data-certificate_officer", "440100-data-certificate_officer-2"
CUSTODIAN, SECOND = "440000-data-key_custodian", "440000-data-key_custodian-2"
CEREMONIES, DESK = "/desk/certification/ceremonies/", "/desk/certification/"
REGISTER = f"{DESK}register/"


def request() -> dict[str, object]:
    """A request over a new key, as a form sends it."""
    made = asking.request(asking.key())
    return {"name": "request.csr", "mimeType": "application/octet-stream", "buffer": made}


def filed(person: Visitor) -> str:
    """The holder asks for a pair; returns the application's number."""
    page = person.page()
    page.goto("/certification/apply/official/")
    page.set_input_files("[name=request]", request())  # type: ignore[arg-type]
    page.check("[name=pair]")
    page.fill("[name=days]", "20")
    page.click("main form.card .btn")
    page.wait_for_url("**/certification/mine/*/")
    found = re.search(r"/mine/([A-Z0-9]+)/", page.url)
    page.close()
    assert found
    return found[1]


def certified(province: Province) -> str:
    """A pair issued once for all scenes; returns the application's number."""
    if "certificate" not in province.codes:
        number = filed(province.person(HOLDER))
        address = f"{DESK}applications/{number}/"
        province.person(CHECKER).post(address, act="check", found="核对了任职文件")
        province.person(ISSUER).post(address, act="issue")
        province.codes["certificate"] = number
    return province.codes["certificate"]


def of_holder(rest: str = "") -> Reach:
    def go(page: Page, province: Province) -> None:
        page.goto(f"/certification/mine/{certified(province)}/{rest}")

    return go


def application(page: Page, province: Province) -> None:
    page.goto(f"{DESK}applications/{certified(province)}/")


def certificate(page: Page, province: Province) -> None:
    certified(province)
    page.goto(f"{REGISTER}?kind=official")
    page.locator("main table a").first.click()
    page.wait_for_load_state()


def nothing_chosen(page: Page, province: Province) -> None:
    certificate(page, province)
    page.click("form:has([value=state]) .btn")
    page.wait_for_load_state()


def empty_request(page: Page, province: Province) -> None:
    page.goto("/certification/apply/official/")
    page.click("main form.card .btn")
    page.wait_for_load_state()


def recovery(page: Page, province: Province) -> None:
    certified(province)
    if "recovery" not in province.codes:
        page.goto(f"{REGISTER}?kind=official")
        row = page.locator("main table tr").filter(has_text=re.compile("加密|Encryption"))
        row.locator("a").first.click()
        page.locator("a[href*='recoveries/?serial']").click()
        page.fill("[name=reason]", "持有人遗失密钥")
        page.fill("[name=basis]", "持有人本人申请")
        page.click("main form.card .btn")
        page.wait_for_url("**/recoveries/HF*/")
        province.codes["recovery"] = page.url.rstrip("/").rpartition("/")[2]
    page.goto(f"{DESK}recoveries/{province.codes['recovery']}/")


def ceremony(page: Page, province: Province) -> None:
    if "ceremony" not in province.codes:
        page.goto(CEREMONIES)
        page.select_option("[name=authority]", "issuing-4420")
        page.fill("[name=reason]", "开设签发机构")
        page.click("main form.card .btn")
        page.wait_for_url("**/ceremonies/YS*/")
        province.codes["ceremony"] = page.url.rstrip("/").rpartition("/")[2]
    page.goto(f"{CEREMONIES}{province.codes['ceremony']}/")


def begun(page: Page, act: str, **chosen: str) -> str:
    """A custodian begins a ceremony of that kind; its address."""
    page.goto(CEREMONIES)
    form = page.locator(f"form:has([name=act][value={act}])")
    form.locator("[name=authority]").select_option(chosen["authority"])
    if "why" in chosen:
        form.locator(f"[name=why][value={chosen['why']}]").check()
    form.locator("[name=reason]").fill("演练")
    form.locator(".btn").click()
    page.wait_for_url("**/ceremonies/YS*/")
    return page.url


def revocation(page: Page, province: Province) -> None:
    """What will be void, before the second custodian confirms."""
    if "revocation" not in province.codes:
        first = province.person(CUSTODIAN).page()
        province.codes["revocation"] = begun(
            first, "revoke", authority="issuing-4401", why="ca_compromise"
        )
        first.close()
    page.goto(province.codes["revocation"])


def revocation_empty(page: Page, province: Province) -> None:
    page.goto(CEREMONIES)
    page.click("form:has([name=act][value=revoke]) .btn")
    page.wait_for_load_state()


def signature_empty(page: Page, province: Province) -> None:
    page.goto("/certification/signature/")
    page.click("main form.card .btn")
    page.wait_for_load_state()


@lru_cache(maxsize=1)
def signature() -> bytes:
    """A signature (CMS) in a file of its own, by nobody's certificate here."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "key.pem").write_bytes(asking.key())
        (folder / "file").write_bytes(b"signed")
        for words in (
            ("req", "-x509", "-new", "-key", "key.pem", "-subj", "/CN=test", "-out", "cert.pem"),
            ("cms", "-sign", "-binary", "-in", "file", "-signer", "cert.pem", "-inkey", "key.pem",
             "-outform", "DER", "-out", "file.p7s"),
        ):  # fmt: skip
            done = asking.openssl(folder, *words)
            assert done.returncode == 0, done.stderr
        return (folder / "file.p7s").read_bytes()


def signature_chosen(page: Page, province: Province) -> None:
    """Where a sealed document is verified."""
    verify_file(signature())(page, province)


SCENES = [
    Scene("signature chosen for a document", "", signature_chosen),
    Scene("signature verified", "", at("/certification/signature/")),
    Scene("signature verified empty", "", signature_empty, 422),
    Scene("certificate of a resident asked", OWNER, at("/certification/apply/resident/")),
    Scene("revocation of an authority", SECOND, revocation),
    Scene("revocation of an authority empty", CUSTODIAN, revocation_empty, 422),
    Scene("certification", "", at("/certification/")),
    Scene("own certificates none", "440103-fire-head", at("/certification/mine/")),
    Scene("own certificates", HOLDER, at("/certification/mine/")),
    Scene("own certificate", HOLDER, of_holder()),
    Scene("own certificate key", HOLDER, of_holder("key/")),
    Scene("certificate asked", HOLDER, at("/certification/apply/official/")),
    Scene("certificate asked empty", HOLDER, empty_request, 422),
    Scene("certificate of a system asked", STEWARD, at("/certification/apply/system/")),
    Scene("certificate of a firm asked", OWNER, at("/certification/apply/firm/")),
    Scene("certification desk", CHECKER, at(DESK)),
    Scene("certificate application", CHECKER, application),
    Scene("certificates", CHECKER, at(REGISTER)),
    Scene("certificates nothing", CHECKER, at(f"{REGISTER}?q=zzz")),
    Scene("certificate", CHECKER, certificate),
    Scene("certificate nothing chosen", CHECKER, nothing_chosen, 422),
    Scene("recoveries", CHECKER, at(f"{DESK}recoveries/")),
    Scene("recovery", CHECKER, recovery),
    Scene("ceremonies", CUSTODIAN, at(CEREMONIES)),
    Scene("ceremony", CUSTODIAN, ceremony),
]
