"""Which files a sealed OFD document has, and Signature.xml, which names the digest of each.

It is written as text, and read by writing it anew: what differs in one byte is not ours. So no XML
parser is involved, and nothing can be referred to twice, elsewhere or not at all.
"""

import base64
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes

from lingnan.kernel.trust.archives import File
from lingnan.standards import ofd

from . import asn1
from .picture import MILLIMETRES

FOLDER = "Doc_0/Signs/Sign_0"
SEAL, SIGNATURE, VALUE = (f"{FOLDER}/{name}" for name in ("Seal.esl", "Signature.xml",
                                                          "SignedValue.dat"))  # fmt: skip
NAMES = re.compile(r"OFD\.xml|Doc_0/(?:[A-Z][A-Za-z]+/){0,1}(?:(?:Page|Sign)_\d{1,3}/)?"
                   r"[A-Z][A-Za-z]+\.(?:xml|esl|dat)", re.ASCII)  # fmt: skip
TIME = "%Y%m%d%H%M%SZ"
_AT = re.compile(rb"<ofd:SignatureDateTime>(\d{14}Z)</ofd:SignatureDateTime>")
_REFERENCE = re.compile(
    rb'<ofd:Reference FileRef="/([^"<]{1,100})"><ofd:CheckValue>([^<]{1,100})</ofd:CheckValue>'
)
_PLACE = f"142 228 {MILLIMETRES} {MILLIMETRES}"
"""On the last page, beneath the lines and above the notes."""


def sm3(data: bytes) -> bytes:
    """32 octets (GB/T 32905; unverified: its text was not at hand)."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def check_value(content: bytes) -> str:
    return base64.b64encode(sm3(content)).decode()


def signatures() -> bytes:
    """The list of the signatures: one."""
    return ofd.xml(
        f'<ofd:Signatures xmlns:ofd="{ofd.NAMESPACE}"><ofd:MaxSignId>1</ofd:MaxSignId>'
        f'<ofd:Signature ID="1" Type="Seal" BaseLoc="/{SIGNATURE}"/></ofd:Signatures>'
    )


def pages(names: Sequence[str]) -> int:
    return sum(name.startswith("Doc_0/Pages/") for name in names)


def wanted(count: int) -> list[str]:
    """The names of a document of so many pages under its seal, in their order."""
    own = [ofd.ENTRY, ofd.DOCUMENT, ofd.RESOURCES, *map(ofd.page_name, range(count))]
    return [*own, ofd.SIGNATURES, SEAL, SIGNATURE, VALUE]


def signature(files: Sequence[File], at: datetime) -> bytes:
    """Signature.xml over these files, at a moment of system time in whole seconds."""
    page = ofd.page_id(pages([name for name, _ in files]) - 1)
    references = "".join(
        f'<ofd:Reference FileRef="/{name}"><ofd:CheckValue>{check_value(content)}'
        "</ofd:CheckValue></ofd:Reference>"
        for name, content in files
    )
    return ofd.xml(
        f'<ofd:Signature xmlns:ofd="{ofd.NAMESPACE}"><ofd:SignedInfo>'
        '<ofd:Provider ProviderName="Lingnan" Version="4" Company="Lingnan"/>'
        f"<ofd:SignatureMethod>{asn1.SM2_SM3}</ofd:SignatureMethod>"
        f"<ofd:SignatureDateTime>{at.astimezone(UTC).strftime(TIME)}</ofd:SignatureDateTime>"
        f'<ofd:References CheckMethod="{asn1.SM3}">{references}</ofd:References>'
        f'<ofd:StampAnnot ID="1" PageRef="{page}" Boundary="{_PLACE}"/>'
        f"<ofd:Seal><ofd:BaseLoc>/{SEAL}</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo>"
        f"<ofd:SignedValue>/{VALUE}</ofd:SignedValue></ofd:Signature>"
    )


def signed_at(text: bytes) -> datetime:
    """The moment that Signature.xml says. Raises ValueError."""
    (found,) = _AT.findall(text)
    return datetime.strptime(found.decode(), TIME).replace(tzinfo=UTC)


def digests(text: bytes) -> dict[str, str]:
    """By name, the digest that is told of each file, for saying which differs."""
    return {name.decode(): value.decode() for name, value in _REFERENCE.findall(text)}
