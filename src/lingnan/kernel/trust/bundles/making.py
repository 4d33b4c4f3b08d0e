"""Making a bundle of entries, with the proofs that they stand in the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import x509

from lingnan.kernel.trust.evidence.entry import Shown, canonical
from lingnan.kernel.trust.seal.key import SealKey
from lingnan.kernel.trust.stamps.answering import Stamper

from . import archive, showing, xades
from .archive import File

SIGNATURES = "META-INF/signatures.xml"
MANIFEST = "META-INF/manifest.xml"


@dataclass(frozen=True, eq=False)
class Proven:
    """An entry and its audit path in the log as it was at the checkpoint."""

    entry: Shown
    path: tuple[bytes, ...]


@dataclass(frozen=True, eq=False)
class Log:
    """A checkpoint: its note, the time-stamp over it, its signer's certificate and those above."""

    note: str
    stamp: bytes
    size: int
    certificates: tuple[x509.Certificate, ...]


def bundle(
    proven: Sequence[Proven], log: Log, key: SealKey, stamper: Stamper, statement: bytes = b""
) -> bytes:
    """The bundle, signed by a body and stamped; `statement` says whom its entries concern. Raises
    `KeyStoreUnavailable`."""
    files = _files(proven, log)
    if statement:
        shown = [one.entry for one in proven]
        files += [(showing.STATEMENT, statement), (showing.README, showing.readme(shown))]
    at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    certificates = (key.certificate, *key.chain)
    signature = key.key.sign(xades.signed_info(files, at, key.certificate))
    stamp = stamper.stamp(xades.stamp_digest(signature))
    signed = xades.write(files, xades.Signed(at, certificates, signature, stamp))
    return archive.pack([*files, (MANIFEST, manifest(files)), (SIGNATURES, signed)])


def _files(proven: Sequence[Proven], log: Log) -> list[File]:
    names = ("signer", "issuer", "root")
    ordered = sorted(proven, key=lambda one: one.entry.seq)
    return [
        *((f"entries/{one.entry.seq}.json", showing.told(one.entry)) for one in ordered),
        *((f"proofs/{one.entry.seq}.json", _proof(one, log.size)) for one in ordered),
        ("log/checkpoint", log.note.encode()),
        ("log/checkpoint.tst", log.stamp),
        *(
            (f"log/{name}.cer", bytes(one.dump()))
            for name, one in zip(names, log.certificates, strict=True)
        ),
    ]


def _proof(one: Proven, size: int) -> bytes:
    return canonical({"path": [step.hex() for step in one.path], "size": size}).encode()


def manifest(files: Sequence[File]) -> bytes:
    """META-INF/manifest.xml in the form of OpenDocument, which readers of bundles look for."""
    namespace = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" '
        f'manifest:media-type="{xades.MIME[name.partition(".")[2]]}"/>'
        for name, _ in files
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest:manifest xmlns:manifest="{namespace}" manifest:version="1.2">'
        '<manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{archive.MIMETYPE.decode()}"/>{listed}</manifest:manifest>\n'
    ).encode()
