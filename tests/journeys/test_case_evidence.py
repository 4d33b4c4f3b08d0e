"""The evidence of a case as a file: its body takes it out, anybody can check it."""

import json

import pytest
from django.db import IntegrityError
from django.test import Client

from lingnan.kernel.trust.api import checkpoints, node_bundles, node_evidence
from lingnan.kernel.trust.bundles import archive
from lingnan.kernel.trust.certification import register
from lingnan.kernel.trust.pki.revoking import Reason
from tests.people import Person, pdf, register_business

pytestmark = pytest.mark.django_db
REVIEWER = "440103-market-reviewer"


@pytest.fixture
def number() -> str:
    return register_business(Person("resident-440103"))


def taken_out(number: str) -> bytes:
    answer = Person(REVIEWER).client.post(f"/desk/cases/{number}/evidence/")
    assert answer.status_code == 200 and answer.headers["Content-Type"].endswith("asic-e+zip")
    return bytes(answer.content)


def times() -> int:
    return len(node_evidence.reader().entries("case.taken_out", limit=1_000))


def test_a_case_is_taken_out_and_verified(number: str) -> None:
    assert "下载存证包" in Person(REVIEWER).get(f"/desk/cases/{number}/")
    made = taken_out(number)
    report = node_bundles.verify(made)
    assert report.genuine, report.checks
    kinds = {json.loads(entry.payload).get("event") for entry in report.entries}
    assert {"received", "accepted", "decided"} <= kinds, kinds
    page = Client().post("/verify/", {"file": pdf("b.asice", made)}).content.decode()
    assert "该存证包真实有效" in page and "条都在，且与所示完全一致" in page
    files = [(n, d.replace(b"received", b"REceived", 1)) for n, d in archive.unpack(made)]
    page = Client().post("/verify/", {"file": pdf("b.asice", archive.pack(files))}).content.decode()
    assert "该存证包不真实" in page and "entries/" in page


def test_what_rests_on_a_lost_stamping_key_is_refused(number: str) -> None:
    """A seal's key lost later changes nothing; the stamper's own ends what it dated."""
    made = taken_out(number)
    (signer, _), (stamper, _), *_ = node_bundles.verify(made).used
    for serial, genuine in ((signer, True), (stamper, False)):
        register.set_state(serial, "revoked", Reason.KEY_COMPROMISE, "tests")
        report = node_bundles.verify(made)
        assert report.genuine is genuine
        (check,) = (one for one in report.checks if one.code == "not_revoked")
        assert check.outcome == ("passed" if genuine else "failed")


def test_the_worker_makes_the_same_checkpoint_at_once(
    number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = checkpoints.make

    def late() -> None:
        make()
        raise IntegrityError("the worker was quicker")

    monkeypatch.setattr(checkpoints, "make", late)
    answer = Person(REVIEWER).client.post(f"/desk/cases/{number}/evidence/")
    assert answer.status_code == 409, "a savepoint takes back what was half made"
    monkeypatch.undo()
    assert node_bundles.verify(taken_out(number)).genuine


def test_that_it_was_taken_out_is_evidence_the_applicant_sees(number: str) -> None:
    taken_out(number)
    (entry,) = node_evidence.reader().entries("case.taken_out", limit=1)
    assert entry.payload and entry.payload["case"] == number
    assert "将您办件的存证导出为文件" in Person("resident-440103").get("/looked/")


def test_nobody_else_takes_it_out(number: str) -> None:
    before = times()
    for login in ("440104-market-reviewer", "resident-440103"):
        person = Person(login)
        person.post(f"/desk/cases/{number}/evidence/")
        assert person.status in (403, 404)
    assert times() == before
