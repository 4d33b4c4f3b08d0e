"""Over HTTP: the sealed licence, a new representative who confirms, and disputed shares."""

import errno
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError

from lingnan.kernel.trust.api import EvidenceUnavailable, clocks, node_evidence
from lingnan.systems.government.legal_persons import licences
from lingnan.systems.government.legal_persons.models import (
    Appointment,
    Enterprise,
    Holding,
    Licence,
)
from tests.firms import COUNTY, account, of, old_firm, set_up
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def licence_of(person: Person, firm: Enterprise) -> bytes:
    answer = person.client.post(f"/enterprises/mine/{firm.credit_code}/licence/")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    return bytes(answer.content)


def verified(guest: Person, content: bytes) -> str:
    upload: Any = SimpleUploadedFile("licence.pdf", content, "application/pdf")
    return guest.post("/enterprises/licences/", file=upload)


def change(registrar: Person, firm: Enterprise, act: str, **said: str) -> str:
    url = f"/desk/enterprises/{firm.credit_code}/acts/?act={act}"
    return registrar.post(url, act=act, **said)


def test_a_licence_is_genuine_altered_superseded_or_void(
    founder: Person, registrar: Person
) -> None:
    firm = of(founder, old_firm())
    sealed = licence_of(founder, firm)
    assert licence_of(founder, firm) == sealed
    (issued,) = node_evidence.reader().by_subject("organisation", firm.key)
    assert issued.kind == "licence.issued" and (issued.payload or {})["actor"].startswith(
        "resident "
    )
    one, guest = Licence.objects.get(company=firm.credit_code), Person("resident-440106")
    assert "该执照真实" in verified(guest, sealed)
    assert "确系签发" in guest.get(f"/enterprises/licences/{one.number}/")
    middle = len(sealed) // 2
    altered = sealed[:middle] + bytes([sealed[middle] ^ 1]) + sealed[middle + 1 :]
    assert "该文件已被改动" in verified(guest, altered)
    assert "没有签章" in verified(guest, b"%PDF-1.7 nothing")
    change(registrar, firm, "change", field="scope", value="零售", reference="变1")
    assert "已被更换" in verified(guest, sealed)
    assert "已被更换" in guest.post("/enterprises/licences/", number=one.number)
    renewed = licence_of(founder, firm)
    assert renewed != sealed and "该执照真实" in verified(guest, renewed)
    change(Person(f"{COUNTY}-market-head"), firm, "revoke", why="吊销决1号")
    assert "已失效" in verified(guest, renewed)
    founder.post(f"/enterprises/mine/{firm.credit_code}/licence/")
    assert founder.status == 404


def test_the_licence_is_its_representatives_and_no_number_is_known_by_chance(
    founder: Person,
) -> None:
    firm = of(founder, old_firm())
    guest = Person("resident-440106")
    guest.post(f"/enterprises/mine/{firm.credit_code}/licence/")
    assert guest.status == 404
    guest.get("/enterprises/licences/YZ00/")
    assert guest.status == 404 and "没有该编号的执照" in guest.text
    guest.post("/enterprises/licences/", number="")
    assert guest.status == 422
    assert licences.address("YZ1").endswith("/enterprises/licences/YZ1/")


def test_a_new_representative_confirms_before_anything_changes(
    founder: Person, registrar: Person
) -> None:
    firm, heir = of(founder, old_firm()), Person("resident-440106")
    before = firm.representative
    named = account(heir).name
    change(registrar, firm, "appoint", person=named, reference="变2")
    assert registrar.status == 200, registrar.text
    made = Appointment.objects.get(company=firm.credit_code)
    assert made.number in registrar.text
    assert Enterprise.objects.get(key=firm.key).representative == before
    assert "拟变更法定代表人" in founder.get("/messages/")
    founder.post("/enterprises/appointments/", number=made.number)
    assert founder.status == 422 and "没有以该编号" in founder.text
    founder.get(f"/enterprises/appointments/{made.number}/")
    assert founder.status == 404
    heir.post("/enterprises/appointments/", number=made.number.lower())
    assert heir.status == 200 and firm.name in heir.text
    url = f"/enterprises/appointments/{made.number}/"
    heir.post(url)
    assert heir.status == 422
    heir.post(url, answer="confirm")
    assert heir.status == 200 and heir.url == f"/enterprises/mine/{firm.credit_code}/"
    firm = Enterprise.objects.get(key=firm.key)
    assert firm.representative == named
    founder.get(f"/enterprises/mine/{firm.credit_code}/")
    assert founder.status == 404 and "已变更" in founder.get("/messages/")
    heir.post(url, answer="confirm")
    assert heir.status == 404


