"""Packages: what is signed is what is taken in; whatever was changed is refused; differences."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Account, Body, actor_of, archives
from lingnan.systems.government.justice_network import (
    clocking,
    filing,
    handed,
    handing,
    ledger,
    measures,
    packages,
    proceeding,
    receiving,
    sights,
)
from lingnan.systems.government.justice_network.ledger import Hand, NotPossible
from lingnan.systems.government.justice_network.models import Case, Package
from lingnan.systems.government.justice_network.packages import BadPackage
from lingnan.systems.government.justice_network.tests import offices as of
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def hand(name: str) -> Hand:
    who = actor_of(Account.objects.get(login=of.LOGINS[name]))
    assert who is not None
    return Hand(who, legal_time.now())


def detained() -> Case:
    """A case of one detained person, with a paper of each volume and a thing."""
    police = hand("investigator")
    case = filing.open_case(police, "诈骗罪", "")
    suspect = filing.add_suspect(case, police, "合成甲", "", "诈骗罪", "", unknown=False)
    measures.take(suspect, "detention", police, police.at, "", "合成理由")
    filing.add_document(case, police, "提请批准逮捕书", "file", "正文".encode())
    filing.add_document(case, police, "侦查方案", "inner", "内部".encode())
    filing.add_evidence(case, police, "thing", "合成手机", "", "1", "", "封1", police.at)
    return case


def asked_for_arrest() -> Package:
    case = detained()
    proceeding.begin(case, "request_arrest", hand("investigator"), "符合条件")
    proceeding.approve(case, hand("police_head"), True, "")
    package = ledger.in_transit(case)
    assert package is not None
    return package


def test_a_package_holds_what_may_travel_and_is_checked_by_whoever_knows_the_root() -> None:
    package = asked_for_arrest()
    opened = packages.unpack(handing.export(package), handing.roots())
    assert [one["title"] for one in opened.said["documents"]] == ["提请批准逮捕书"]
    assert list(opened.parts.values()) == ["正文".encode()]
    assert opened.said["evidence"][0]["keeping"][0]["seal"] == "封1"
    assert "侦查方案" not in json.dumps(opened.said, ensure_ascii=False)
    assert opened.said["from"] == "gd-440103-police"
    with pytest.raises(BadPackage):
        packages.unpack(handing.export(package), {"0" * 64})
    assert handing.take_in(handing.export(package)) == package


def _changed(data: bytes, change: Callable[[dict[str, bytes]], Any]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    return archives.pack(list(files.items()))


def _other_part(files: dict[str, bytes]) -> None:
    files[next(name for name in files if name != "manifest.json")] = "改动".encode()


def _less(files: dict[str, bytes]) -> None:
    files.pop(next(name for name in files if name != "manifest.json"))


def _other_words(files: dict[str, bytes]) -> None:
    files["manifest.json"] = files["manifest.json"].replace(
        "合成手机".encode(), "合成相机".encode()
    )


def _other_sender(files: dict[str, bytes]) -> None:
    """Signed by a body that is not the one the manifest names."""
    told = json.loads(files["manifest.json"])
    said = json.loads(told["document"]) | {"number": "YS-0"}
    files["manifest.json"] = packages.sign(said, Body.objects.get(code="gd-440106-police"))


@pytest.mark.parametrize(
    ("change", "code"),
    [(_other_part, "altered"), (_less, "incomplete"), (_other_words, "signature"),
     (_other_sender, "signer")],
)  # fmt: skip
def test_what_was_changed_is_refused(change: Any, code: str) -> None:
    data = handing.export(asked_for_arrest())
    with pytest.raises(BadPackage) as refused:
        packages.unpack(_changed(data, change), handing.roots())
    assert refused.value.code == code


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_no_bytes_but_a_package_are_taken_in(data: bytes) -> None:
    with pytest.raises(BadPackage):
        packages.unpack(data, {"0" * 64})


def test_a_node_without_the_case_enters_it_from_the_package() -> None:
    """As another node would: the rows that the package brings are made from its bytes alone."""
    package = asked_for_arrest()
    said = packages.unpack(handing.export(package), handing.roots()).said
    text = json.dumps(said, ensure_ascii=False)
    text = text.replace(package.case.number, "XS440103-2026-0000ABCD").replace("WS-", "WT-")
    other = json.loads(text.replace("ZJ-", "ZK-").replace(package.number, "YS-0000"))
    data = packages.pack(other, ["正文".encode()], Body.objects.get(code=said["from"]))
    taken = handing.take_in(data)
    case = taken.case
    assert case != package.case and ledger.stage_of(case) == "investigation"
    assert [one.name for one in case.suspects.all()] == ["合成甲"]
    assert measures.open_measures(case.suspects.get())[0].kind == "detention"
    assert [bytes(one.content) for one in case.documents.all()] == ["正文".encode()]
    assert case.evidence.get().keeping.get().seal == "封1"
    # The same number with other content is refused.
    more = packages.pack(
        other | {"text": "改"}, ["正文".encode()], Body.objects.get(code=said["from"])
    )
    with pytest.raises(BadPackage):
        handing.take_in(more)


def test_a_missing_thing_is_received_with_a_reservation_and_the_chain_says_so() -> None:
    package = asked_for_arrest()
    thing = package.case.evidence.get()
    with pytest.raises(NotPossible):
        receiving.receive(package, hand("prosecutor"), "received", [thing.number], "")
    with pytest.raises(NotPossible):
        receiving.receive(package, hand("prosecutor"), "reserved", [], "x")
    with pytest.raises(NotPossible):
        receiving.receive(package, hand("judge"), "received", [], "")
    receipt = receiving.receive(package, hand("prosecutor"), "reserved", [thing.number], "未见手机")
    assert receipt.missing == [thing.number]
    last = thing.keeping.order_by("id").last()
    assert last is not None and (last.kind, last.body) == ("missing", "gd-440103-police")
    seen = sights.seen(package.case, hand("prosecutor").who)
    assert sights.evidence(seen) == [] and len(sights.documents(seen)) == 1
    with pytest.raises(BadPackage):
        handing.take_receipt(receipt.signed.encode())  # a second receipt


def test_a_refused_package_is_as_if_it_had_not_been_sent() -> None:
    package = asked_for_arrest()
    case = package.case
    due = {one.rule: clocking.read(one).due for one in clocking.running(case)}
    assert "arrest_review" in due and "detention" not in due
    receiving.receive(package, hand("prosecutor"), "refused", package.items, "缺少证据")
    now = {one.rule for one in clocking.running(case)}
    assert "detention" in now and "arrest_review" not in now
    assert ledger.stage_of(case) == "investigation"
    assert sights.standing(case, "gd-440103-police") == "holding"
    assert sights.standing(case, "gd-440103-procuratorate") == "none"
    assert [one.code for one in proceeding.open_to(case, hand("investigator"))]
    last = case.evidence.get().keeping.order_by("id").last()
    assert last is not None and last.body == "gd-440103-police"


def test_what_does_not_arrive_comes_back_to_its_sender_with_words() -> None:
    package = asked_for_arrest()
    case = package.case
    handed.not_handed("receipt", package.number, "of a receipt nothing comes back")
    assert ledger.in_transit(case) is not None
    handed.not_handed("package", package.number, "no node speaks for it")
    handed.not_handed("package", package.number, "told twice")
    assert ledger.in_transit(case) is None and ledger.stage_of(case) == "investigation"
    assert "no node speaks for it" in case.events.get(kind="refused_package").text
    assert {"detention"} <= {one.rule for one in clocking.running(case)}
    assert sights.standing(case, "gd-440103-police") == "holding"
    assert [one.code for one in proceeding.open_to(case, hand("investigator"))]


def test_the_head_may_send_it_back_and_nobody_approves_what_is_their_own() -> None:
    case = detained()
    proceeding.begin(case, "request_arrest", hand("investigator"), "")
    assert proceeding.open_to(case, hand("investigator")) == []
    for name in ("investigator", "chief", "court_head"):
        with pytest.raises(NotPossible):
            proceeding.approve(case, hand(name), True, "")
    proceeding.approve(case, hand("police_head"), False, "证据不足")
    assert ledger.in_transit(case) is None and "sent_back" in ledger.done(case)


def test_what_can_no_longer_be_believed_can_only_go_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sender's certificate was revoked while the package was on its way."""
    package = asked_for_arrest()
    address = f"{ledger.link(package.case)}packages/{package.number}/"

    def why_not(row: Any) -> str:
        return "revoked" if row.holder == package.sender else ""

    monkeypatch.setattr(packages.key_certificates, "why_not", why_not)
    prosecutor = Person(of.LOGINS["prosecutor"])
    page = prosecutor.get(address)
    assert 'value="refused"' in page and 'value="received"' not in page, prosecutor.said
    prosecutor.post(address, verdict="received", there=[*package.documents, *package.items])
    assert prosecutor.status == 422 and ledger.in_transit(package.case) == package
    prosecutor.post(address, verdict="refused", text="签名证书已吊销，请重新签名移送")
    assert ledger.in_transit(package.case) is None, prosecutor.said
    assert sights.standing(package.case, "gd-440103-police") == "holding"
