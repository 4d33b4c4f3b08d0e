"""Status answers as another program reads them, and what is thrown at them."""

from datetime import UTC, datetime

from asn1crypto import ocsp
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.revoking import Reason, Revoked
from lingnan.kernel.trust.pki.status import Responder, Unknown
from tests.pki.conftest import Province

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def responder(province: Province, label: str) -> Responder:
    certificate, key = province.certified(label, profiles.STATUS)
    return Responder(province.city.certificate, certificate, key)


def test_openssl_is_told_good_revoked_and_unknown(province: Province) -> None:
    ours, known = responder(province, "status"), {}
    for name in ("good", "revoked", "strange"):
        certificate, _ = province.certified(f"ocsp-{name}", profiles.SIGNING)
        province.write(f"{name}.pem", certificate.dump(), "CERTIFICATE")
        known[certificate.serial_number] = name

    def status(serial: int) -> Revoked | None:
        if known.get(serial) == "strange":
            raise Unknown
        gone = known.get(serial) == "revoked"
        return Revoked(serial, AT, Reason.KEY_COMPROMISE) if gone else None

    for name in known.values():
        asked = ("ocsp", "-issuer", "city.pem", "-cert", f"{name}.pem")
        assert province.openssl(*asked, "-reqout", "asked.der", "-no_cert_verify").returncode == 0
        request = (province.folder / "asked.der").read_bytes()
        province.write("answer.der", ours.answer(request, status))
        said = province.openssl(
            "ocsp", "-issuer", "city.pem", "-reqin", "asked.der", "-respin", "answer.der",
            "-CAfile", "root.pem", "-verify_other", "city.pem", "-resp_text",
        )  # fmt: skip
        assert "Response verify OK" in said.stdout + said.stderr
        expected = {"good": "good", "revoked": "revoked", "strange": "unknown"}[name]
        assert f"Cert Status: {expected}" in said.stdout
        assert ("keyCompromise" in said.stdout) == (name == "revoked")


def test_another_authoritys_certificate_is_unknown(province: Province) -> None:
    province.openssl("ocsp", "-issuer", "root.pem", "-cert", "city.pem", "-reqout", "asked.der")
    request = (province.folder / "asked.der").read_bytes()
    answer = ocsp.OCSPResponse.load(responder(province, "other").answer(request, lambda n: None))
    (single,) = answer.response_data["responses"]
    assert single["cert_status"].name == "unknown"


@given(st.binary(max_size=200))
def test_rubbish_is_refused_as_the_standard_says(province: Province, rubbish: bytes) -> None:
    label = "rubbish"
    ours = _kept.get(label) or _kept.setdefault(label, responder(province, label))
    answer = ocsp.OCSPResponse.load(ours.answer(rubbish, lambda n: None))
    assert answer["response_status"].native == "malformed_request"


_kept: dict[str, Responder] = {}
