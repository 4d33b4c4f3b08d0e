"""Sending files of rows as an official does, and working at them as the node's worker does."""

import csv
import io
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from lingnan.kernel.registry.importing import jobs
from lingnan.kernel.registry.importing.models import Import
from tests.people import Person

CITY_HEAD, HEAD = "440100-police-head", "440103-police-head"
HOUSEHOLDS = "/desk/records/population/household/"
RESIDENTS = "/desk/records/population/resident/"
NAMES = "户号,所在县区,镇街,住址,户内人数,户别"


def household(number: str, **changes: str) -> str:
    row = {"division": "440103", "size": "3", "kind": "家庭户", "address": "龙津东路1号"} | changes
    return f"{number},{row['division']},440103001,{row['address']},{row['size']},{row['kind']}"


def table(*rows: str, names: str = NAMES) -> bytes:
    return "\n".join([names, *rows, ""]).encode()


class Sent:
    """A file that somebody sent, and its page."""

    def __init__(self, person: Person, page: str) -> None:
        self.person, self.page = person, page
        self.ref = person.url.rstrip("/").split("/")[-1]

    @property
    def one(self) -> Import:
        return Import.objects.get(pk=self.ref)

    def do(self, do: str, **more: Any) -> str:
        return self.person.post(f"/desk/imports/{self.ref}/", do=do, **more)

    def checked(self, **more: Any) -> "Sent":
        self.do("check", **more)
        assert self.person.status == 200, self.person.text
        jobs.run_waiting()
        self.page = self.person.get(f"/desk/imports/{self.ref}/")
        return self

    def taken(self, do: str = "take_all", confirmed_by: str = "") -> "Sent":
        """Taken in, where two must agree after another official has confirmed it."""
        self.do(do)
        if confirmed_by:
            second = Sent(Person(confirmed_by), "")
            second.ref = self.ref
            second.do("confirm")
        jobs.run_waiting()
        self.page = self.person.get(f"/desk/imports/{self.ref}/")
        return self

    def errors(self) -> dict[int, str]:
        """Row → what the official reads of it."""
        found = re.findall(r"<tr[^>]*>.*?</tr>", self.page, re.S)
        cells = [re.sub(r"<[^>]+>", "\x1f", line) for line in found]
        texts = [[part.strip() for part in line.split("\x1f") if part.strip()] for line in cells]
        return {int(one[0]): " ".join(one) for one in texts if one and one[0].isdigit()}

    def error_file(self) -> bytes:
        answer: Any = self.person.client.get(f"/desk/imports/{self.ref}/errors/")
        assert answer.status_code == 200
        return b"".join(answer.streaming_content)

    def error_rows(self) -> list[list[str]]:
        text = self.error_file().decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text)))


def send(
    person: Person, content: bytes, name: str = "户籍.csv", to: str = HOUSEHOLDS, **more: Any
) -> Sent:
    """Send a file that is taken."""
    refused = sent_badly(person, content, name, to, **more)
    assert person.status == 200 and "/desk/imports/" in person.url, refused
    return Sent(person, refused)


def sent_badly(
    person: Person, content: bytes, name: str = "户籍.csv", to: str = HOUSEHOLDS, **more: Any
) -> str:
    file = SimpleUploadedFile(name, content)
    return person.post(f"{to}import/", **({"file": file, "purpose": "补录户籍"} | more))
