"""A person, and a firm, take out who looked at their data, as a file that a court checks alone."""

import json
import re
from typing import Any

import pytest

from lingnan.kernel.exchange.api import introduce, single
from lingnan.kernel.trust.api import node_bundles, node_evidence
from lingnan.kernel.trust.bundles import archive, showing
from tests.firms import of, old_firm
from tests.kernel import uses
from tests.people import Person, register_business

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
OFFICIAL = "李某 市场监督管理局 clerk"


def read_by_market(count: int) -> list[int]:
    """The newest entries about a resident, who was read together with another one."""
    both = [uses.resident(one) for one in ("440103", "440106")]
    known = tuple(introduce(one.subject, to=uses.MARKET) for one in both)
    for _ in range(count):
        single(uses.identity(subjects=known, actor=OFFICIAL))
    return uses.about(uses.key_of(both[0]))[:count]


def taken(person: Person, url: str = "/looked/file/", **said: Any) -> bytes:
    answer: Any = person.client.post(url, said)
    assert answer.status_code == 200, answer.content.decode()
    assert answer["Content-Type"] == node_bundles.CONTENT_TYPE
    return bytes(answer.content)


def test_chosen_lines_go_out_whole_and_with_nothing_of_others() -> None:
    numbers = read_by_market(3)
    person = Person("resident-440103")
    page = person.get("/looked/file/")
    assert all(f'value="{one}"' in page for one in numbers)
    made = taken(person, lines=[str(one) for one in numbers[:2]])
    report = node_bundles.verify(made)
    assert report.genuine and report.holder == uses.resident("440103").name
    assert sorted(one.seq for one in report.entries) == sorted(numbers[:2])
    for entry in report.entries:
        said = json.loads(entry.payload)
        assert said["consumer"] and said["elements"] and said["basis"]
        assert not {"actor", "versions", "case"} & set(said) and entry.reference is None
    keys = [str(uses.key_of(uses.resident(one))) for one in ("440103", "440106")]
    whole = b"".join(content for _name, content in archive.unpack(made)).decode(errors="ignore")
    for hidden in (*keys, "李某", uses.resident("440106").name, uses.resident("440106").subject):
        assert hidden not in whole
    readme = dict(archive.unpack(made))[showing.README].decode()
    assert "共有 2 条存证记录，其中 0 条只显示抬头" in readme and "of 0 only the head" in readme
    assert "只有其编号、时间和种类" in page
    (written, *_rest) = node_evidence.reader().entries("looked.taken_out", limit=1)
    assert (written.payload or {})["count"] == 2


def test_everything_of_one_case_of_their_own() -> None:
    person = Person("resident-440103")
    number = register_business(person)
    Person("440103-market-reviewer").get(f"/desk/cases/{number}/")
    assert f'<option value="{number}"' in person.get("/looked/file/")
    report = node_bundles.verify(taken(person, case=number))
    assert report.genuine
    assert {"case.opened", "exchange.read"} <= {one.kind for one in report.entries}
    for entry in report.entries:
        assert json.loads(entry.payload)["case"] and "actor" not in entry.payload


def test_lines_of_others_and_nothing_at_all_are_refused() -> None:
    numbers = read_by_market(1)
    stranger = Person("resident-441802")
    assert "与您无关" in stranger.post("/looked/file/", lines=str(numbers[0]))
    assert stranger.status == 409
    assert "请至少选择一行" in stranger.post("/looked/file/")
    assert stranger.status == 422
    stranger.post("/looked/file/", lines="x" * 40, case="nonsense\0")
    assert stranger.status in (400, 422)
    stranger.get("/looked/file/?firm=91440103MA5CX1234A")
    assert stranger.status == 404


def test_a_firm_takes_its_own() -> None:
    owner = Person("owner-440103")
    code = of(owner, old_firm()).credit_code
    owner.client.post(f"/enterprises/mine/{code}/licence/")
    url = f"/looked/file/?firm={code}"
    lines = re.findall(r'name="lines" value="(\d+)"', owner.get(url))
    report = node_bundles.verify(taken(owner, url, lines=lines[:2]))
    assert report.genuine and report.holder and report.entries[-1].kind == "licence.issued"
