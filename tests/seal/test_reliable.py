"""电子签名法 (2019) Article 13: a signature is reliable if four conditions hold at once.

Each is a real attempt to break it.
"""

import io
from pathlib import Path

import pytest
import typst
from asn1crypto import keys
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from lingnan.kernel.trust.keystore.folder import FolderKeyStore
from lingnan.kernel.trust.keystore.keys import KeyDamaged, KeyStoreUnavailable
from lingnan.kernel.trust.keystore.wrapping import WrappingKey
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.issuing import Wanted
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.seal.api import SealKey, seal_pdf, verify_pdf
from tests.seal.authority import Authority
from tests.seal.test_seal import byte_range


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def authority(folder: Path) -> Authority:
    return Authority(folder)


@pytest.fixture(scope="module")
def key(authority: Authority) -> SealKey:
    return authority.seal()


@pytest.fixture(scope="module")
def sealed(key: SealKey, authority: Authority) -> bytes:
    return seal_pdf(typst.compile(b"= 100 yuan"), key, "", "", "", authority.lasting(key))


def test_the_signing_data_is_the_signers_alone(key: SealKey, authority: Authority) -> None:
    """Art. 13 (1). Another body's key, with the sealer's own certificate before it, seals nothing
    in the sealer's name; and no two bodies are given one key."""
    other = authority.seal()
    assert other.key.public.der != key.key.public.der
    forged = SealKey(key.certificate, other.key, key.chain)
    document = seal_pdf(typst.compile(b"= x"), forged, "", "", "", authority.lasting(forged))
    assert verify_pdf(document, [authority.root]).problem == "changed"
    stranger = authority.keys.make("stranger")
    name = Name(key.name)
    claimed = authority.city.issue(Wanted(name, stranger.public, profiles.SEAL))
    document = seal_pdf(typst.compile(b"= x"), SealKey(claimed, stranger, key.chain), "", "", "")
    report = verify_pdf(document, [authority.root])
    assert report.serial != key.serial, "even under the same name it is another signer"


def test_the_signing_data_is_controlled_by_the_signer_alone(
    key: SealKey, authority: Authority, folder: Path, tmp_path: Path
) -> None:
    """Art. 13 (2). Who has the whole store but not what wraps it cannot sign; nobody can take the
    key out of its file or put another in its place, and other users of the machine read neither."""
    label = key.key.label
    own, copied = folder / f"{label}.key", tmp_path / "stolen"
    for path in (own, folder / "wrapping.key"):
        assert path.stat().st_mode & 0o077 == 0
    whole = own.read_bytes()
    with pytest.raises(ValueError):
        keys.PrivateKeyInfo.load(whole, strict=True)
    copied.mkdir()
    (copied / own.name).write_bytes(whole)
    stolen = FolderKeyStore(copied, WrappingKey.read_or_make(copied / "other.key"))
    with pytest.raises(KeyDamaged):
        stolen.open(label).sign(b"x")
    authority.keys.make("exchanged")
    try:
        own.write_bytes((folder / "exchanged.key").read_bytes())
        with pytest.raises(KeyStoreUnavailable):
            FolderKeyStore(folder, WrappingKey.read_or_make(folder / "wrapping.key")).open(label)
    finally:
        own.write_bytes(whole)


def test_any_change_of_the_signature_is_found(sealed: bytes, authority: Authority) -> None:
    """Art. 13 (3). Each 90th byte of the signature, its certificates and its time-stamp."""
    _, start, end, _ = byte_range(sealed)
    written = sealed[start:end].rstrip(b"0>")
    for position in range(start, start + len(written), 90):
        broken = bytearray(sealed)
        broken[position] ^= 1
        assert verify_pdf(bytes(broken), [authority.root]).problem, position


def test_any_change_of_content_and_form_is_found(sealed: bytes, authority: Authority) -> None:
    """Art. 13 (4). Each 400th byte of the content; and what changes only how it is shown."""
    _, start, end, _ = byte_range(sealed)
    for position in [*range(0, start, 400), *range(end, len(sealed), 400)]:
        broken = bytearray(sealed)
        broken[position] ^= 1
        assert verify_pdf(bytes(broken), [authority.root]).problem, position
    writer, output = IncrementalPdfFileWriter(io.BytesIO(sealed)), io.BytesIO()
    writer.root[pdf_name("/PageMode")] = pdf_string("/UseOutlines")
    writer.update_root()
    writer.write(output)
    assert verify_pdf(output.getvalue(), [authority.root]).problem == "appended"
