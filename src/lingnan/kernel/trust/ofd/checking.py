"""Checking a sealed OFD document, without network and without the node that made it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from asn1crypto import x509

from lingnan.kernel.trust import archives, clocks
from lingnan.kernel.trust.archives import File
from lingnan.kernel.trust.keystore import sm2
from lingnan.kernel.trust.seal.report import Check
from lingnan.standards import ofd

from . import asn1, links, package

CODES = ("ofd_archive", "ofd_parts", "ofd_files", "ofd_seal", "ofd_signature", "issuer", "purpose",
         "valid_then", "clock", "not_revoked", "time", "ofd_standard")  # fmt: skip
_LEFT_OPEN = frozenset({"not_revoked", "time", "ofd_standard"})
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class OfdReport:
    """`checks` in the order of `CODES`. What the document says of itself is given only where all
    that could be checked holds: who sealed it, at what moment (no other clock proves it), what it
    is of. `serial` is the signing certificate's in hexadecimal: whether it was taken back only a
    register can tell."""

    checks: tuple[Check, ...]
    signer: str = ""
    signed_at: datetime | None = None
    mark: str = ""
    serial: str = ""

    @property
    def genuine(self) -> bool:
        """Whether no check fails; those after one that does are not made."""
        return not any(check.outcome == "failed" for check in self.checks)

    @property
    def fails(self) -> str:
        """The code of the check that does not hold; empty where none."""
        return next((one.code for one in self.checks if one.outcome == "failed"), "")


class _Fails(Exception):
    """A check does not hold; `told` says where."""

    def __init__(self, **told: str) -> None:
        super().__init__(told)
        self.told = told


@dataclass
class _Work:
    """What the checks before have found for those after."""

    data: bytes
    roots: list[x509.Certificate]
    files: list[File] = field(default_factory=list)
    named: dict[str, bytes] = field(default_factory=dict)
    at: datetime = _NEVER
    seal: asn1.Seal | None = None
    maker: x509.Certificate | None = None
    own: x509.Certificate | None = None
    root: x509.Certificate | None = None


def is_ofd(data: bytes) -> bool:
    """Whether it is an archive with the entry of an OFD document, and no evidence bundle: also one
    that other programs made."""
    bundle = data[30:38] == b"mimetype"
    return data[:2] == b"PK" and not bundle and ofd.ENTRY.encode() in data


def verify_ofd(data: bytes, trust_roots: Iterable[x509.Certificate]) -> OfdReport:
    """Check a document and its seal; never raises, whatever the bytes are. No
    time-stamp dates it: its seal must have held when it says that it was made, which is past."""
    work, checks = _Work(data, list(trust_roots)), []
    failed = False
    for code, step in zip(CODES, _STEPS, strict=True):
        if failed:
            checks.append(Check(code, "not_checked"))
            continue
        try:
            told = step(work)
            checks.append(Check(code, "not_checked" if code in _LEFT_OPEN else "passed", told))
        except _Fails as fault:
            failed = True
            checks.append(Check(code, "failed", fault.told))
        except Exception as problem:  # what a stranger made may fail anywhere
            failed = True
            checks.append(Check(code, "failed", {"where": type(problem).__name__}))
    if failed or work.own is None:
        return OfdReport(tuple(checks))
    mark, serial = ofd.mark_of(work.named[ofd.ENTRY]), f"{work.own.serial_number:x}"
    return OfdReport(tuple(checks), _name(work.own), work.at, mark, serial)


def _archive(work: _Work) -> dict[str, str]:
    try:
        work.files = archives.unpack(work.data, package.NAMES)
    except archives.BadArchive as problem:
        raise _Fails(where=str(problem)) from problem
    work.named = dict(work.files)
    return {}


def _parts(work: _Work) -> dict[str, str]:
    """Exactly the files of a document with one seal, in their order."""
    names = list(work.named)
    wanted = package.wanted(package.pages(names))
    if names != wanted or not package.pages(names):
        longest = range(max(len(names), len(wanted)))
        raise _Fails(where=next((_at(names, n) or _at(wanted, n) for n in longest
                                 if _at(names, n) != _at(wanted, n)), "—"))  # fmt: skip
    if work.named[ofd.SIGNATURES] != package.signatures():
        raise _Fails(where=ofd.SIGNATURES)
    return {"count": str(len(names))}


def _at(names: Sequence[str], number: int) -> str:
    return names[number] if number < len(names) else ""


def _files(work: _Work) -> dict[str, str]:
    """Each file but the signature's own is named once, with its digest: the first that differs is
    told."""
    text, covered = work.named[package.SIGNATURE], work.files[:-2]
    told = package.digests(text)
    for name, content in covered:
        if told.get(name) != package.check_value(content):
            raise _Fails(where=name)
    work.at = package.signed_at(text)
    if package.signature(covered, work.at) != text:
        raise _Fails(where=package.SIGNATURE)
    return {"count": str(len(covered))}


def _seal(work: _Work) -> dict[str, str]:
    """The seal is as its maker signed it, and was valid at the moment that is told."""
    seal = asn1.read(asn1.Seal, work.named[package.SEAL])
    info, maker = seal["info"], links.load(seal["maker"].native)
    header, told = info["header"].native, info["property"]
    named = (header["id"], header["version"], told["kind"].native)
    if named != ("ES", asn1.VERSION, 1) or seal["algorithm"].dotted != asn1.SM2_SM3:
        raise _Fails(where=package.SEAL)
    if not _holds(maker, info.dump(), seal["signature"]):
        raise _Fails(where=package.SEAL)
    if not told["since"].native <= work.at <= told["until"].native:
        raise _Fails(where=f"{told['since'].native:%Y-%m-%d} – {told['until'].native:%Y-%m-%d}")
    work.seal, work.maker = seal, maker
    return {"name": told["name"].native, "maker": _name(maker)}


def _signature(work: _Work) -> dict[str, str]:
    """By the key of the seal, over Signature.xml of this package and no other."""
    assert work.seal is not None
    found = asn1.read(asn1.Signed, work.named[package.VALUE])
    content, own = found["content"], links.load(found["certificate"].native)
    text = work.named[package.SIGNATURE]
    told = work.seal["info"]["property"]
    if content["seal"].dump() != work.seal.dump():
        raise _Fails(where=package.SEAL)
    if told["certificates"].native != [own.dump()] or told["name"].native != _name(own):
        raise _Fails(where=_name(own))
    if asn1.octets(content["digest"]) != package.sm3(text) or content["at"].native != work.at:
        raise _Fails(where=package.SIGNATURE)
    if (content["version"].native, content["where"].native, found["algorithm"].dotted) != (
        asn1.VERSION, f"/{package.SIGNATURE}", asn1.SM2_SM3,
    ) or not _holds(own, content.dump(), found["signature"]):  # fmt: skip
        raise _Fails(where=package.VALUE)
    work.own = own
    return {"name": _name(own)}


def _issuer(work: _Work) -> dict[str, str]:
    assert work.own is not None and work.maker is not None
    work.root = links.root_of(work.own, work.maker, work.roots)
    if work.root is None:
        raise _Fails(path=" ← ".join(map(_name, (work.own, work.maker))))
    return {"path": " ← ".join(map(_name, (work.own, work.maker, work.root)))}


def _purpose(work: _Work) -> dict[str, str]:
    assert work.own is not None
    if not links.may_seal(work.own):
        raise _Fails(name=_name(work.own))
    return {"name": _name(work.own)}


def _valid_then(work: _Work) -> dict[str, str]:
    """Every certificate of the path."""
    path = [one for one in (work.own, work.maker, work.root) if one is not None]
    since = max(one.not_valid_before for one in path)
    until = min(one.not_valid_after for one in path)
    told = {"at": work.at.isoformat(), "since": since.isoformat(), "until": until.isoformat()}
    if not all(links.in_time(one, work.at) for one in path):
        raise _Fails(**told)
    return told


def _clock(work: _Work) -> dict[str, str]:
    """A moment that has not come is none."""
    told = clocks.told(work.at)
    if clocks.ahead(work.at):
        raise _Fails(**told)
    return told


def _told_at(work: _Work) -> dict[str, str]:
    """Neither a register nor another clock is asked here."""
    return {"at": work.at.isoformat()}


def _standard(work: _Work) -> dict[str, str]:
    return {"standards": "GB/T 33190-2016, GB/T 38540-2020"}


def _holds(certificate: x509.Certificate, content: bytes, signature: asn1.core.BitString) -> bool:
    return sm2.verify(certificate.public_key.dump(), content, asn1.octets(signature))


def _name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.native.get("common_name", ""))


_STEPS: tuple[Callable[[_Work], dict[str, str]], ...] = (
    _archive, _parts, _files, _seal, _signature, _issuer, _purpose, _valid_then, _clock,
    _told_at, _told_at, _standard,
)  # fmt: skip
