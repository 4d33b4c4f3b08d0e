"""Evidence bundles: made, checked by other people's software, and broken in every way."""

import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from asn1crypto import pem
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from lingnan.kernel.trust.bundles import archive, showing, xades
from lingnan.kernel.trust.bundles.api import BundleReport, Log, Proven, bundle, verify_bundle
from lingnan.kernel.trust.checkpoints.note import Checkpoint
from lingnan.kernel.trust.evidence import disclosing
from lingnan.kernel.trust.evidence.api import Entry, Subject
from lingnan.kernel.trust.evidence.entry import Closed, Disclosed
from lingnan.kernel.trust.evidence.store import SqliteStore
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.seal.api import SealKey
from tests.seal.authority import Authority
from tests.seal.test_seal import authority, key

__all__ = ["authority", "key"]
ZHANG = Subject("population", 7_700_123_456_789)
SHOWN = (2, 3, 7)


def log_of(authority: Authority, store: SqliteStore, profile: profiles.Profile) -> Log:
    certificate, signing = authority.certified("log", profile)
    origin = f"lingnan.log/{hashlib.sha256(authority.root.dump()).hexdigest()[:32]}"
    head = store.head()
    note = Checkpoint(origin, head.size, head.root).signed("log", signing).note
    stamp = authority.stamper().stamp(hashlib.sha256(note.encode()).digest())
    return Log(note, stamp, head.size, (certificate, *authority.above))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    made = SqliteStore(tmp_path_factory.mktemp("log") / "evidence")
    made.append([Entry("record.opened", {"n": n, "名": "张"}, (ZHANG,)) for n in range(9)])
    return made


def proven(store: SqliteStore) -> list[Proven]:
    found = [(store.shown(seq), tuple(store.inclusion(seq))) for seq in SHOWN]
    return [Proven(entry, path) for entry, path in found if entry is not None]


@pytest.fixture(scope="module")
def made(store: SqliteStore, authority: Authority, key: SealKey) -> bytes:
    log = log_of(authority, store, profiles.LOG)
    return bundle(proven(store), log, key, authority.stamper())


def failed(report: BundleReport) -> tuple[str, str]:
    """The check that does not hold, and where; none after it is checked."""
    outcomes = [check.outcome for check in report.checks]
    at = outcomes.index("failed")
    by_register = report.checks[6].code == "not_revoked"
    assert by_register and set(outcomes[:at]) - {outcomes[6]} <= {"passed"}
    assert set(outcomes[at + 1 :]) <= {"not_checked"}
    assert not report.genuine
    return report.checks[at].code, report.checks[at].told.get("where", "")


def test_a_bundle_shows_its_entries_and_nobody_they_concern(
    made: bytes, authority: Authority
) -> None:
    report = verify_bundle(made, [authority.root])
    assert report.genuine and [entry.seq for entry in report.entries] == list(SHOWN)
    assert json.loads(report.entries[0].payload) == {"n": 1, "名": "张"}
    assert str(ZHANG.key).encode() not in made and b"population" not in made


def test_the_root_must_be_known(made: bytes, tmp_path: Path) -> None:
    for roots in ([], [Authority(tmp_path).root]):
        assert failed(verify_bundle(made, roots))[0] == "issuer"


@settings(max_examples=120, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_any_changed_byte_is_found(
    made: bytes, authority: Authority, share: float, flip: int
) -> None:
    broken = bytearray(made)
    broken[int(share * len(broken))] ^= flip
    assert not verify_bundle(bytes(broken), [authority.root]).genuine


@given(st.binary(max_size=200))
def test_rubbish_is_no_bundle(rubbish: bytes) -> None:
    assert failed(verify_bundle(rubbish, []))[0] == "archive"


def changed(made: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    files = archive.unpack(made)
    assert name in dict(files)
    return archive.pack([(one, change(data) if one == name else data) for one, data in files])


@pytest.mark.parametrize(
    "name", ["entries/3.json", "proofs/7.json", "log/checkpoint", "log/checkpoint.tst",
             "log/signer.cer", "log/root.cer"],
)  # fmt: skip
def test_a_changed_file_is_named(made: bytes, authority: Authority, name: str) -> None:
    broken = changed(made, name, lambda data: data[:-1] + bytes([data[-1] ^ 1]))
    assert failed(verify_bundle(broken, [authority.root])) == ("files", name)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda files: files[1:], "proofs/2.json"),
        (lambda files: [*files[:3], ("entries/8.json", b"{}"), *files[3:]], "log/checkpoint"),
        (lambda files: [files[1], files[0], *files[2:]], "entries/3.json"),
        (lambda files: [*files, ("extra", b"")], "META-INF"),
        (lambda files: files[:-1], "META-INF"),
    ],
)
def test_files_less_more_or_elsewhere(
    made: bytes,
    authority: Authority,
    change: Callable[[list[archive.File]], list[archive.File]],
    where: str,
) -> None:
    broken = archive.pack(change(archive.unpack(made)))
    assert failed(verify_bundle(broken, [authority.root])) == ("complete", where)


def rewritten(made: bytes, **how: object) -> bytes:
    """Packed with another library's habits."""
    output = io.BytesIO()
    method = how.get("method", zipfile.ZIP_STORED)
    assert isinstance(method, int)
    with zipfile.ZipFile(output, "w", method) as packed:
        for name, content in [("mimetype", archive.MIMETYPE), *archive.unpack(made)]:
            packed.writestr(name, content)
        if how.get("twice"):
            with pytest.warns(UserWarning):
                packed.writestr("entries/2.json", b"{}")
        if how.get("outside"):
            packed.writestr("../../etc/passwd", b"x")
        packed.comment = b"c" if how.get("comment") else b""
    return output.getvalue()


