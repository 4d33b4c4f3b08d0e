"""Time-stamps as another program verifies them, and requests that are refused."""

import hashlib

import pytest
from asn1crypto import core, tsp
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.stamps.answering import Stamper
from tests.pki.conftest import Province


@pytest.fixture(scope="module")
def stamper(province: Province) -> Stamper:
    certificate, key = province.certified("stamps", profiles.TIME_STAMP)
    return Stamper(certificate, key, (province.city.certificate,))


def asked(province: Province, *words: str) -> bytes:
    province.write("data", b"what is stamped")
    query = ("ts", "-query", "-data", "data", "-out", "asked.tsq", *words)
    assert province.openssl(*query).returncode == 0
    return (province.folder / "asked.tsq").read_bytes()


@pytest.mark.parametrize("words", [("-sha256", "-cert"), ("-sha512", "-no_nonce", "-cert")])
def test_openssl_verifies(province: Province, stamper: Stamper, words: tuple[str, ...]) -> None:
    province.write("answer.tsr", stamper.answer(asked(province, *words)))
    verify = ("ts", "-verify", "-in", "answer.tsr", "-CAfile", "root.pem", "-untrusted", "city.pem")
    for what in (("-queryfile", "asked.tsq"), ("-data", "data")):
        said = province.openssl(*verify, *what)
        assert "Verification: OK" in said.stdout + said.stderr
    province.write("data", b"something else")
    assert "mismatch" in province.openssl(*verify, "-data", "data").stderr


def test_a_token_without_a_request(province: Province, stamper: Stamper) -> None:
    province.write("data", b"x")
    province.write("token.der", stamper.stamp(hashlib.sha256(b"x").digest()))
    said = province.openssl(
        "ts", "-verify", "-token_in", "-in", "token.der", "-data", "data", "-CAfile", "root.pem",
        "-untrusted", "city.pem",
    )  # fmt: skip
    assert "Verification: OK" in said.stdout + said.stderr
    with pytest.raises(ValueError, match="length"):
        stamper.stamp(b"short")


@pytest.mark.parametrize(
    ("words", "why"),
    [(("-sha1",), "bad_alg"), (("-sha256", "-tspolicy", "1.2.3"), "unaccepted_policy")],
)
def test_what_is_not_stamped_is_refused_with_the_reason(
    province: Province, stamper: Stamper, words: tuple[str, ...], why: str
) -> None:
    assert refusal(stamper.answer(asked(province, *words))) == {why}


@given(st.binary(max_size=120))
def test_rubbish_is_refused(stamper: Stamper, rubbish: bytes) -> None:
    assert refusal(stamper.answer(rubbish)) <= {"bad_data_format", "bad_request"}


def refusal(answer: bytes) -> set[str]:
    status = tsp.PKIStatusInfo.load(core.SequenceOf.load(answer, spec=core.Any)[0].dump())
    assert status["status"].native == "rejection"
    found: set[str] = status["fail_info"].native
    return found
