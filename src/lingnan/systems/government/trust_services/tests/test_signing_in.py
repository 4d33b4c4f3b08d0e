"""A certificate from this authority opens its holder's account, and only that."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lingnan.kernel.trust.api import key_certificates
from lingnan.systems.government.trust_services.tests.certifying import HOLDER, decide, file
from tests.people import Person
from tests.pki import asking
from tests.signin.real import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
URL, TEXT = "/signin/certificate/", "/signin/certificate/signin.txt"


def signed(folder: Path, text: bytes) -> SimpleUploadedFile:
    (folder / "signin.txt").write_bytes(text)
    done = asking.openssl(folder, "cms", "-sign", "-in", "signin.txt", "-signer", "cert.pem",
                          "-inkey", "key.pem", "-outform", "DER", "-out", "signin.p7s")  # fmt: skip
    assert done.returncode == 0, done.stderr
    return SimpleUploadedFile("signin.p7s", (folder / "signin.p7s").read_bytes())


def test_an_official_signs_in_with_the_certificate_that_was_issued(tmp_path: Path) -> None:
    official, private = Person(HOLDER), asking.key()
    number = file(official, "official", asking.request(private))
    decide(number)
    (tmp_path / "key.pem").write_bytes(private)
    official.get(f"/certification/mine/{number}/signing.pem")
    (tmp_path / "cert.pem").write_bytes(official.response.content)
    visitor = Visitor()
    for expected, state in ((302, ""), (422, "suspended")):
        if state:
            serial = key_certificates.of_profile("signing")[-1].serial
            reason = key_certificates.Reason.SUSPENDED
            key_certificates.set_state(serial, state, reason, "a test")
            visitor.post("/signout/")
        visitor.post(URL, act="begin")
        visitor.get(TEXT)
        text = bytes(visitor.answer.content)
        visitor.post(URL, act="sign", signature=signed(tmp_path, text))
        assert visitor.answer.status_code == expected, visitor.page
    visitor.get("/account/")
    assert visitor.answer.status_code == 302, "nobody is signed in"
