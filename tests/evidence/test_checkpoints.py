"""Checkpoints of the node's log: signed, stamped, only ever extended; read by others' programs."""

import base64
import subprocess
from pathlib import Path

import pytest
from asn1crypto import pem
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.trust.api import checkpoints, node_evidence
from lingnan.kernel.trust.certification import publishing
from lingnan.kernel.trust.checkpoints.note import BadNote, Checkpoint, parse
from lingnan.kernel.trust.evidence.merkle import verify_consistency
from lingnan.kernel.trust.keystore.folder import FolderKeyStore
from lingnan.kernel.trust.keystore.keys import KeyStoreUnavailable
from lingnan.kernel.trust.keystore.wrapping import WrappingKey
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def grow() -> None:
    node_evidence.write([node_evidence.entry("operating.evidence_checked", {"newest": 1})])


def fetched(path: str = "checkpoint") -> bytes:
    answer = Client().get(f"/trust/log/{path}")
    assert answer.status_code == 200, path
    return answer.content


def made() -> Checkpoint:
    grow()
    assert checkpoints.make() is not None
    return parse(fetched().decode())


def test_a_checkpoint_is_signed_by_the_logs_own_key() -> None:
    found = made()
    assert found.origin == checkpoints.origin()
    assert found.signed_by("log", checkpoints.signer().key.public)
    assert (found.size, found.root) == (
        node_evidence.reader().size(), node_evidence.reader().root()
    )  # fmt: skip
    assert fetched(f"checkpoints/{found.size}").decode() == found.note
    assert Client().get(f"/trust/log/checkpoints/{found.size + 1}").status_code == 404


def test_a_log_that_has_not_grown_has_no_other() -> None:
    made()
    assert checkpoints.make() is None


def test_anybody_sees_that_the_log_only_grew() -> None:
    old, new = made(), made()
    path = f"/trust/log/consistency/{old.size}/{new.size}"
    proof = [base64.b64decode(one) for one in Client().get(path).json()["consistency"]]
    assert verify_consistency(old.size, new.size, old.root, new.root, proof)
    assert not verify_consistency(old.size, new.size, bytes(32), new.root, proof)
    for absurd in (f"{new.size}/{old.size}", f"0/{new.size}", f"1/{new.size + 10**9}"):
        assert Client().get(f"/trust/log/consistency/{absurd}").status_code == 400, absurd


def test_openssl_verifies_the_stamp_of_a_checkpoint(tmp_path: Path) -> None:
    found = made()
    assert checkpoints.stamp_waiting() > 0
    (tmp_path / "note").write_bytes(fetched())
    (tmp_path / "token").write_bytes(fetched(f"checkpoints/{found.size}.tst"))
    root = Client().get("/trust/authorities/root.cer").content
    (tmp_path / "root.pem").write_bytes(pem.armor("CERTIFICATE", root))
    words = ["ts", "-verify", "-token_in", "-in", "token", "-data", "note", "-CAfile", "root.pem"]
    done = subprocess.run(["openssl", *words], cwd=tmp_path, capture_output=True, text=True)
    assert "Verification: OK" in done.stdout + done.stderr


def test_without_time_stamps_work_goes_on_and_the_risk_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def down() -> None:
        raise KeyStoreUnavailable("no key")

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "stamper", down)
        grow()
        checkpoints.Rounds().run()
        assert checkpoints.waiting_since() is not None
        operator = Person("440000-data-operator")
        assert "起未能加盖" in operator.get("/operating/")
        size = parse(fetched().decode()).size
        assert Client().get(f"/trust/log/checkpoints/{size}.tst").status_code == 404
    checkpoints.Rounds().run()
    assert checkpoints.waiting_since() is None
    assert "每个检查点均已加盖" in operator.get("/operating/")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> FolderKeyStore:
    folder = tmp_path_factory.mktemp("keys")
    return FolderKeyStore(folder, WrappingKey.read_or_make(folder / "wrapping.key"))


@given(
    st.integers(0, 10**19 - 1), st.binary(min_size=32, max_size=32),
    st.floats(0, 1, exclude_max=True), st.integers(1, 255),
)  # fmt: skip
def test_a_note_reads_as_it_was_written_and_no_byte_of_it_may_change(
    keys: FolderKeyStore, size: int, root: bytes, share: float, other: int
) -> None:
    label = "one"
    key = keys.open(label) if label in keys.labels() else keys.make(label)
    written = Checkpoint("lingnan.log/试", size, root).signed("log", key)
    assert parse(written.note) == written and written.signed_by("log", key.public)
    broken = bytearray(written.note.encode())
    broken[int(share * len(broken))] ^= other
    try:
        read = parse(bytes(broken).decode())
    except (BadNote, UnicodeDecodeError):
        return
    assert not read.signed_by("log", key.public)


@given(st.text())
def test_rubbish_is_no_checkpoint(rubbish: str) -> None:
    with pytest.raises(BadNote):
        parse(rubbish)
