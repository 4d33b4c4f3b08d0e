"""The key-management centre: what it hands over opens with the passphrase and with nothing else."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.trust.keystore.escrow import Escrow, is_passphrase, passphrase
from lingnan.kernel.trust.keystore.keys import Algorithm, KeyMissing
from lingnan.kernel.trust.keystore.wrapping import WrappingKey


@pytest.fixture
def escrow(tmp_path: Path) -> Escrow:
    return Escrow(tmp_path / "escrow", WrappingKey.read_or_make(tmp_path / "wrapping.key"))


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_openssl_opens_what_is_handed_over(
    escrow: Escrow, tmp_path: Path, algorithm: Algorithm
) -> None:
    public, words = escrow.make("one", algorithm).public, passphrase()
    (tmp_path / "one.p8").write_bytes(escrow.hand_over("one", words))

    def opened(with_words: str) -> subprocess.CompletedProcess[bytes]:
        command = ["openssl", "pkey", "-inform", "DER", "-in", "one.p8", "-passin"]
        command += [f"pass:{with_words}", "-pubout", "-outform", "DER"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60)

    assert opened(words).stdout == public.der
    other = opened(passphrase())
    assert other.returncode != 0 and not other.stdout


def test_only_its_own_passphrases_and_its_own_keys(escrow: Escrow) -> None:
    escrow.make("one")
    with pytest.raises(ValueError, match="passphrase"):
        escrow.hand_over("one", "secret")
    with pytest.raises(KeyMissing):
        escrow.hand_over("two", passphrase())


def test_passphrases_differ() -> None:
    drawn = {passphrase() for _ in range(50)}
    assert len(drawn) == 50 and all(is_passphrase(one) for one in drawn)


@given(st.text(max_size=40))
def test_what_people_think_of_is_no_passphrase(text: str) -> None:
    assert not is_passphrase(text) or len(text) == 29
