"""Findings: found once, explained by the official, confirmed by the head, closed by an auditor."""

import re
from pathlib import Path
from typing import Any

import pytest

from lingnan.kernel.duty.api import Message, Task
from lingnan.kernel.exchange.api import (
    Question,
    SetUse,
    ask,
    conclude,
    officials_on_record,
)
from lingnan.kernel.exchange.api import opened as open_set
from lingnan.kernel.registry.api import reading, record_type
from lingnan.kernel.registry.projection import building
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import Account, actor_of, node_evidence
from lingnan.systems.assurance.trust_governance import (
    demo_accesses,
    findings,
    protecting,
    scanning,
)
from lingnan.systems.assurance.trust_governance.models import (
    Counted,
    Finding,
    FindingHit,
    Protected,
    Scanned,
)
from lingnan.systems.government.population.models import Resident
from tests.kernel import uses
from tests.people import Person, file_business

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
OFFICER, HEAD = demo_accesses.OFFICER, demo_accesses.HEAD
BROWSING = demo_accesses.BROWSING
AUDITOR, PROVINCE = "440103-supervision-supervisor", "440000-supervision-supervisor"


@pytest.fixture
def begun() -> int:
    """The demonstration's unusual accesses, looked through; where their evidence begins."""
    size = node_evidence.reader().size()
    assert demo_accesses.play_once() > 20
    Scanned.objects.create(pk=1, up_to=size)
    while scanning.run():
        pass
    return size


def of(rule: str) -> Finding:
    return Finding.objects.filter(rule=rule).order_by("key")[0]


def test_each_rule_finds_what_the_demonstration_does(begun: int) -> None:
    # By the demonstration's business clock nothing is out of hours, whenever the test runs.
    found = set(Finding.objects.values_list("rule", flat=True))
    assert found == {
        "sequential", "self", "colleague", "much_looked_at", "no_case", "off_territory",
    }  # fmt: skip
    assert Finding.objects.filter(rule="much_looked_at").count() == len(demo_accesses.MANY)
    assert min(FindingHit.objects.values_list("seq", flat=True)) > begun
    assert of("self").official.startswith("gd-440103-police/records_officer")


def test_to_look_again_finds_nothing_new_and_counts_nothing_twice(begun: int) -> None:
    before = (Finding.objects.count(), FindingHit.objects.count())
    counted = sorted(Counted.objects.values_list("body", "kind", "number"))
    Scanned.objects.update(up_to=begun)
    Counted.objects.all().delete()
    while scanning.run():
        pass
    assert (Finding.objects.count(), FindingHit.objects.count()) == before
    assert sorted(Counted.objects.values_list("body", "kind", "number")) >= counted


