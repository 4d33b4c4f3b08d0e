"""Acting as the demonstration's people, over HTTP."""

import re
from html import unescape
from typing import Any

from django.test import Client

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


SECOND = "the second officer"


class Person:
    """A signed-in person of the demonstration. `page` is the last page received."""

    def __init__(self, login: str, language: str = "zh-hans") -> None:
        self.client, self.login = Client(), login
        self.client.cookies["django_language"] = language
        self.response: Any = self.client.post("/signin/", {"demonstration": login})
        assert self.response.status_code == 302, self.said

    @property
    def text(self) -> str:
        return unescape(self.response.content.decode())

    @property
    def said(self) -> str:
        """The words of the page's main part, for people who read why a test failed."""
        main = re.search(r"<main.*?</main>", self.text, re.S)
        return " ".join(re.sub(r"<[^>]*>", " ", main[0] if main else self.text).split())

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    def get(self, url: str) -> str:
        self.response = self.client.get(url, follow=True)
        return self.text

    def post(self, url: str, **data: Any) -> str:
        self.response = self.client.post(url, data, follow=True)
        return self.text

    @property
    def url(self) -> str:
        return str(self.response.request["PATH_INFO"])

    def task(self, act: str) -> str:
        """The task reference of an act's form on the page."""
        found = re.search(
            rf'name="act" value="{act}"><input type="hidden" name="task" '
            rf'value="([0-9a-f]*)"',
            self.text,
        )
        assert found, f"no {act} on {self.url}: {self.status}"
        return found[1]

    def act(self, number: str, act: str, **data: Any) -> str:
        """Do an act on a case as its page offers it."""
        self.get(f"/desk/cases/{number}/")
        if data.get("officer") == SECOND:
            data["officer"] = self.colleague()
        return self.post(f"/desk/cases/{number}/act/", act=act, task=self.task(act), **data)

    def colleague(self) -> str:
        """The first colleague whom the page offers as second officer."""
        found = re.search(r'<select[^>]*name="officer".*?value="([0-9a-f]{32})"', self.text, re.S)
        assert found, f"no colleague on {self.url}"
        return found[1]

    def act_on_time(self, number: str, act: str, **data: Any) -> str:
        """Pause, resume or extend: acts that belong to no task."""
        page = self.post(f"/desk/cases/{number}/act/", act=act, **data)
        assert self.status == 200, page
        return page

    @property
    def name(self) -> str:
        from lingnan.kernel.trust.api import Account

        return Account.objects.get(login=self.login).name


def pdf(name: str = "paper.pdf", content: bytes = PDF) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content, "application/pdf")


SHOP = {
    "phone": "13800000000",
    "business_name": "荔湾区街口粥粉面店",
    "scope": "餐饮服务",
    "premises": "广州市荔湾区龙津东路18号首层",
    "own_premises": "rented",
    "true_statement": "1",
}
PLACE = {
    "place_name": "街口粥粉面",
    "area": "62",
    "floors": "首层",
    "phone": "13800000000",
}


def file_business(person: Person, body: str = "gd-440103-market", **changes: Any) -> str:
    """File for the registration of an individual business; returns the case's number."""
    person.post("/matters/individual_business/begin/", body=body)
    draft = person.url
    person.post(draft, **(SHOP | {"file-premises_proof": pdf(), "go": "1"} | changes))
    assert person.url.endswith("/check/"), person.text
    person.post(person.url, submit="1")
    assert person.url.startswith("/cases/"), person.text
    return person.url.strip("/").split("/")[-1]


def register_business(person: Person, county: str = "440103", **changes: Any) -> str:
    """File, accept and register; returns the case's number."""
    number = file_business(person, f"gd-{county}-market", **changes)
    Person(f"{county}-market-clerk").act(number, "accept")
    reviewer = Person(f"{county}-market-reviewer")
    reviewer.act(number, "decide", outcome="granted", reasons="材料齐全，符合法定形式。")
    assert reviewer.status == 200, reviewer.text
    return number


def file_fire(person: Person, route: str, county: str = "440103", **changes: Any) -> str:
    person.post("/matters/fire_safety_permit/begin/", body=f"gd-{county}-fire")
    draft = person.url
    papers = {"file-floor_plan": pdf()}
    person.post(draft, **(PLACE | {"route": route, "go": "1"} | papers | changes))
    if route == "commitment" and not person.url.endswith("/check/"):
        person.post(draft, **{"route": route, "file-commitment_letter": pdf(), "go": "1"})
    assert person.url.endswith("/check/"), person.text
    person.post(person.url, submit="1")
    return person.url.strip("/").split("/")[-1]
