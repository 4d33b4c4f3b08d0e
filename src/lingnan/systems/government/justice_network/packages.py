"""What bodies hand to each other, as plain bytes: a signed manifest and the documents it names.

The file is a ZIP as `trust.api.archives` packs it: `manifest.json` (the signed text with the
certificates above its key) and one part for each document, called by its SHA-256. It can be
checked by whoever knows the province's root, on any node.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID

from lingnan.kernel.trust.api import (
    Body,
    archives,
    consents,
    key_authorities,
    key_certificates,
    key_profiles,
    node_seals,
)

FORMAT, RECEIPT = "lingnan.justice.package/1", "lingnan.justice.receipt/1"
NAMES = re.compile(r"manifest\.json|parts/[0-9a-f]{64}", re.ASCII)
LONGEST = 2_000_000
LARGEST = 64 * 1024 * 1024
"""Bytes of a package: it is checked as a whole, in memory."""
TEXTS = ("number", "act", "from", "to", "sent_at", "sent_by", "text")
LISTS = ("persons", "measures", "clocks", "documents", "evidence")


class BadPackage(ValueError):
    """It is not what its sender signed, or not in order; `code` says what was found."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Opened:
    """A package that was verified: what it says, and its documents by their SHA-256."""

    said: Mapping[str, Any]
    parts: Mapping[str, bytes]

    def numbers(self, kind: str) -> list[str]:
        return [str(one["number"]) for one in self.said[kind]]


def sign(said: Mapping[str, Any], body: Body) -> bytes:
    """The text under the body's key, with the certificates above it. Raises
    `KeyStoreUnavailable`."""
    authority = key_authorities.label_for(body.division)
    name = node_seals.name_of(body)
    key = key_certificates.kept_for(body.code, name, key_profiles.SEAL, authority)
    shown = consents.foreign.signed(said, key)
    return consents.signing.canonical(shown.plain()).encode()


def signed_text(data: bytes, roots: Collection[str], sender: str) -> dict[str, Any]:
    """What a body signed; `sender` names the field that says which. Raises BadPackage."""
    try:
        told = json.loads(data.decode())
        shown = consents.foreign.Shown.read(told, LONGEST)
        if consents.signing.canonical(shown.plain()).encode() != data:
            raise BadPackage("canonical")
        said, _root = consents.foreign.said(shown, roots, "document")
    except BadPackage:
        raise
    except (ValueError, RecursionError) as fault:  # NotGenuine is a ValueError
        raise BadPackage("signature") from fault
    own = x509.load_pem_x509_certificates(shown.chain.encode())[0]
    if said.get(sender) != _signer(own):
        raise BadPackage("signer")
    row = key_certificates.rows().filter(serial=f"{own.serial_number:x}").first()
    if row is not None and key_certificates.why_not(row):
        raise BadPackage("revoked")
    return said


def _signer(certificate: x509.Certificate) -> str:
    """The code of the body that a seal's certificate names."""
    named = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
    return str(named[0].value) if named else ""


def pack(said: Mapping[str, Any], parts: Iterable[bytes], body: Body) -> bytes:
    """The package of a body. Raises `KeyStoreUnavailable`; BadPackage where it is too large."""
    files = {f"parts/{hashlib.sha256(one).hexdigest()}": one for one in parts}
    data = archives.pack([("manifest.json", sign(said, body)), *sorted(files.items())])
    if len(data) > LARGEST:
        raise BadPackage("large")
    return data


def unpack(data: bytes, roots: Collection[str]) -> Opened:
    """A package, everything about it verified. Raises BadPackage, whatever the bytes are."""
    try:
        files = archives.unpack(data, NAMES, LARGEST)
    except archives.BadArchive as fault:
        raise BadPackage("archive") from fault
    if files[0][0] != "manifest.json":
        raise BadPackage("archive")
    said = signed_text(files[0][1], roots, "from")
    parts = {name.removeprefix("parts/"): content for name, content in files[1:]}
    _demand_shape(said)
    for digest, content in parts.items():
        if hashlib.sha256(content).hexdigest() != digest:
            raise BadPackage("altered")
    if set(parts) != {one["sha256"] for one in said["documents"]}:
        raise BadPackage("incomplete")
    return Opened(said, parts)


def _demand_shape(said: Mapping[str, Any]) -> None:
    """Raises BadPackage where the manifest lacks something or names an item twice."""
    whole = said.get("format") == FORMAT and all(isinstance(said.get(n), str) for n in TEXTS)
    lists = all(isinstance(said.get(name), list) for name in LISTS)
    if not whole or not lists or not isinstance(said.get("case"), dict):
        raise BadPackage("shape")
    for name in ("persons", "documents", "evidence"):
        rows: Sequence[Any] = said[name]
        if not all(isinstance(one, dict) and isinstance(one.get("number"), str) for one in rows):
            raise BadPackage("shape")
        if len({one["number"] for one in rows}) != len(rows):
            raise BadPackage("twice")
    if not all(isinstance(one.get("sha256"), str) for one in said["documents"]):
        raise BadPackage("shape")


def receipt(
    package: str, sha256: str, body: Body, verdict: str, missing: Sequence[str], text: str,
    by: str, at: str,
) -> bytes:  # fmt: skip
    """The receiver's word about a package, signed. Raises `KeyStoreUnavailable`."""
    said = {
        "format": RECEIPT, "package": package, "sha256": sha256, "body": body.code,
        "verdict": verdict, "missing": list(missing), "text": text, "by": by, "at": at,
    }  # fmt: skip
    return sign(said, body)