def test_sets_and_figures_are_counted_and_protection_holds_in_a_set(
    begun: int, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    building.bring_up_to_date(Resident)
    basis, elements = "《某条例》第一条", ["person.name", "person.sex"]
    conclude("SG-1", uses.IDENTITY, uses.MARKET, "set_test", basis, elements, "a test",
             uses=["set", "aggregate"])  # fmt: skip
    head = actor_of(Account.objects.get(login="440103-market-head"))
    assert head is not None
    who = head.signature
    keys_ = list(Resident.objects.order_by("key").values_list("key", flat=True)[:30])
    protected = {keys_[3], keys_[7], 5}
    use = SetUse(uses.IDENTITY, uses.MARKET, "set_test", basis, "", who, ("person.name",), "g-1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(protecting, "in_force", lambda: protected)
        open_set(use, uses.introduced(keys_, uses.MARKET))
        ask(Question(uses.IDENTITY, uses.MARKET, "set_test", basis, "", who, ("sex",)))
        scanning.run()
    counted = Counted.objects.filter(
        body=uses.MARKET, kind__in=("exchange.set", "exchange.counted")
    )
    assert sorted(counted.values_list("kind", "number")) == [
        ("exchange.counted", 1), ("exchange.set", 1),
    ]  # fmt: skip
    found = Finding.objects.get(rule="marked")
    assert found.facts["number"] == 30 and found.body == uses.MARKET
    page = Person(AUDITOR).get("/governance/evidence/?why=检查批量使用&kind=exchange.set")
    assert "批量使用" in page.partition("<table")[2]


def test_a_batch_that_is_cut_off_is_done_again_as_a_whole(
    begun: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    Person(OFFICER).get("/desk/records/population/resident/")
    before, counted = scanning.up_to(), Counted.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr(findings, "note", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            scanning.run()
    assert (scanning.up_to(), Counted.objects.count()) == (before, counted)
    assert scanning.run() > 0 and scanning.up_to() > before


def test_the_official_explains_the_head_confirms_and_the_auditor_closes(begun: int) -> None:
    finding = of("sequential")
    where = findings.link(finding)
    officer = Person(BROWSING)
    account = Account.objects.get(login=BROWSING)
    assert Message.objects.filter(account=account.key, link=where).exists()
    assert "按登记顺序" in officer.get(where)
    officer.post(where, act="explain", text="")
    assert officer.status == 422
    officer.post(where, act="explain", text="核对新录入的登记表，按编号逐条检查。")
    assert officer.status == 200
    head = Person("440100-police-head")
    task = Task.objects.get(link=where, done_at=None)
    assert (task.body, task.role) == ("gd-440100-police", "head")
    head.post(where, act="confirm", verdict="yes", text="属实。")
    assert head.status == 200
    auditor = Person("440100-supervision-supervisor")
    assert "核对新录入的登记表" in auditor.get(where)
    auditor.post(where, act="close", verdict="yes", text="有工作需要，予以认可。")
    assert auditor.status == 200
    done = [event.kind for event in findings.events(finding)]
    assert done == ["asked", "explained", "confirmed", "justified"]
    written = node_evidence.reader().by_reference(findings.reference(finding))
    assert [one.kind for one in reversed(written)] == [f"governance.{kind}" for kind in done]
    auditor.post(where, act="close", verdict="yes", text="再次。")
    assert auditor.status == 409


def test_not_justified_is_referred_with_its_articles_and_the_official_hears_it(begun: int) -> None:
    finding = of("colleague")
    where = findings.link(finding)
    auditor = Person(AUDITOR)
    auditor.post(where, act="close", verdict="no", text="无工作需要。")
    assert auditor.status == 422 and "条款" in auditor.text
    auditor.post(where, act="close", verdict="no", text="无工作需要。", articles="《民法典》")
    assert auditor.status == 409
    article = findings.ARTICLES[0]
    auditor.post(where, act="close", verdict="no", text="无工作需要。", articles=article)
    assert auditor.status == 200 and article in auditor.text
    head = Account.objects.get(login=HEAD)
    said = Message.objects.filter(account=head.key, link=where).order_by("-key")[0]
    assert article in said.text_zh
    assert not Task.objects.filter(link=where, done_at=None).exists()


def test_a_head_who_looked_is_judged_by_the_head_above(begun: int) -> None:
    finding = of("colleague")
    assert finding.role == "head"
    assert findings.head_above(finding) == "gd-440100-police"
    where = findings.link(finding)
    head = Person(HEAD)
    head.post(where, act="explain", text="误点。")
    head.post(where, act="confirm", verdict="yes", text="属实。")
    assert head.status == 409
    Person("440100-police-head").post(where, act="confirm", verdict="no", text="不属实。")
    assert "rejected" in findings.kinds(finding)


def opened(login: str, key: int) -> None:
    """An official opens somebody's record in the register, and the evidence is looked through."""
    model = record_type("population", "resident")
    who = actor_of(Account.objects.get(login=login))
    assert who is not None
    assert reading.opened(model, who, reading.reference_of(model, key)) is not None
    while scanning.run():
        pass


def test_who_opens_the_record_of_the_own_household_has_to_explain(begun: int) -> None:
    model: Any = record_type("population", "resident")
    own = officials_on_record()
    (key,) = [key for key, held in own.items()
              if Account.objects.get(login=OFFICER).key in held]  # fmt: skip
    mate = model.objects.exclude(key=key).filter(ended=False, division="440103").first()
    with action(by="a test", reason="they live together") as act:
        act.change(mate, household=model.objects.get(key=key).household)
    opened(OFFICER, mate.key)
    finding = Finding.objects.get(rule="household")
    assert "同户" in Person(OFFICER).get(findings.link(finding))


def test_a_person_under_protection_is_watched_and_nobody_who_looks_is_told(begun: int) -> None:
    number = file_business(Person("resident-440103"))
    key = uses.key_of(uses.resident())
    first, second = Person("440100-supervision-supervisor"), Person(PROVINCE)
    here = "/governance/protected/"
    first.post(here, act="propose", reference="none", grounds="证人保护。")
    assert first.status == 422
    first.post(here, act="propose", reference=number, grounds="证人保护。")
    assert "待第二名审计员确认" in first.text, first.said
    one = Protected.objects.get()
    ref = protecting.reference(one)
    opened(OFFICER, key)
    first.post(here, act="confirmed", ref=ref)
    assert protecting.in_force() == set() and not Finding.objects.filter(rule="marked").exists()
    other = Person("440106-supervision-supervisor")
    other.post(here, act="confirmed", ref=ref)
    assert other.status == 404  # auditors see what was entered at their place and below
    second.post(here, act="confirmed", ref=ref)
    assert protecting.in_force() == {key}
    opened(OFFICER, key)
    finding = Finding.objects.get(rule="marked")
    page = Person(OFFICER).get(findings.link(finding))
    assert "无本机关办件" in page and "受保护" not in page
    account = Account.objects.get(login=OFFICER)
    said = Message.objects.filter(account=account.key, link=findings.link(finding))
    assert said and all("受保护" not in one.text_zh for one in said)
    assert "受保护" in first.get(findings.link(finding))
    for login in (OFFICER, HEAD, "resident-440103"):
        person = Person(login)
        person.get(here)
        assert person.status == 403
    kinds = [e.kind for e in node_evidence.reader().by_reference(ref)]
    assert kinds == ["governance.protected_confirmed", "governance.protected_proposed"]
    assert node_evidence.reader().entries(kind="governance.protected_read")
    first.post(here, act="ending", ref=ref)
    first.post(here, act="ended", ref=ref)
    assert protecting.in_force() == {key}
    second.post(here, act="ended", ref=ref)
    assert protecting.in_force() == set()


def test_a_finding_is_nobody_elses_to_see(begun: int) -> None:
    where = findings.link(of("sequential"))
    for login in ("440103-police-reviewer", "440106-police-head", "440106-supervision-supervisor",
                  "440103-police-data_officer"):  # fmt: skip
        person = Person(login)
        person.get(where)
        assert person.status == 404, login
    resident = Person("resident-440103")
    resident.get(where)
    assert resident.status == 403
    resident.get("/governance/")
    assert resident.status == 403


def test_auditors_see_who_uses_data_and_their_searches_are_evidence(begun: int) -> None:
    auditor = Person("440100-supervision-supervisor")
    page = auditor.get("/governance/")
    assert "按登记顺序逐条查看" in page, auditor.said
    assert "查看最多" in page, auditor.said
    size = node_evidence.reader().size()
    auditor.get("/governance/evidence/")
    assert node_evidence.reader().size() == size
    official = of("sequential").official
    page = auditor.get(f"/governance/evidence/?why=核查线索&official={official}")
    assert page.count("打开记录") > 15
    written = node_evidence.reader().by_seq(size + 1)
    assert written is not None and written.kind == "governance.searched"
    page = auditor.get("/governance/evidence/?why=核查线索&since=nonsense")
    assert auditor.status == 422 and "2026-03-02" in page
    auditor.get("/governance/evidence/?why=x&subject=" + "0" * 32)
    assert auditor.status == 422


def test_a_subject_is_searched_by_its_reference_and_sees_that(begun: int) -> None:
    subject = of("much_looked_at").subject
    auditor = Person("440000-supervision-supervisor")
    page = auditor.get(f"/governance/evidence/?why=核查&subject={subject}")
    assert auditor.status == 200 and page.count("打开记录") >= len(demo_accesses.MANY)


def test_an_auditor_sees_the_own_division_alone(begun: int) -> None:
    page = Person("440106-supervision-supervisor").get("/governance/")
    assert "按登记顺序逐条查看" not in page
    page = Person("440106-supervision-supervisor").get("/governance/evidence/?why=核查")
    assert "荔湾" not in page


def test_the_trace_of_an_entry_is_proven_and_checked_by_an_outsider(begun: int) -> None:
    from lingnan.kernel.trust.evidence.api import verify_inclusion
    from lingnan.kernel.trust.evidence.entry import leaf_of

    seq = FindingHit.objects.filter(finding=of("sequential")).order_by("seq")[0].seq
    auditor = Person("440000-supervision-supervisor")
    assert "已证明" in auditor.get(f"/governance/trace/?entry={seq}")
    auditor.get(f"/governance/trace/proofs.json?entry={seq}")
    (plain,) = auditor.response.json()
    said = plain["leaf"]
    leaf = leaf_of(said["seq"], said["kind"], said["at"], bytes.fromhex(said["commitment"]))
    assert leaf.hex() == plain["leaf_hash"]
    path = [bytes.fromhex(one) for one in plain["path"]]
    root = bytes.fromhex(plain["root_hash"])
    assert verify_inclusion(leaf, plain["leaf_index"], plain["tree_size"], path, root)
    assert not verify_inclusion(leaf, plain["leaf_index"] + 1, plain["tree_size"], path, root)
    for wrong in ("case=none", f"entry={'9' * 17}", "entry=x", ""):
        page = auditor.get(f"/governance/trace/?{wrong}")
        assert auditor.status == 200 and "已证明" not in page
        auditor.get(f"/governance/trace/proofs.json?{wrong}")
        assert auditor.status == 404


def test_the_trace_of_a_case_names_everybody_who_acted(begun: int) -> None:
    from tests.people import register_business

    number = register_business(Person("resident-440103"))
    page = Person(AUDITOR).get(f"/governance/trace/?case={number}")
    assert "审查员" in page and "窗口受理员" in page and "条均按原样存于日志" in page
    found = re.findall(r"governance/trace/\?entry=(\d+)", page)
    assert [int(one) for one in found] == sorted({int(one) for one in found})