def test_who_declines_or_is_named_no_more_changes_nothing(
    founder: Person, registrar: Person
) -> None:
    firm, heir = of(founder, old_firm()), Person("resident-440106")
    named = account(heir).name
    change(registrar, firm, "appoint", person="别人", reference="变3")
    change(registrar, firm, "appoint", person=named, reference="变4")
    states = Appointment.objects.filter(company=firm.credit_code).order_by("key")
    assert [one.state for one in states] == ["withdrawn", "named"]
    heir.post(f"/enterprises/appointments/{states[1].number}/", answer="decline")
    assert heir.status == 200
    assert Appointment.objects.get(key=states[1].key).state == "declined"
    assert Enterprise.objects.get(key=firm.key).representative == firm.representative


def test_a_representative_is_not_changed_as_a_plain_particular(
    founder: Person, registrar: Person
) -> None:
    firm = of(founder, old_firm())
    change(registrar, firm, "change", field="representative", value="某人", reference="变5")
    assert registrar.status == 422
    assert Enterprise.objects.get(key=firm.key).representative == firm.representative


def test_disputed_shares_stay_until_the_dispute_is_lifted(
    founder: Person, registrar: Person
) -> None:
    firm = set_up(founder, registrar)
    row = Holding.objects.filter(company=firm.credit_code).order_by("number")[0]
    change(registrar, firm, "dispute", holder="nobody", words="争议")
    assert registrar.status == 422
    change(registrar, firm, "dispute", holder=row.number, words="（2026）粤0103民初1号")
    assert registrar.status == 200, registrar.text
    url = f"/desk/enterprises/{firm.credit_code}/transfer/"
    line = {"seller-0": row.number, "other-0": "某外部投资人", "subscribed-0": "1000",
            "paid-0": "0", "reference": "股变1"}  # fmt: skip
    registrar.post(url, **line)
    assert registrar.status == 422 and "尚未解决的争议" in registrar.text
    assert Holding.objects.get(key=row.key).subscribed == row.subscribed
    change(registrar, firm, "dispute", holder=row.number, words="")
    registrar.post(url, **line)
    assert registrar.status == 200, registrar.text
    assert Holding.objects.get(key=row.key).subscribed == row.subscribed - 1000


def test_a_full_disk_and_a_wrong_clock_are_said_and_nothing_is_issued(
    founder: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As SQLite, PostgreSQL and the operating system say it; and a clock that was set back."""
    firm = of(founder, old_firm())
    url = f"/enterprises/mine/{firm.credit_code}/licence/"
    no_room = OSError(errno.ENOSPC, "No space left on device")
    for what, problem, status, words in (
        ("write", EvidenceUnavailable("The evidence store failed: disk is full"), 507, "存储空间"),
        ("seal", no_room, 507, "存储空间"),
        ("seal", OperationalError("database or disk is full"), 507, "存储空间"),
    ):
        with monkeypatch.context() as failing:
            room = node_evidence if what == "write" else licences.node_seals
            failing.setattr(room, what, Mock(side_effect=problem))
            assert words in founder.post(url)
            assert founder.status == status
    with monkeypatch.context() as earlier:
        # As if this machine's clock stood a day before its own certificates begin.
        earlier.setattr(clocks, "TOLERANCE", -timedelta(days=1))
        said = founder.post(url)
        assert "时钟不准" in said and "本机时钟为" in said, "both are named"
        assert founder.status == 503
    assert not Licence.objects.filter(company=firm.credit_code).exists()
    assert licence_of(founder, firm).startswith(b"%PDF-")
