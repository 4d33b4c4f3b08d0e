"""Real accounts beside a demonstration's people, and how they prove who they are."""

import base64
import re
import time
from html import unescape
from typing import Any

from django.test import Client

from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import Account, node_evidence
from lingnan.standards import one_time_password as otp

PASSWORD = "云山珠水之间有一座老茶楼"
ANOTHER = "骑楼下的雨声比鼓点还要密得多"
ADDRESS = "203.0.113.7"


def account(login: str = "chan.siuming", name: str = "陈小明", **changes: Any) -> Account:
    """Somebody real; a resident who is known as one of the demonstration's is."""
    known = Account.objects.get(login="resident-440106")
    made = Account(
        key=keys.new_key(),
        login=login,
        name=name,
        kind="resident",
        subject=known.subject,
        **changes,
    )
    made.set_password(PASSWORD)
    made.save()
    return made


class Visitor:
    """A browser. `page` is the text of the last answer."""

    def __init__(
        self, address: str = ADDRESS, browser: str = "Mozilla Firefox/140 Windows"
    ) -> None:
        self.client = Client(REMOTE_ADDR=address, headers={"User-Agent": browser})
        self.client.cookies["django_language"] = "en"
        self.answer: Any = None

    def get(self, url: str, **more: Any) -> int:
        self.answer = self.client.get(url, **more)
        return int(self.answer.status_code)

    def post(self, url: str, **data: Any) -> int:
        self.answer = self.client.post(url, data)
        return int(self.answer.status_code)

    @property
    def page(self) -> str:
        return unescape(self.answer.content.decode())

    @property
    def leads(self) -> str:
        return str(self.answer.headers.get("Location", ""))

    @property
    def inside(self) -> bool:
        """Whether somebody is signed in here."""
        return self.client.get("/account/").status_code == 200

    def sign_in(self, login: str = "chan.siuming", password: str = PASSWORD, next: str = "") -> int:
        return self.post("/signin/", login=login, password=password, next=next)

    def set_up_authenticator(self) -> "Device":
        self.get("/account/authenticator/")
        assert self.answer.status_code == 200, self.leads
        found = re.search(r'<code class="id">([A-Z2-7 ]+)</code>', self.page)
        assert found
        device = Device(found[1].replace(" ", ""))
        self.post("/account/authenticator/", name="phone", code=device.shows())
        assert self.leads == "/account/", self.page
        return device

    def recovery_codes(self) -> list[str]:
        assert self.post("/account/recovery-codes/") == 200, self.leads
        return re.findall(r"<code class=\"id\">(\d-[A-Z0-9-]+)</code>", self.page)


class Device:
    """An authenticator program. Each password serves once, so it may look a step ahead."""

    def __init__(self, secret: str) -> None:
        self.seed = base64.b32decode(secret + "=" * (-len(secret) % 8))

    def shows(self, ahead: int = 0) -> str:
        return otp.code(self.seed, otp.step_at(time.time()) + ahead)


def written(about: Account, kind: str) -> list[dict[str, Any]]:
    """What the evidence says of an account, newest first."""
    found = node_evidence.reader().by_subject("trust", about.key, kinds=[kind])
    return [entry.payload or {} for entry in found]
