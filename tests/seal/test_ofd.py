"""OFD documents under an SM2 seal: made, checked with openssl, and broken in every way."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import pem
from hypothesis import given, settings
from hypothesis import strategies as st

from lingnan.kernel.trust import archives
from lingnan.kernel.trust.archives import File
from lingnan.kernel.trust.keystore.keys import Algorithm
from lingnan.kernel.trust.ofd import asn1, making, package
from lingnan.kernel.trust.ofd.api import OfdReport, is_ofd, seal_ofd, verify_ofd
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.seal.api import SealKey
from lingnan.standards import ofd
from tests.seal.sm2_authority import BODY, LONG_AGO, OTHER, PAPER, Sm2Authority

OPEN = {"not_revoked", "time", "ofd_standard"}
"""What no file can tell by itself: said, never passed."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Sm2Authority:
    return Sm2Authority(tmp_path_factory.mktemp("sm2"))


@pytest.fixture(scope="module")
def key(authority: Sm2Authority) -> SealKey:
    return authority.seal()


@pytest.fixture(scope="module")
def made(authority: Sm2Authority, key: SealKey) -> bytes:
    return seal_ofd(PAPER, key, authority.issuing)


def failed(report: OfdReport) -> tuple[str, str]:
    """The check that does not hold, and where; none after it is made, and nothing is told."""
    outcomes = [check.outcome for check in report.checks]
    at = outcomes.index("failed")
    assert not report.genuine and set(outcomes[at + 1 :]) <= {"not_checked"}
    assert (report.signer, report.signed_at, report.mark, report.serial) == ("", None, "", "")
    return report.checks[at].code, report.checks[at].told.get("where", "")


def changed(made: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    files = archives.unpack(made, package.NAMES)
    assert name in dict(files)
    return archives.pack([(one, change(data) if one == name else data) for one, data in files])


def test_a_sealed_document_is_genuine(made: bytes, authority: Sm2Authority, key: SealKey) -> None:
    report = verify_ofd(made, [authority.root])
    assert report.genuine and is_ofd(made)
    assert (report.signer, report.mark, report.serial) == (BODY, "AB12CD", key.serial)
    assert {one.code for one in report.checks if one.outcome == "not_checked"} == OPEN


def test_every_file_but_the_signature_is_covered_once(made: bytes) -> None:
    named = dict(archives.unpack(made, package.NAMES))
    told = package.digests(named[package.SIGNATURE])
    assert set(named) - set(told) == {package.SIGNATURE, package.VALUE}
    assert named[package.SIGNATURE].count(b"<ofd:Reference ") == len(told)


def test_the_root_must_be_known(made: bytes, tmp_path: Path) -> None:
    for roots in ([], [Sm2Authority(tmp_path).root]):
        assert failed(verify_ofd(made, roots))[0] == "issuer"


@settings(max_examples=150, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_any_changed_byte_is_found(
    made: bytes, authority: Sm2Authority, share: float, flip: int
) -> None:
    broken = bytearray(made)
    broken[int(share * len(broken))] ^= flip
    assert not verify_ofd(bytes(broken), [authority.root]).genuine


@given(st.binary(max_size=200))
def test_rubbish_is_no_document(rubbish: bytes) -> None:
    assert failed(verify_ofd(rubbish, []))[0] == "ofd_archive"


@pytest.mark.parametrize(
    "name", [ofd.ENTRY, ofd.DOCUMENT, ofd.RESOURCES, ofd.page_name(0), package.SEAL]
)
def test_a_changed_file_is_named(made: bytes, authority: Sm2Authority, name: str) -> None:
    broken = changed(made, name, lambda data: data[:-2] + b" " + data[-1:])
    assert failed(verify_ofd(broken, [authority.root])) == ("ofd_files", name)


ADDED = ("Doc_0/Annots/Page_0/Annotation.xml", b"<a/>")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda files: [*files, ADDED], "ofd_parts"),
        (lambda files: [*files[:4], ADDED, *files[4:]], "ofd_parts"),
        (lambda files: files[:2] + files[3:], "ofd_parts"),
        (lambda files: files[:-1], "ofd_parts"),
        (lambda files: [("Doc_0/Other.xml", files[0][1]), *files[1:]], "ofd_parts"),
        (lambda files: [files[1], files[0], *files[2:]], "ofd_parts"),
        (lambda files: [*files[:4], (ofd.page_name(1), files[3][1]), *files[4:]], "ofd_files"),
        (lambda files: [*files, ("../../etc/passwd", b"x")], "ofd_archive"),
        (lambda files: [*files, ("/Doc_0/Other.xml", b"x")], "ofd_archive"),
        (lambda files: [*files, ("Doc_0\\Other.xml", b"x")], "ofd_archive"),
        (lambda files: [], "ofd_archive"),
    ],
)
def test_files_less_more_renamed_or_elsewhere(
    made: bytes, authority: Sm2Authority, change: Callable[[list[File]], list[File]], code: str
) -> None:
    broken = archives.pack(change(archives.unpack(made, package.NAMES)))
    assert failed(verify_ofd(broken, [authority.root]))[0] == code


