"""How pages of signing in are reached in their states."""

from playwright.sync_api import Page

from tests.browser.states import Province

SEND = "main form.card .actions button"


def wrong_code(page: Page, province: Province) -> None:
    page.goto("/signin/recover/")
    page.fill("[name=login]", "nobody")
    page.fill("[name=code]", "1-AAAA-BBBB-CCCC")
    page.click(SEND)


def text_asked(page: Page, province: Province) -> None:
    page.goto("/signin/certificate/")
    if page.locator("[name=signature]").count() == 0:
        page.click(SEND)


def no_signature(page: Page, province: Province) -> None:
    text_asked(page, province)
    file = {"name": "signin.p7s", "mimeType": "application/octet-stream", "buffer": b"x"}
    page.set_input_files("[name=signature]", file)  # type: ignore[arg-type]
    page.click(SEND)


def wrong_ticket(page: Page, province: Province) -> None:
    page.goto("/signin/ticket/#AAAA-BBBB-CCCC")
    assert page.input_value("[name=ticket]") == "AAAA-BBBB-CCCC"
    page.click(SEND)


def wrong_authenticator(page: Page, province: Province) -> None:
    page.goto("/account/authenticator/")
    page.fill("[name=name]", "phone")
    page.fill("[name=code]", "000000")
    page.click(SEND)


def codes_made(page: Page, province: Province) -> None:
    page.goto("/account/recovery-codes/")
    page.click(SEND)


def wrong_password(page: Page, province: Province) -> None:
    page.goto("/account/password/")
    page.fill("[name=new]", "short")
    page.click(SEND)


def nobody_sought(page: Page, province: Province) -> None:
    _at_the_counter(page, "nobody", "甲乙")


def way_opened(page: Page, province: Province) -> None:
    name = province.person("resident-441803").get("/account/").split('class="who"')[1]
    _at_the_counter(page, "resident-441803", name.split(">")[1].split("<")[0])


def _at_the_counter(page: Page, login: str, name: str) -> None:
    page.goto("/desk/counter/")
    page.check("[name=purpose][value=recover]")
    page.fill("[name=login]", login)
    page.fill("[name=name]", name)
    page.select_option("[name=document]", "identity_card")
    page.check("[name=compared]")
    page.click(SEND)
