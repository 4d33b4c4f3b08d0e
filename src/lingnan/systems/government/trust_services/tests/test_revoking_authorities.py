"""An authority is revoked: everything below it is void at once, and the next one is there."""

from typing import Any

import pytest

from lingnan.kernel.duty.api import Message
from lingnan.kernel.trust.api import (
    Account,
    Body,
    key_authorities,
    key_certificates,
    node_evidence,
    node_seals,
)
from lingnan.systems.government.trust_services.acts import revoking
from lingnan.systems.government.trust_services.models import ElectronicSeal, KeyCeremony
from lingnan.systems.government.trust_services.tests.certifying import CHECKER, HOLDER, file, issued
from lingnan.systems.government.trust_services.tests.test_ceremonies import (
    CEREMONIES,
    FIRST,
    SECOND,
    authorities_as_before,
)
from tests.people import Person
from tests.pki import asking
from tests.seal.test_certification import Outside, outside
from tests.seal.test_seal import plain

__all__ = ["authorities_as_before", "outside", "plain"]
pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
CITY, NEXT = "issuing-4401", "issuing-4401-g2"


def begun(label: str = CITY, why: str = "superseded") -> str:
    first = Person(FIRST)
    first.post(CEREMONIES, act="revoke", authority=label, why=why, reason="密钥模块报废")
    assert first.url.startswith(f"{CEREMONIES}YS"), first.said
    return first.url


def confirmed(address: str) -> KeyCeremony:
    second = Person(SECOND)
    second.post(address, act="confirm")
    assert second.status == 200, second.said
    return KeyCeremony.objects.get(number=address.rstrip("/").rpartition("/")[2])


def test_all_below_is_void_at_once_and_the_successor_takes_over(
    outside: Outside, plain: bytes
) -> None:
    body = Body.objects.get(code="gd-440103-market")
    old, number = node_seals.key_of(body), issued()
    before = node_seals.seal(plain, body, "before")
    address = begun()
    page = Person(SECOND).get(address)
    assert "将失效" in page and "带时间戳" in page and key_authorities.newest(CITY) == CITY
    assert "one.pem: OK" in outside.judge(old.certificate), "nothing before the second custodian"
    done = confirmed(address)
    assert (done.state, done.successor) == ("done", NEXT) and done.void >= 2
    assert "certificate revoked" in outside.judge(old.certificate)
    assert "Cert Status: revoked" in outside.status(old.certificate)
    assert "已失效" in Person(HOLDER).get(f"/certification/mine/{number}/")
    holder = Account.objects.get(login=HOLDER)
    assert Message.objects.filter(account=holder.key, subject_en__contains="apply anew").exists()
    serial = f"{old.certificate.serial_number:x}"
    assert ElectronicSeal.objects.get(serial=serial).state == "revoked"
    new = node_seals.key_of(body)
    assert new.chain[0].dump() == key_authorities.issuer(NEXT).certificate.dump()
    assert "one.pem: OK" in outside.judge(new.certificate)
    assert node_seals.verify(before).problem is None, "a time-stamp proves that it was before"
    assert node_seals.verify(node_seals.seal(plain, body, "after")).problem is None
    file(Person(HOLDER), "official", asking.request(asking.key()))
    kinds = [entry.kind for entry in node_evidence.reader().entries(limit=40)]
    assert "authority.made" in kinds and "key_certificate.revoked" in kinds


def test_when_the_authority_of_time_is_lost_no_seal_stays_proven(plain: bytes) -> None:
    body = Body.objects.get(code="gd-440000-market")
    before = node_seals.seal(plain, body, "before")
    assert node_seals.verify(before).problem is None
    address = begun("issuing-44", "ca_compromise")
    assert "不再得到证明" in Person(SECOND).get(address)
    confirmed(address)
    assert node_seals.verify(before).problem == "revoked"
    assert node_seals.verify(node_seals.seal(plain, body, "after")).problem is None


def test_what_is_refused_and_what_is_cut_off_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Person(FIRST)
    for label, why in (("root", "superseded"), ("issuing-4499", "superseded"), (CITY, "x")):
        first.post(CEREMONIES, act="revoke", authority=label, why=why, reason="x")
        assert first.status == 422, label
    first.post(CEREMONIES, act="revoke", authority=CITY, why="superseded", reason="")
    assert first.status == 422 and not KeyCeremony.objects.exists()
    other = Person(CHECKER)
    other.post(CEREMONIES, act="revoke", authority=CITY, why="superseded", reason="x")
    assert other.status == 422 and not KeyCeremony.objects.exists()
    address = begun()
    first.post(address, act="confirm")
    assert first.status == 422 and "需要两个人" in first.said

    def killed(*args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(revoking, "_tell", killed)
        with pytest.raises(KeyboardInterrupt):
            Person(SECOND).post(address, act="confirm")
    (row,) = key_certificates.rows().filter(holder=CITY)
    assert row.state == "good" and NEXT in key_authorities.labels()
    made = key_authorities.fingerprint(key_authorities.issuer(NEXT).certificate)
    done = confirmed(address)
    assert done.fingerprint == made and done.successor == NEXT, "what was made is found again"
    row.refresh_from_db()
    assert row.state == "revoked"
    first.post(CEREMONIES, act="revoke", authority=CITY, why="superseded", reason="x")
    assert first.status == 422, "once"
