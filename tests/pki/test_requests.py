"""Requests as openssl makes them: what is taken from them, and what is refused."""

import pytest
from asn1crypto import csr, pem
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.trust.keystore.keys import Algorithm
from lingnan.kernel.trust.pki.requests import CODES, Unfit, read
from tests.pki import asking


def refused(data: bytes) -> str:
    with pytest.raises(Unfit) as caught:
        read(data)
    assert caught.value.code in CODES
    return caught.value.code


@pytest.mark.parametrize(("kind", "digest"), [("p256", "sha256"), ("sm2", "sm3")])
def test_a_request_gives_its_key(kind: str, digest: str) -> None:
    private = asking.key(kind)
    found = read(asking.request(private, digest=digest))
    assert found.key.algorithm is (Algorithm.SM2 if kind == "sm2" else Algorithm.P256)
    der = pem.unarmor(asking.request(private, digest=digest))[2]
    assert read(der).mark == found.mark, "the same key has the same mark"
    assert read(asking.request(asking.key(kind), digest=digest)).mark != found.mark
    assert read(found.pem.encode()) == found


@pytest.mark.parametrize(
    ("kind", "code"),
    [("1024", "algorithm"), ("2048", "algorithm"), ("p384", "curve"), ("k256", "curve")],
)
def test_other_keys_are_refused(kind: str, code: str) -> None:
    assert refused(asking.request(asking.key(kind))) == code


def test_a_weak_digest_is_refused() -> None:
    assert refused(asking.request(asking.key(), digest="sha1")) == "hash"


def changed(private: bytes, digest: str, part: str) -> bytes:
    """A request whose signature is another's, or whose point lies on no curve."""
    whole = csr.CertificationRequest.load(pem.unarmor(asking.request(private, digest=digest))[2])
    raw = bytearray(whole.dump())
    if part == "signature":
        raw[-1] ^= 1
    else:
        point = whole["certification_request_info"]["subject_pk_info"]["public_key"].contents[1:]
        raw[bytes(raw).index(point) + 40] ^= 1
    return bytes(raw)


@pytest.mark.parametrize(("kind", "digest"), [("p256", "sha256"), ("sm2", "sm3")])
def test_who_has_not_the_key_proves_nothing(kind: str, digest: str) -> None:
    private = asking.key(kind)
    assert refused(changed(private, digest, "signature")) == "unproven"
    # A point beside the curve: no key at all with the one, no signature with the other.
    assert refused(changed(private, digest, "point")) in ("point", "unproven")


def test_a_private_key_is_sent_back_with_a_word() -> None:
    assert refused(asking.key()) == "private"


def test_names_that_cannot_be_printed_are_refused() -> None:
    assert refused(asking.request(asking.key(), subject="/CN=a\x07b")) == "name"


def test_what_is_too_large_or_something_else() -> None:
    assert refused(b"x" * 20_000) == "large"
    assert (
        refused(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") == "unreadable"
    )


@given(st.binary(max_size=300))
def test_rubbish_is_unreadable(rubbish: bytes) -> None:
    assert refused(rubbish) in ("unreadable", "private")


_GOOD = pem.unarmor(asking.request(asking.key()))[2]


def test_a_version_that_no_standard_knows_is_unreadable() -> None:
    raw = bytearray(_GOOD)
    raw[_GOOD.index(b"\x02\x01\x00") + 2] = 1
    assert refused(bytes(raw)) == "unreadable"


@pytest.mark.parametrize("unused", range(1, 8))
def test_a_signature_is_whole_octets(unused: int) -> None:
    raw = bytearray(_GOOD)
    raw[_GOOD.rindex(b"\x00\x30")] = unused
    assert refused(bytes(raw)) in ("unreadable", "point")


@given(st.integers(0, len(_GOOD) - 1), st.integers(1, 255))
def test_no_changed_byte_passes(at: int, by: int) -> None:
    """Every byte of a request is signed, or is the signature, or frames them."""
    raw = bytearray(_GOOD)
    raw[at] ^= by
    refused(bytes(raw))
