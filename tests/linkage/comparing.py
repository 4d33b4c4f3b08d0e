"""Bringing a file to be compared as an official does, and working at it as the worker does."""

import csv
import io
import random
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from lingnan.kernel.registry.linkage.comparing import jobs
from lingnan.kernel.registry.linkage.models import Comparison
from lingnan.systems.government.population.models import Resident
from tests.linkage import corrupter
from tests.people import Person

HEAD, CITY_HEAD = "440103-police-head", "440100-police-head"
COMPARE = "/desk/records/population/resident/compare/"
NAMES = {
    "name": "姓名",
    "resident_number": "公民身份号码",
    "birth_date": "出生日期",
    "sex": "性别",
    "address": "住址",
}
COLUMNS = ("row", "found", "count", "rank", "ref", "weight", "agree", "wrong", "synthetic")
Row = dict[str, str]
STRANGER = {
    "name": "欧阳无名", "resident_number": "", "birth_date": "1901-01-01", "sex": "1",
    "address": "湛江市霞山区海滨大道1号",
}  # fmt: skip


def residents(division: str, most: int) -> list[Resident]:
    rows = Resident.objects.filter(division__startswith=division, ended=False).order_by("key")
    return list(rows[:most])


def row_of(one: Resident) -> Row:
    """A resident as a row of the corrupter's, with the record's key."""
    said = {name: str(getattr(one, name)) for name in NAMES}
    return said | {"key": str(one.key)}


def dirty(people: list[Resident]) -> list[tuple[str, Row]]:
    """One dirty copy of each resident, with (kind of its error, row)."""
    return list(corrupter.copies([row_of(one) for one in people], random.Random(5)))


def table(rows: list[Row], names: dict[str, str] = NAMES) -> bytes:
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(names.values())
    out.writerows([row.get(name, "") for name in names] for row in rows)
    return text.getvalue().encode()


class Brought:
    """A file that somebody brought, and its page."""

    def __init__(self, person: Person, content: bytes, name: str = "名单.csv") -> None:
        self.person = person
        self.page = brought_badly(person, content, name)
        assert person.status == 200 and "/desk/comparisons/" in person.url, self.page
        self.ref = person.url.rstrip("/").split("/")[-1]
        self.url = f"/desk/comparisons/{self.ref}/"

    @property
    def one(self) -> Comparison:
        return Comparison.objects.get(pk=self.ref)

    def do(self, do: str, **more: Any) -> str:
        return self.person.post(self.url, do=do, **more)

    def compared(self, **more: Any) -> "Brought":
        self.do("compare", **more)
        assert self.person.status == 200, self.person.text
        jobs.run_waiting()
        self.page = self.person.get(self.url)
        return self

    def file(self, person: Person | None = None) -> list[dict[str, str]]:
        answer: Any = (person or self.person).client.get(f"{self.url}file/")
        assert answer.status_code == 200
        text = b"".join(answer.streaming_content).decode()
        assert text.startswith("\ufeff")
        _head, *lines = csv.reader(io.StringIO(text[1:]))
        return [dict(zip(COLUMNS, line, strict=True)) for line in lines]

    def pages(self, query: str = "") -> list[int]:
        """The numbers of the rows of all pages of the list."""
        found, address = [], f"{self.url}{query}"
        while address:
            page = self.person.get(address)
            found += [int(n) for n in re.findall(rf'href="{self.url}rows/(\d+)/">\d+<', page)]
            more = re.search(r'href="(\?kind=[^"]+)"', page.split("</table>")[-1])
            address = f"{self.url}{more[1]}" if more else ""
        return found


def brought_badly(person: Person, content: bytes, name: str = "名单.csv", **more: Any) -> str:
    said = {"file": SimpleUploadedFile(name, content), "matter": "个体工商户登记"}
    return person.post(COMPARE, **(said | {"purpose": "核对补贴名单"} | more))