def rewritten(made: bytes, method: int = zipfile.ZIP_STORED, more: bytes = b"") -> bytes:
    """Packed with another program's habits; `more` is a second file of the entry's name."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", method) as packed:
        for name, content in archives.unpack(made, package.NAMES):
            packed.writestr(name, content)
        if more:
            with pytest.warns(UserWarning):
                packed.writestr(ofd.ENTRY, more)
    return output.getvalue()


def test_tricks_with_the_archive(made: bytes, authority: Sm2Authority) -> None:
    """Compression, two files of a name, bytes before and after, a directory that says something
    else than the files do, a bomb."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(ofd.ENTRY, b"0" * 200_000_000)
    for trick in (
        rewritten(made),
        rewritten(made, zipfile.ZIP_DEFLATED),
        rewritten(made, more=b"<ofd/>"),
        b"MZ" + made,
        made + b"\0",
        made.replace(b"PublicRes", b"PublicREs", 1),
        bomb.getvalue(),
    ):
        assert failed(verify_ofd(trick, [authority.root]))[0] == "ofd_archive"


def resigned(made: bytes, stamp: asn1.Seal, key: SealKey, at: datetime) -> bytes:
    """The same document, signed anew with a seal that is not the key's or not what it should be."""
    files = archives.unpack(made, package.NAMES)[:-3]
    files.append((package.SEAL, stamp.dump()))
    text = package.signature(files, at)
    value = making.signed(text, stamp, key, at)
    return archives.pack([*files, (package.SIGNATURE, text), (package.VALUE, value)])


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def test_the_seal_of_another_body(made: bytes, authority: Sm2Authority, key: SealKey) -> None:
    """Put into the file, and also signed with by a key that it was not made for."""
    other = authority.seal(OTHER)
    stamp = making.seal(other, authority.issuing, now())
    broken = changed(made, package.SEAL, lambda _: stamp.dump())
    assert failed(verify_ofd(broken, [authority.root])) == ("ofd_files", package.SEAL)
    broken = resigned(made, stamp, key, now())
    assert failed(verify_ofd(broken, [authority.root])) == ("ofd_signature", BODY)
    whole = resigned(made, stamp, other, now())
    assert verify_ofd(whole, [authority.root]).signer == OTHER


def test_the_signature_of_another_document(
    made: bytes, authority: Sm2Authority, key: SealKey
) -> None:
    paper = ofd.Document("0" * 32, "ZZ", "另一证照", "2026-03-02", BODY, (("名称", "夜宵店"),))
    others = dict(archives.unpack(seal_ofd(paper, key, authority.issuing), package.NAMES))
    for names in ((package.VALUE,), (package.SEAL, package.SIGNATURE, package.VALUE)):
        broken = made
        for name in names:
            broken = changed(broken, name, lambda _, name=name: others[name])
        code, _ = failed(verify_ofd(broken, [authority.root]))
        assert code == ("ofd_signature" if len(names) == 1 else "ofd_files")


def test_a_seal_that_its_maker_did_not_sign(
    made: bytes, authority: Sm2Authority, key: SealKey
) -> None:
    stamp = making.seal(key, authority.issuing, now())
    stamp = asn1.Seal.load(stamp.dump().replace(BODY.encode(), OTHER.encode(), 1))
    broken = resigned(made, stamp, key, now())
    assert failed(verify_ofd(broken, [authority.root])) == ("ofd_seal", package.SEAL)


