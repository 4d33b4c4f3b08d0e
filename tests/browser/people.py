"""People of the demonstration, each with a browser session of their own."""

import re
from html import unescape
from typing import Any

from playwright.sync_api import APIResponse, Browser, BrowserContext, Page

from tests.people import PDF, PLACE, SHOP

LANGUAGES = {"zh": "zh-hans", "en": "en"}


def paper(name: str = "租赁合同.pdf", content: bytes = PDF) -> dict[str, Any]:
    """A file as a form sends it."""
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


class Visitor:
    """Somebody with a browser; `login` is empty for one who has not signed in."""

    def __init__(self, browser: Browser, address: str, login: str = "", **options: Any) -> None:
        self.address, self.login = address, login
        self.context: BrowserContext = browser.new_context(
            base_url=address, locale="zh-CN", **options
        )
        self.context.set_default_timeout(10_000)
        self.speak("zh")
        self.where = ""
        self._stage: Page | None = None
        if login:
            self.post("/signin/", demonstration=login)

    def speak(self, language: str) -> None:
        cookie = {"name": "django_language", "value": LANGUAGES[language], "url": self.address}
        self.context.add_cookies([cookie])  # type: ignore[list-item]

    def page(self, width: int = 1280) -> Page:
        page = self.context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        return page

    def stage(self, script: str) -> Page:
        """One page that is used again and again, with a script of the test's own in it."""
        if self._stage is None:
            self._stage = self.context.new_page()
            self._stage.add_init_script(script)
        return self._stage

    def get(self, url: str) -> str:
        return self._kept(self.context.request.get(url))

    def post(self, url: str, **data: Any) -> str:
        """Send a form as the page would, with its token; fields that are dicts are files."""
        # Signing in changes the token, so it is read anew each time.
        token = self._token() or (self.get("/signin/") and self._token())
        sent = {"csrfmiddlewaretoken": token} | data
        files = any(isinstance(value, dict) for value in data.values())
        how: dict[str, Any] = {"multipart": sent} if files else {"form": sent}
        return self._kept(self.context.request.post(url, **how))

    def _token(self) -> str:
        cookies = self.context.cookies(self.address)
        return next((str(c["value"]) for c in cookies if c["name"] == "csrftoken"), "")

    def _kept(self, response: APIResponse) -> str:
        self.where = response.url.removeprefix(self.address)
        return unescape(response.text())

    @property
    def last(self) -> str:
        """The last part of the address where the person is: a case's number, a draft's."""
        return self.where.strip("/").removesuffix("/check").split("/")[-1]

    def draft(self, matter: str, body: str) -> str:
        self.post(f"/matters/{matter}/begin/", body=body)
        assert self.where.startswith("/apply/"), self.where
        return self.last

    def business(self, county: str = "440103", **changes: Any) -> str:
        """File for the registration of an individual business; returns the case's number."""
        self.draft("individual_business", f"gd-{county}-market")
        filled = SHOP | {"file-premises_proof": paper(), "go": "1"} | changes
        self.post(self.where, **filled)
        return self._submitted()

    def fire(self, county: str = "440103", **changes: Any) -> str:
        """File for a fire-safety permit with an inspection; returns the case's number."""
        self.draft("fire_safety_permit", f"gd-{county}-fire")
        papers = {"file-floor_plan": paper("平面布置图.pdf")}
        self.post(self.where, **(PLACE | {"route": "inspection", "go": "1"} | papers | changes))
        return self._submitted()

    def _submitted(self) -> str:
        assert self.where.endswith("/check/"), self.where
        self.post(self.where, submit="1")
        assert self.where.startswith("/cases/"), self.where
        return self.last

    def act(self, number: str, act: str, **data: Any) -> str:
        """Do an act on a case as its page offers it."""
        page = self.get(f"/desk/cases/{number}/")
        found = re.search(rf'name="act" value="{act}">\s*<input[^>]* value="([0-9a-f]*)"', page)
        assert found, f"{self.login} may not {act} on {number}"
        if "officer" in data:
            offered = re.search(r'<select[^>]*name="officer".*?value="([0-9a-f]{32})"', page, re.S)
            assert offered, f"{self.login} has no colleague"
            data["officer"] = offered[1]
        return self.post(f"/desk/cases/{number}/act/", act=act, task=found[1], **data)
