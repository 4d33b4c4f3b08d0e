"""Keys in a folder: what is on disk opens only as it was put there."""

import base64
import json
import subprocess
from pathlib import Path

import pytest

from lingnan.kernel.trust.keystore import pairs
from lingnan.kernel.trust.keystore.folder import FolderKeyStore
from lingnan.kernel.trust.keystore.keys import (
    Algorithm,
    KeyDamaged,
    KeyMissing,
    KeyStoreUnavailable,
)
from lingnan.kernel.trust.keystore.wrapping import WrappingKey


@pytest.fixture
def wrapping(tmp_path: Path) -> WrappingKey:
    return WrappingKey.read_or_make(tmp_path / "wrapping.key")


@pytest.fixture
def keys(tmp_path: Path, wrapping: WrappingKey) -> FolderKeyStore:
    return FolderKeyStore(tmp_path / "keys", wrapping)


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_key_signs_after_the_process_that_made_it_is_gone(
    keys: FolderKeyStore, tmp_path: Path, algorithm: Algorithm
) -> None:
    made = keys.make("city-4401", algorithm)
    again = FolderKeyStore(tmp_path / "keys", WrappingKey.read(tmp_path / "wrapping.key"))
    signature = again.open("city-4401").sign(b"said")
    assert pairs.verify(made.public, b"said", signature)
    assert not pairs.verify(made.public, b"unsaid", signature)
    assert not pairs.verify(keys.make("other", algorithm).public, b"said", signature)
    assert again.labels() == ["city-4401", "other"]


@pytest.mark.parametrize("digest", ["sm3", "sha256"])
def test_openssl_verifies_what_is_signed(keys: FolderKeyStore, tmp_path: Path, digest: str) -> None:
    sm2 = digest == "sm3"
    key = keys.make("one", Algorithm.SM2 if sm2 else Algorithm.P256)
    for name, data in (
        ("key", key.public.der),
        ("data", b"said"),
        ("signature", key.sign(b"said")),
    ):
        (tmp_path / name).write_bytes(data)
    words = ["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key", "-rawin",
             "-digest", digest, "-in", "data", "-sigfile", "signature"]  # fmt: skip
    words += ["-pkeyopt", "distid:1234567812345678"] if sm2 else []
    done = subprocess.run(["openssl", *words], cwd=tmp_path, capture_output=True, text=True)
    assert "Signature Verified Successfully" in done.stdout, done.stderr


def test_nothing_of_a_private_key_lies_open(keys: FolderKeyStore, tmp_path: Path) -> None:
    keys.make("city-4401")
    path = tmp_path / "keys" / "city-4401.key"
    assert path.stat().st_mode & 0o077 == 0
    wrapped = base64.b64decode(json.loads(path.read_text())["private"])
    with pytest.raises(KeyDamaged):
        pairs.public_of(Algorithm.P256, wrapped)


@pytest.mark.parametrize("field", ["private", "public", "algorithm", "label"])
def test_a_changed_file_does_not_open(
    keys: FolderKeyStore, wrapping: WrappingKey, tmp_path: Path, field: str
) -> None:
    """`label` stands for a file put under another name."""
    keys.make("one")
    folder = tmp_path / "keys"
    told = json.loads((folder / "one.key").read_text())
    other = "two" if field == "label" else "one"
    told[field] = "QUJD" if field in ("private", "public") else "two"
    (folder / f"{other}.key").write_text(json.dumps(told))
    with pytest.raises(KeyDamaged):
        FolderKeyStore(folder, wrapping).open(other)


def test_another_wrapping_key_opens_nothing(keys: FolderKeyStore, tmp_path: Path) -> None:
    keys.make("one")
    other = WrappingKey.read_or_make(tmp_path / "other.key")
    with pytest.raises(KeyDamaged, match="another key"):
        FolderKeyStore(tmp_path / "keys", other).open("one")


def test_what_cannot_be_said_is_said(keys: FolderKeyStore, tmp_path: Path) -> None:
    with pytest.raises(KeyMissing):
        keys.open("nobody")
    with pytest.raises(ValueError, match="label"):
        keys.make("../root")
    keys.make("one")
    with pytest.raises(ValueError, match="already"):
        keys.make("one")
    keys.destroy("one")
    with pytest.raises(KeyMissing):
        keys.open("one")
    with pytest.raises(KeyStoreUnavailable, match="cannot be read"):
        WrappingKey.read(tmp_path / "nowhere")
