"""Certificates of residents: asked for, checked and issued by two, signed with, suspended when the
register of residents tells of a death or another name."""

from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem, x509
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lingnan.kernel.duty.api import Task
from lingnan.kernel.exchange.api import Agreement, Told, tell
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Account, actor_of, key_certificates, node_evidence
from lingnan.systems.government.population.acts import events
from lingnan.systems.government.population.models import Resident
from lingnan.systems.government.trust_services import owned
from lingnan.systems.government.trust_services.models import CertificateApplication
from lingnan.systems.government.trust_services.tests.certifying import CHECKER, decide, desk, file
from lingnan.systems.government.trust_services.told import ENDED, NAME, concerns
from tests.kernel.uses import key_of, resident
from tests.people import Person
from tests.pki import asking
from tests.signin.real import Visitor, account

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
RESIDENT, VERIFY = "resident-440103", "/certification/signature/"
CITY = "440100"


def certified(private: bytes, login: str = RESIDENT, **said: Any) -> str:
    """A certificate over that key; returns the application's number."""
    number = file(Person(login), "resident", asking.request(private), city=CITY, **said)
    decide(number)
    return number


def signed(folder: Path, private: bytes, number: str, content: bytes) -> bytes:
    """A detached signature as its holder makes it with openssl."""
    made = CertificateApplication.objects.get(number=number)
    row = key_certificates.rows().get(serial=made.serial)
    for name, what in (("key.pem", private), ("cert.pem", row.pem.encode()), ("file", content)):
        (folder / name).write_bytes(what)
    done = asking.openssl(folder, "cms", "-sign", "-binary", "-in", "file", "-signer", "cert.pem",
                          "-inkey", "key.pem", "-outform", "DER", "-out", "file.p7s")  # fmt: skip
    assert done.returncode == 0, done.stderr
    return (folder / "file.p7s").read_bytes()


def verdict(content: bytes, signature: bytes) -> str:
    sent = {"file": SimpleUploadedFile("a.txt", content),
            "signature": SimpleUploadedFile("a.p7s", signature)}  # fmt: skip
    answer = Client().post(VERIFY, sent)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_resident_is_certified_by_two_signs_in_and_signs(tmp_path: Path) -> None:
    private = asking.key()
    number = certified(private, pair="1")
    made = CertificateApplication.objects.get(number=number)
    who = Account.objects.get(login=RESIDENT)
    assert made.from_register and made.followed and made.encryption_serial
    row = key_certificates.rows().get(serial=made.serial)
    names = x509.Certificate.load(pem.unarmor(row.pem.encode())[2]).subject.native
    assert names["common_name"] == who.name and len(names["serial_number"]) == 16
    assert set(names) == {"country_name", "common_name", "serial_number"}, "no identity number"
    content = "我同意。".encode()
    signature = signed(tmp_path, private, number, content)
    page = verdict(content, signature)
    assert "签名有效" in page and who.name in page and "居民" in page
    assert "请勿依赖" in verdict(content + b".", signature)
    assert "无法读取" in verdict(content, b"hello") or "不是" in verdict(content, b"hello")
    visitor = Visitor()
    visitor.post("/signin/certificate/", act="begin")
    visitor.get("/signin/certificate/signin.txt")
    text = bytes(visitor.answer.content)
    own = SimpleUploadedFile("s.p7s", signed(tmp_path, private, number, text))
    assert visitor.post("/signin/certificate/", act="sign", signature=own) == 302
    assert visitor.inside
    person = Person(RESIDENT)
    person.post(f"/certification/mine/{number}/", act="state", serial=made.serial, do="suspend")
    assert person.status == 200, person.said
    assert "暂停" in verdict(content, signature)
    visitor.post("/signout/")
    visitor.post("/signin/certificate/", act="begin")
    visitor.get("/signin/certificate/signin.txt")
    own = SimpleUploadedFile("s.p7s", signed(tmp_path, private, number, visitor.answer.content))
    assert visitor.post("/signin/certificate/", act="sign", signature=own) == 422


def test_a_password_alone_is_not_enough_to_ask() -> None:
    account()
    visitor = Visitor()
    visitor.sign_in()
    assert visitor.get("/certification/apply/resident/") == 302 and "step-up" in visitor.leads
    official = Person(CHECKER)
    assert official.client.get("/certification/apply/resident/").status_code == 403
    person = Person(RESIDENT)
    person.post("/certification/apply/resident/", days="365", city="999999")
    assert person.status == 422 and "请选择" in person.said


def test_without_the_register_the_officers_see_that_the_name_is_the_accounts() -> None:
    with action(by="tests", reason="no agreement") as act:
        for one in Agreement.objects.filter(resource=owned.IDENTITY, purpose=owned.PURPOSE_OWN):
            act.end(one)
    number = file(Person(RESIDENT), "resident", asking.request(asking.key()), city=CITY)
    made = CertificateApplication.objects.get(number=number)
    assert not made.from_register and made.name == Person(RESIDENT).name
    assert "未答复" in Person(CHECKER).get(desk(number))


@pytest.mark.parametrize("kind", ["death", "name"])
def test_a_death_or_another_name_suspends_for_decision(kind: str) -> None:
    number = certified(asking.key(), pair="1")
    made = CertificateApplication.objects.get(number=number)
    serials = [made.serial, made.encryption_serial]
    happened(kind)
    states = key_certificates.rows().filter(serial__in=serials).values_list("state", flat=True)
    assert set(states) == {"suspended"}
    (task,) = Task.objects.filter(reference=number, code="certificate_holder_changed")
    assert task.done_at is None and made.name in task.about
    entry = next(iter(node_evidence.reader().entries("exchange.told", limit=1)))
    assert entry.payload and entry.payload["case"] == number
    officer = Person(CHECKER)
    officer.post(task.link, act="state", serial=made.serial, do="revoke", why="affiliation_changed")
    assert officer.status == 200, officer.said
    task.refresh_from_db()
    assert task.done_at is not None
    happened("moved")
    assert Task.objects.filter(reference=number, done_at=None).count() == 0


def happened(kind: str) -> None:
    """The register of residents enters an event of this resident, and tells."""
    key = key_of(resident())
    officer = actor_of(Account.objects.get(login="440103-police-records_officer"))
    assert officer is not None
    with action(by=officer.signature, reason="tests") as act:
        events.enter(act, [Resident.objects.get(key=key)], kind, legal_time.today(), officer)
    tell()


def test_what_of_a_firm_puts_its_certificate_in_doubt() -> None:
    firm = CertificateApplication(kind="firm", name="街口粥粉面", organisation_code="9144")

    def change(**elements: Any) -> Told:
        named = {f"business.{k}": v for k, v in elements.items()}
        return Told(owned.BUSINESSES, "c", "n", "p", named, False, "r", "", "", "", 1, 1)

    assert concerns(firm, change(credit_code=("9144", None))) is ENDED
    assert concerns(firm, change(name=("街口粥粉面", "街尾粥粉面"))) is NAME
    assert concerns(firm, change(name=("别的店", "另一家"))) is None
    assert concerns(firm, change(credit_code=("9145", None))) is None