def test_tricks_with_the_archive(made: bytes, authority: Authority) -> None:
    """Compression, two files of a name, a way out of the folder, a comment, bytes before and
    after, a central directory that says something else than the files do."""
    tricks = [
        rewritten(made),
        rewritten(made, method=zipfile.ZIP_DEFLATED),
        rewritten(made, twice=True),
        rewritten(made, outside=True),
        rewritten(made, comment=True),
        b"MZ" + made,
        made + b"\0",
        made.replace(b"entries/2.json", b"entries/1.json", 1),
    ]
    for trick in tricks:
        assert failed(verify_bundle(trick, [authority.root]))[0] == "archive"


def test_a_bomb_is_not_unpacked() -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", b"0" * 200_000_000)
    with override("zh-hans"), pytest.raises(archive.BadArchive, match="内部内容大于文件本身"):
        archive.unpack(output.getvalue())


def test_a_wrapped_signature_is_not_ours(made: bytes, authority: Authority) -> None:
    """The signed part moved into a wrapper with another before it; a reference that leads out."""

    def wrap(text: bytes) -> bytes:
        start, end = text.index(b"<ds:Signature "), text.index(b"</ds:Signature>") + 15
        return text[:end] + b"<ds:Object>" + text[start:end] + b"</ds:Object>" + text[end:]

    def commented(text: bytes) -> bytes:
        return text.replace(b"<ds:KeyInfo>", b"<!-- --><ds:KeyInfo>")

    for change in (wrap, commented):
        broken = changed(made, "META-INF/signatures.xml", change)
        code, where = failed(verify_bundle(broken, [authority.root]))
        assert code in ("files", "signature") and where == "META-INF/signatures.xml"


def test_who_may_not_sign_a_log(store: SqliteStore, authority: Authority, key: SealKey) -> None:
    """A key that was certified for something else, though by the same authority."""
    for profile in (profiles.SYSTEM, profiles.SEAL, profiles.WITNESS):
        log = log_of(authority, store, profile)
        made = bundle(proven(store), log, key, authority.stamper())
        assert failed(verify_bundle(made, [authority.root]))[0] == "checkpoint"


def test_an_entry_that_is_not_in_the_log(
    store: SqliteStore, authority: Authority, key: SealKey
) -> None:
    """Signed and stamped by everybody, and yet not what was written down."""
    log = log_of(authority, store, profiles.LOG)
    forged = disclosing.parts(b"s" * disclosing.SEED, '{"n":99}', None, [("population", 7)])
    other = [
        replace(one, entry=replace(one.entry, parts=forged)) if one.entry.seq == 3 else one
        for one in proven(store)
    ]
    made = bundle(other, log, key, authority.stamper())
    assert failed(verify_bundle(made, [authority.root])) == ("entries", "entries/3.json")


def test_others_verify_it(made: bytes, authority: Authority, tmp_path: Path) -> None:
    """unzip, xmlsec1 (the signature and every file) and openssl (both time-stamps)."""
    xmlsec, openssl = shutil.which("xmlsec1"), shutil.which("openssl")
    if not xmlsec or not openssl:
        pytest.skip("xmlsec1 is not installed")
    (tmp_path / "b.asice").write_bytes(made)
    with zipfile.ZipFile(tmp_path / "b.asice") as packed:
        assert packed.testzip() is None
        packed.extractall(tmp_path)
    (tmp_path / "root.pem").write_bytes(pem.armor("CERTIFICATE", authority.root.dump()))
    files = archive.unpack(made)
    signed = xades.read(dict(files)["META-INF/signatures.xml"], files[:-2])
    (tmp_path / "signature.tst").write_bytes(signed.stamp)
    check = [xmlsec, "--verify", "--trusted-pem", "root.pem",
             "--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
             "META-INF/signatures.xml"]  # fmt: skip
    stamp = [openssl, "ts", "-verify", "-token_in", "-CAfile", "root.pem", "-in"]
    for words in (
        check,
        [*stamp, "log/checkpoint.tst", "-data", "log/checkpoint"],
        [*stamp, "signature.tst", "-digest", signed.stamped.hex()],
    ):
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stderr
    (tmp_path / "entries" / "3.json").write_bytes(b"{}")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, timeout=30).returncode


def test_of_one_person_it_says_in_words_how_many_entries_show_their_head_only(
    store: SqliteStore, authority: Authority, key: SealKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, stamper = log_of(authority, store, profiles.LOG), authority.stamper()
    said = showing.statement("张", "person", "", "2026-11-29T00:00:00+00:00")
    first, *others = proven(store)
    assert isinstance(first.entry, Disclosed)
    one = first.entry
    head = replace(first, entry=Closed(one.seq, one.at, one.kind, one.parts.commitment))
    holder = bundle([head, *others], log, key, stamper, said)
    report = verify_bundle(holder, [authority.root])
    assert report.genuine and report.holder == "张"
    words = dict(archive.unpack(holder))[showing.README].decode()
    assert "共有 3 条" in words and "其中 1 条只显示抬头" in words
    with monkeypatch.context() as lying:
        lying.setattr(showing, "readme", lambda entries: words.replace("1", "0").encode())
        lied = bundle([head, *others], log, key, stamper, said)
    assert failed(verify_bundle(lied, [authority.root])) == ("holder", showing.README)
    with monkeypatch.context() as before:
        before.setattr(showing, "README", "holder/x.txt")
        stranger = bundle([head], log, key, stamper, said)
    assert failed(verify_bundle(stranger, [authority.root]))[0] == "complete"