def test_a_seal_outside_its_time(authority: Sm2Authority) -> None:
    """Ended, not yet begun, and a moment that is still to come."""
    old = authority.seal(at=LONG_AGO, days=30)
    then = verify_ofd(seal_ofd(PAPER, old, authority.issuing, LONG_AGO), [authority.root])
    assert then.genuine
    for at in (now(), LONG_AGO - timedelta(days=1)):
        broken = seal_ofd(PAPER, old, authority.issuing, at)
        assert failed(verify_ofd(broken, [authority.root]))[0] == "ofd_seal"
    broken = seal_ofd(PAPER, authority.seal(), authority.issuing, now() + timedelta(days=1))
    assert failed(verify_ofd(broken, [authority.root]))[0] == "clock"


def test_who_may_not_seal(authority: Sm2Authority, key: SealKey) -> None:
    """Another purpose; a maker that is no authority; an authority that did not certify the key."""
    system = authority.seal(profile=profiles.SYSTEM)
    broken = seal_ofd(PAPER, system, authority.issuing)
    assert failed(verify_ofd(broken, [authority.root]))[0] == "purpose"
    maker = making.Issuer(key.certificate, key.key)
    broken = seal_ofd(PAPER, authority.seal(OTHER), maker)
    assert failed(verify_ofd(broken, [authority.root]))[0] == "issuer"


def test_only_sm2_seals(authority: Sm2Authority) -> None:
    with pytest.raises(ValueError, match="SM2"):
        seal_ofd(PAPER, authority.seal(algorithm=Algorithm.P256), authority.issuing)


def test_openssl_verifies_both_signatures(
    made: bytes, authority: Sm2Authority, tmp_path: Path
) -> None:
    """The seal's and the document's, over their DER as it stands in the file, and both
    certificates up to the root; a changed octet is refused."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is not installed")
    named = dict(archives.unpack(made, package.NAMES))
    seal = asn1.Seal.load(named[package.SEAL])
    value = asn1.Signed.load(named[package.VALUE])
    assert asn1.octets(value["content"]["digest"]).hex() in told_by(
        openssl, tmp_path, named[package.SIGNATURE]
    )
    parts = ((seal["maker"], seal["info"], seal["signature"]),
             (value["certificate"], value["content"], value["signature"]))  # fmt: skip
    (tmp_path / "root.pem").write_bytes(pem.armor("CERTIFICATE", authority.root.dump()))
    for number, (certificate, content, signature) in enumerate(parts):
        one = tmp_path / f"{number}.pem"
        one.write_bytes(pem.armor("CERTIFICATE", certificate.native))
        words = [openssl, "x509", "-in", one.name, "-pubkey", "-noout"]
        key = subprocess.run(words, cwd=tmp_path, capture_output=True, check=True, timeout=30)
        (tmp_path / "key.pem").write_bytes(key.stdout)
        (tmp_path / "signature").write_bytes(asn1.octets(signature))
        for data, holds in ((content.dump(), True), (content.dump()[:-1] + b"\0", False)):
            (tmp_path / "data").write_bytes(data)
            check = [openssl, "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin",
                     "-digest", "sm3", "-pkeyopt", "distid:1234567812345678",
                     "-in", "data", "-sigfile", "signature"]  # fmt: skip
            done = subprocess.run(check, cwd=tmp_path, capture_output=True, timeout=30)
            assert (done.returncode == 0) is holds, done.stdout + done.stderr
        # Its option for the signer's identifier is for the first certificate of a path alone.
        above = ["-partial_chain", "-trusted", "0.pem"] if number else ["-CAfile", "root.pem"]
        path = [openssl, "verify", "-vfyopt", "distid:1234567812345678", *above, one.name]
        done = subprocess.run(path, cwd=tmp_path, capture_output=True, timeout=30)
        assert done.returncode == 0, done.stdout + done.stderr


def told_by(openssl: str, folder: Path, data: bytes) -> str:
    """The SM3 digest of data, as openssl tells it."""
    (folder / "text").write_bytes(data)
    words = [openssl, "dgst", "-sm3", "text"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True, timeout=30)
    return done.stdout
