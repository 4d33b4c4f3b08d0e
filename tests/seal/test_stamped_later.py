"""The worker stamps what was sealed without, archives what must last, and renews in time."""

from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lingnan.kernel.trust.api import KeyStoreUnavailable, sealed_documents
from lingnan.kernel.trust.archiving import keeping, stamping, sweeping
from lingnan.kernel.trust.certification import publishing
from lingnan.kernel.trust.keystore.keys import KeyDamaged
from lingnan.kernel.trust.models import ArchiveSweep, DocumentTail, SealedDocument
from lingnan.kernel.trust.node_seals import verify
from lingnan.systems.government.legal_persons import licences, sealed
from lingnan.systems.government.legal_persons.models import Licence
from tests.firms import of, old_firm
from tests.people import Person
from tests.seal.test_seal import plain

__all__ = ["plain"]
pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
OWNER = "owner-440103"


def licence(person: Person, code: str) -> bytes:
    answer: Any = person.client.post(f"/enterprises/mine/{code}/licence/")
    assert answer.status_code == 200
    return bytes(answer.content)


def verified(content: bytes) -> str:
    upload: Any = SimpleUploadedFile("licence.pdf", content, "application/pdf")
    return Person("resident-440106").post("/enterprises/licences/", file=upload)


@pytest.fixture
def no_stamps(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The time-stamp service is down, until it is put back."""

    def down() -> None:
        raise KeyStoreUnavailable("the time-stamping key cannot be used")

    monkeypatch.setattr(publishing, "stamper", down)
    return publishing


def test_sealed_while_the_service_is_down_it_is_stamped_when_it_is_back(
    no_stamps: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    SealedDocument.objects.update(due=None, stamped=True)
    owner, operator = Person(OWNER), Person("440000-data-operator")
    firm = of(owner, old_firm())
    early = licence(owner, firm.credit_code)
    assert verify(early).level == "B-B" and "该执照真实" in verified(early)
    assert sealed_documents.waiting().count == 1 and "1 份在等候" in operator.get("/operating/")
    with pytest.raises(KeyStoreUnavailable):
        stamping.stamp_due()
    assert sealed_documents.waiting().count == 1, "it goes on waiting"
    monkeypatch.undo()
    assert stamping.stamp_due() == 1 and stamping.stamp_due() == 0
    assert "每份签章文件都有" in operator.get("/operating/")
    late = licence(owner, firm.credit_code)
    assert late.startswith(early) and verify(late).level == "B-LTA"
    assert verify(early).level == "B-B", "what was handed out before stays what it was"
    for one in (early, late):
        assert "该执照真实" in verified(one)
    assert "已被改动" in verified(late[:-2] + b"x\n")
    upload: Any = SimpleUploadedFile("licence.pdf", late, "application/pdf")
    assert "不是事项证照" in Person("resident-440106").post("/verify/", file=upload)
    number = Licence.objects.get(company=firm.credit_code).number
    assert licences.of_number(number).state == "issued"


def test_it_is_renewed_before_the_time_stamp_ends_and_not_earlier() -> None:
    owner = Person(OWNER)
    firm = of(owner, old_firm())
    licence(owner, firm.credit_code)
    number = Licence.objects.get(company=firm.credit_code).number
    row = SealedDocument.objects.get(reference=number)
    SealedDocument.objects.exclude(pk=row.pk).update(due=None)
    assert stamping.stamp_due() == 1
    row.refresh_from_db()
    (first,) = DocumentTail.objects.filter(sha256=row.sha256)
    assert row.due == first.until - keeping.RENEWED and not row.problem
    assert stamping.stamp_due(now=row.due - timedelta(hours=1)) == 0
    assert stamping.stamp_due(now=row.due + timedelta(hours=1)) == 1
    report = verify(licence(owner, firm.credit_code))
    assert report.level == "B-LTA"
    (found,) = (one for one in report.checks if one.code == "lasting")
    assert found.told["count"] == "2"


def test_killed_between_nothing_or_all_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off after the tail was written and before the queue was: neither stays."""
    owner = Person(OWNER)
    firm = of(owner, old_firm())
    licence(owner, firm.credit_code)
    SealedDocument.objects.filter(stamped=True, due__isnull=True).update(due=None)
    before = DocumentTail.objects.count()

    class Killed(BaseException):
        """As a signal: nothing catches it."""

    def die(one: Any) -> bool:
        raise Killed

    with monkeypatch.context() as cut:
        cut.setattr(keeping, "lasts", die)
        with pytest.raises(Killed):
            stamping.stamp_due()
    assert DocumentTail.objects.count() == before
    assert stamping.stamp_due() >= 1


def test_what_is_lost_or_was_changed_where_it_lies_is_not_stamped() -> None:
    owner = Person(OWNER)
    firm = of(owner, old_firm())
    licence(owner, firm.credit_code)
    row = SealedDocument.objects.get(reference=Licence.objects.get(company=firm.credit_code).number)
    SealedDocument.objects.exclude(pk=row.pk).update(due=None)
    SealedDocument.objects.filter(pk=row.pk).update(reference="nothing")
    assert stamping.stamp_due() == 0
    row.refresh_from_db()
    assert "not there" in row.problem and row.due and row.due > datetime.now(UTC)
    assert "无法长期保存" in Person("440000-data-operator").get("/operating/")


def test_algorithms_that_end_are_a_problem_and_no_loop() -> None:
    now = datetime(2035, 10, 1, tzinfo=UTC)
    due, problem = keeping.next_due(now + timedelta(days=900), now)
    assert due > now and "end soon" in problem


@pytest.fixture
def earlier() -> tuple[Person, list[str], list[bytes]]:
    """Licences of an earlier release, which queued nothing."""
    owner, codes, files = Person(OWNER), [], []
    for _count in range(3):
        codes.append(of(owner, old_firm()).credit_code)
        files.append(licence(owner, codes[-1]))
    SealedDocument.objects.all().delete()
    ArchiveSweep.objects.all().delete()
    return owner, codes, files


def test_what_earlier_releases_sealed_is_queued_bit_by_bit_and_seen(
    earlier: tuple[Person, list[str], list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, codes, files = earlier
    operator = Person("440000-data-operator")
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    assert sweeping.sweep(budget=0) == 0 and "以前版本签章的文件" in operator.get("/operating/")

    class Killed(BaseException):
        """As a signal: nothing catches it."""

    real, seen = keeping.entrust, []

    def die(pdf: bytes, keeper: str, reference: str) -> bool:
        seen.append(reference)
        if keeper == "legal_persons" and len(seen) % 2 == 0:
            raise Killed
        return real(pdf, keeper, reference)

    with monkeypatch.context() as cut:
        cut.setattr(keeping, "entrust", die)
        with pytest.raises(Killed):
            sweeping.sweep(60)
    row = ArchiveSweep.objects.get(keeper="legal_persons")
    assert (row.after, row.seen, row.queued) == ("", 0, 0), "none or all of a batch"
    assert not SealedDocument.objects.filter(keeper="legal_persons").exists()
    assert sweeping.sweep(60) >= 3 and sweeping.sweep(60) == 0
    swept = sweeping.swept()
    assert swept.ended and swept.queued == SealedDocument.objects.count() and not swept.missing
    page = operator.get("/operating/")
    assert "以前版本签章的文件" not in page and "份在等候存档时间戳" in page
    assert stamping.stamp_due(budget=60) >= 3
    for code, before in zip(codes, files, strict=True):
        late = licence(owner, code)
        assert late.startswith(before) and verify(late).level == "B-LTA"


def test_a_document_of_before_that_is_lost_is_told(
    earlier: tuple[Person, list[str], list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "read", lambda reference: None)
    sweeping.sweep(60)
    assert sweeping.swept().missing == 3 and sweeping.swept().ended
    assert "3 份已不存在" in Person("440000-data-operator").get("/operating/")


def test_the_years_before_do_not_stand_before_what_is_sealed_today(
    earlier: tuple[Person, list[str], list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker sweeps only while little waits; and a seal without any time-stamp comes first."""
    monkeypatch.setattr(stamping, "AT_ONCE", 1)
    sweeping.sweep(60)
    newest = SealedDocument.objects.order_by("-since").first()
    assert newest is not None
    SealedDocument.objects.filter(pk=newest.pk).update(stamped=False)
    assert stamping.stamp_due() == 1
    newest.refresh_from_db()
    assert newest.stamped
    ArchiveSweep.objects.all().delete()
    rounds = stamping.Rounds()
    rounds.run()
    assert not ArchiveSweep.objects.exists(), "others wait"
    SealedDocument.objects.update(due=None)
    stamping.Rounds().run()
    assert ArchiveSweep.objects.exists()


def test_what_a_page_says_is_no_sign_of_a_time_stamp(plain: bytes) -> None:
    assert not keeping.lasting.carried(plain.replace(b"%%EOF", b"%/DSS /OCSPs [\n%%EOF"))


def test_two_workers_at_one_document_add_one_tail_and_it_still_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second has read the document before the first has added to it."""
    owner = Person(OWNER)
    firm = of(owner, old_firm())
    licence(owner, firm.credit_code)
    number = Licence.objects.get(company=firm.credit_code).number
    row = SealedDocument.objects.get(reference=number)
    SealedDocument.objects.exclude(pk=row.pk).update(due=None)
    real, inside = stamping._tail, []

    def overtaken(whole: bytes, report: Any) -> bytes:
        made = real(whole, report)
        if not inside:
            inside.append(True)
            assert stamping.stamp_due() == 1, "the first"
        return made

    monkeypatch.setattr(stamping, "_tail", overtaken)
    assert stamping.stamp_due() == 0
    assert DocumentTail.objects.filter(sha256=row.sha256).count() == 1
    assert verify(licence(owner, firm.credit_code)).level == "B-LTA"
    row.refresh_from_db()
    assert not row.problem and row.due and row.due > datetime.now(UTC) + timedelta(days=300)


def test_a_damaged_key_of_one_authority_does_not_hold_up_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner, firms = Person(OWNER), []
    SealedDocument.objects.update(due=None)
    for _count in range(2):
        firms.append(of(owner, old_firm()))
        licence(owner, firms[-1].credit_code)
    first = SealedDocument.objects.filter(due__isnull=False).order_by("due").first()
    assert first is not None
    real = stamping._tail

    def damaged(whole: bytes, report: Any) -> bytes:
        if keeping.as_sealed(whole) == first.sha256:
            raise KeyDamaged("the key is wrapped under another")
        return real(whole, report)

    with monkeypatch.context() as patch:
        patch.setattr(stamping, "_tail", damaged)
        assert stamping.stamp_due() == 1
    first.refresh_from_db()
    assert (
        "wrapped" in first.problem and first.due and first.due <= datetime.now(UTC) + timedelta(1)
    )
    assert stamping.stamp_due(now=first.due) == 1, "a day later"
    first.refresh_from_db()
    assert not first.problem
