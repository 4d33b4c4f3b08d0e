"""Certificates and lists as another program reads them."""

from datetime import UTC, datetime, timedelta

import pytest

from lingnan.kernel.trust.keystore.keys import Algorithm
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.issuing import Issuer, Wanted, self_signed
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.pki.profiles import Profile
from lingnan.kernel.trust.pki.revoking import Reason, Revoked, revocation_list
from tests.pki.conftest import Province

PURPOSES = [
    (profiles.SIGNING, "sslclient"),
    (profiles.SYSTEM, "sslserver"),
    (profiles.TIME_STAMP, "timestampsign"),
    (profiles.STATUS, "ocsphelper"),
]


@pytest.mark.parametrize(
    ("profile", "purpose"), PURPOSES, ids=lambda one: getattr(one, "name", one)
)
def test_openssl_accepts_each_kind_for_its_purpose(
    province: Province, profile: Profile, purpose: str
) -> None:
    certificate, _ = province.certified(f"for-{purpose}", profile)
    assert "one.pem: OK" in province.verified(certificate, "-purpose", purpose)
    others = {"sslclient", "sslserver", "timestampsign"} - {purpose}
    if profile is profiles.SYSTEM:
        others -= {"sslclient"}
    for other in others:
        assert "error" in province.verified(certificate, "-purpose", other), other


def test_an_authority_below_one_that_may_have_none_is_refused(province: Province) -> None:
    key = province.keys.make("below")
    with pytest.raises(ValueError, match="may not stand below"):
        province.city.issue(Wanted(Name("下级"), key.public, profiles.ISSUING))
    with pytest.raises(ValueError, match="1 to 1095 days"):
        province.city.issue(Wanted(Name("某人"), key.public, profiles.SIGNING, days=1096))
    with pytest.raises(ValueError, match="64 printable"):
        Name("长" * 65)


def test_a_certificate_ends_no_later_than_its_issuer(province: Province) -> None:
    late = province.city.certificate.not_valid_after - timedelta(days=10)
    key = province.keys.make("late")
    wanted = Wanted(Name("某人"), key.public, profiles.SIGNING, at=late)
    ends = province.city.issue(wanted).not_valid_after
    assert ends == province.city.certificate.not_valid_after


@pytest.mark.parametrize("reason", list(Reason))
def test_a_revoked_certificate_is_refused_by_openssl(province: Province, reason: Reason) -> None:
    certificate, _ = province.certified(f"revoked-{reason.value}", profiles.SIGNING)
    other, _ = province.certified(f"good-{reason.value}", profiles.SIGNING)
    now = datetime.now(UTC)
    revoked = [Revoked(certificate.serial_number, now, reason)]
    said = revocation_list(province.city, revoked, 7, now, timedelta(days=1))
    province.write("list.pem", said.dump(), "X509 CRL")
    words = ("-crl_check", "-CRLfile", "list.pem")
    assert "certificate revoked" in province.verified(certificate, *words)
    assert "one.pem: OK" in province.verified(other, *words)


def test_an_old_list_is_refused(province: Province) -> None:
    certificate, _ = province.certified("old-list", profiles.SIGNING)
    then = datetime.now(UTC) - timedelta(days=3)
    said = revocation_list(province.city, [], 1, then, timedelta(days=1))
    province.write("list.pem", said.dump(), "X509 CRL")
    found = province.verified(certificate, "-crl_check", "-CRLfile", "list.pem")
    assert "CRL has expired" in found


def test_the_parallel_profile_is_read_by_openssl(province: Province) -> None:
    """SM2 with SM3: a chain of its own beside the other."""
    root_key = province.keys.make("sm2-root", Algorithm.SM2)
    key = province.keys.make("sm2-one", Algorithm.SM2)
    root = self_signed(Wanted(Name("岭南国密根证书"), root_key.public, profiles.ROOT), root_key)
    one = Issuer(root, root_key).issue(Wanted(Name("某局"), key.public, profiles.SEAL))
    province.write("sm2-root.pem", root.dump(), "CERTIFICATE")
    province.write("sm2-one.pem", one.dump(), "CERTIFICATE")
    done = province.openssl(
        "verify", "-vfyopt", "distid:1234567812345678", "-CAfile", "sm2-root.pem", "sm2-one.pem"
    )
    assert "sm2-one.pem: OK" in done.stdout, done.stderr
    text = province.openssl("x509", "-in", "sm2-one.pem", "-noout", "-text").stdout
    assert "Signature Algorithm: SM2-with-SM3" in text and "ASN1 OID: SM2" in text
