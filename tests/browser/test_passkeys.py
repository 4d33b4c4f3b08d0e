"""Passkeys in a real browser, with a device that Chromium plays (DevTools, WebAuthn domain)."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from tests.browser.node import Node
from tests.browser.states import Province

pytestmark = pytest.mark.browser
LOGIN, PASSWORD = "ho.kayan", "fishing boats come home late"
BUTTON = "form[data-passkey] button.btn"
ACCOUNT = f"""
import django; django.setup()
from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import Account
known = Account.objects.get(login="resident-440106")
made = Account(key=keys.new_key(), login="{LOGIN}", name="何嘉欣", kind="resident",
               subject=known.subject)
made.set_password("{PASSWORD}")
made.save()
"""


@pytest.fixture(scope="module")
def address(province: Province) -> str:
    """The node under a name, with a real account: passkeys belong to no address of digits."""
    _real_account(province.node)
    return province.node.address.replace("127.0.0.1", "localhost")


def _real_account(node: Node) -> None:
    how = {"LINGNAN_DATA": str(node.data), "DJANGO_SETTINGS_MODULE": "lingnan.node.settings"}
    done = subprocess.run(
        [sys.executable, "-c", ACCOUNT], env=_environment() | how, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("LINGNAN_")}


class Device:
    """A device of Chromium's own making, which finds its owner there unless told otherwise."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }  # fmt: skip
        made = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.number = made["authenticatorId"]

    def say(self, command: str, **told: Any) -> Any:
        return self.session.send(f"WebAuthn.{command}", {"authenticatorId": self.number, **told})


@contextmanager
def visiting(browser: Browser, address: str) -> Iterator[tuple[Page, Device]]:
    context: BrowserContext = browser.new_context(base_url=address, locale="zh-CN")
    context.set_default_timeout(15_000)
    page = context.new_page()
    try:
        yield page, Device(page)
    finally:
        context.close()


def by_password(page: Page) -> None:
    page.goto("/signin/")
    page.fill("[name=login]", LOGIN)
    page.fill("[name=password]", PASSWORD)
    page.click("aside form.card .actions button >> nth=0")


def sign_out(page: Page) -> None:
    page.click("form[action='/signout/'] button")


def arrive(page: Page, path: str) -> None:
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def add(page: Page, name: str) -> None:
    page.goto("/account/passkey/")
    page.fill("[name=name]", name)
    page.click(BUTTON)
    arrive(page, "/account/")


def test_add_sign_in_step_up_and_remove(browser: Browser, address: str) -> None:
    with visiting(browser, address) as (page, device):
        by_password(page)
        add(page, "笔记本")
        assert page.locator("td", has_text="笔记本").count() >= 1
        sign_out(page)
        # Without a name, by the device alone.
        page.goto("/signin/?next=/cases/")
        page.click(BUTTON)
        arrive(page, "/cases/")
        page.goto("/account/")
        assert "3 / 3" in page.inner_text("main")
        sign_out(page)
        # A password alone is led to the device, and comes back to where it wanted to go.
        by_password(page)
        page.goto("/account/password/")
        assert "/signin/step-up/" in page.url
        page.click(BUTTON)
        arrive(page, "/account/password/")
        # The one passkey that there is cannot be taken away.
        page.goto("/account/")
        page.click("form[action='/account/remove/'] button")
        assert "最后一个强凭证" in page.inner_text("main")
        # A copy of the key that counts from the beginning again is refused.
        sign_out(page)
        held = device.say("getCredentials")["credentials"][0]
        device.say("removeCredential", credentialId=held["credentialId"])
        device.say("addCredential", credential=held | {"signCount": 0})
        page.goto("/signin/")
        page.click(BUTTON)
        arrive(page, "/signin/passkey/")
        assert "未能接受" in page.inner_text("main")


def test_a_device_that_does_not_find_its_owner_changes_nothing(
    browser: Browser, address: str
) -> None:
    with visiting(browser, address) as (page, device):
        device.say("setUserVerified", isUserVerified=False)
        page.goto("/signin/")
        page.click(BUTTON)
        said = page.locator("[data-said]")
        said.filter(has_text="设备没有应答").wait_for()
        assert page.url.endswith("/signin/")
        assert page.locator("form[data-passkey]").get_attribute("aria-busy") is None
