"""Checking a bundle, without network and without the node that made it."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import x509

from lingnan.kernel.trust import clocks
from lingnan.kernel.trust.checkpoints import note
from lingnan.kernel.trust.evidence.entry import Disclosed, Shown, canonical
from lingnan.kernel.trust.evidence.merkle import verify_inclusion
from lingnan.kernel.trust.keystore import pairs
from lingnan.kernel.trust.keystore.keys import Algorithm, PublicKey
from lingnan.kernel.trust.seal.report import Check
from lingnan.kernel.trust.stamps import reading

from . import archive, paths, showing, xades
from .archive import File
from .making import MANIFEST, SIGNATURES, manifest

SIGNER = "log"
CODES = ("archive", "complete", "files", "signature", "issuer", "time", "not_revoked",
         "checkpoint", "checkpoint_time", "clock", "entries", "holder")  # fmt: skip


@dataclass(frozen=True)
class BundleReport:
    """`checks` in the order of `CODES`; `entries` are those shown, whatever was found.

    `used` are the certificates it rests on, by their serials in hexadecimal, with the moment at
    which each must have been in force: whether one was taken back only a register can tell.
    """

    checks: tuple[Check, ...]
    entries: tuple[Shown, ...] = ()
    used: tuple[tuple[str, datetime], ...] = ()
    holder: str = ""
    """Whom they concern, as the body says that signed it."""

    @property
    def genuine(self) -> bool:
        """Whether no check fails; those after one that does are not made."""
        return not any(check.outcome == "failed" for check in self.checks)


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
    signed: xades.Signed | None = None
    root: x509.Certificate | None = None
    log: note.Checkpoint | None = None
    entries: list[Shown] = field(default_factory=list)
    used: list[tuple[str, datetime]] = field(default_factory=list)
    holder: str = ""


def verify_bundle(data: bytes, trust_roots: Iterable[x509.Certificate]) -> BundleReport:
    """Check a bundle; never raises, whatever the bytes are."""
    work, checks = _Work(data, list(trust_roots)), []
    failed = False
    for code, step in zip(CODES, _STEPS, strict=True):
        if failed:
            checks.append(Check(code, "not_checked"))
            continue
        try:
            told = step(work)
            asked = code != "not_revoked" and (code != "holder" or work.holder != "")
            checks.append(Check(code, "passed" if asked else "not_checked", told))
        except _Fails as fault:
            failed = True
            checks.append(Check(code, "failed", fault.told))
        except Exception as problem:  # what a stranger made may fail anywhere
            failed = True
            checks.append(Check(code, "failed", {"where": type(problem).__name__}))
    return BundleReport(tuple(checks), tuple(work.entries), tuple(work.used), work.holder)


def _archive(work: _Work) -> dict[str, str]:
    try:
        work.files = archive.unpack(work.data)
    except archive.BadArchive as problem:
        raise _Fails(where=str(problem)) from problem
    work.named = dict(work.files)
    return {}


def _complete(work: _Work) -> dict[str, str]:
    """Exactly the files of a bundle, in their order: entries, a proof for each, the log's."""
    if [name for name, _ in work.files[-2:]] != [MANIFEST, SIGNATURES]:
        raise _Fails(where="META-INF")
    names = [name for name, _ in work.files[:-2]]
    count = sum(name.startswith("entries/") for name in names)
    numbers = sorted({_number(name) for name in names[:count]})
    wanted = [
        *(f"entries/{number}.json" for number in numbers),
        *(f"proofs/{number}.json" for number in numbers),
        *(f"log/{name}" for name in
          ("checkpoint", "checkpoint.tst", "signer.cer", "issuer.cer", "root.cer")),
    ]  # fmt: skip
    # Bundles of before come without the words for people.
    wanted += [name for name in (showing.STATEMENT, showing.README) if name in names]
    if not numbers or names != wanted:
        raise _Fails(where=next((a for a, b in zip(names, wanted, strict=False) if a != b), "—"))
    if work.named[MANIFEST] != manifest(work.files[:-2]):
        raise _Fails(where=MANIFEST)
    return {"count": str(count)}


def _number(name: str) -> int:
    text = name.removeprefix("entries/").removesuffix(".json")
    if not text.isdecimal() or not text.isascii() or str(int(text)) != text:
        raise _Fails(where=name)
    return int(text)


def _files(work: _Work) -> dict[str, str]:
    """Each file is what was signed: the first that differs is named."""
    signed = xades.digests(work.named[SIGNATURES])
    names = [name for name, _ in work.files[:-2]]
    for name in names:
        if signed.get(name) != xades.digest(work.named[name]):
            raise _Fails(where=name)
    if list(signed) != names:
        raise _Fails(where=SIGNATURES)
    return {"count": str(len(names))}


def _signature(work: _Work) -> dict[str, str]:
    files = work.files[:-2]
    try:
        signed = xades.read(work.named[SIGNATURES], files)
    except xades.NotOurs as problem:
        raise _Fails(where=SIGNATURES) from problem
    own = signed.certificates[0]
    text = xades.signed_info(files, signed.at, own)
    if not pairs.verify(_key(own), text, signed.signature):
        raise _Fails(where=SIGNATURES)
    work.signed = signed
    return {}


def _issuer(work: _Work) -> dict[str, str]:
    assert work.signed is not None
    own, *others = work.signed.certificates
    stamp = _stamp(work.signed.stamp, work.signed.stamped)
    found = paths.path(own, others, work.roots, stamp.at, paths.SEALS)
    if not found or not set(_dumped(others)) <= set(_dumped(found)):
        raise _Fails(path=_name(own))
    work.root = found[-1]
    _uses(work, own, stamp.at)
    return {"path": " ← ".join(map(_name, found))}


def _time(work: _Work) -> dict[str, str]:
    assert work.signed is not None
    stamp = _stamp(work.signed.stamp, work.signed.stamped)
    return _trusted_stamp(work, stamp)


def _stamp(token: bytes, digest: bytes) -> reading.Stamped:
    try:
        return reading.read(token, digest)
    except reading.BadStamp as problem:
        raise _Fails(where=str(problem)) from problem


def _trusted_stamp(work: _Work, stamp: reading.Stamped) -> dict[str, str]:
    purpose = frozenset({"time_stamping"})
    name = _name(stamp.certificate)
    found = paths.path(stamp.certificate, stamp.others, work.roots, stamp.at, paths.SIGNS, purpose)
    if not found or not set(_dumped(stamp.others)) <= set(_dumped(found)):
        raise _Fails(name=name)
    _uses(work, stamp.certificate, stamp.at)
    return {"name": name, "at": stamp.at.isoformat()}


def _not_revoked(work: _Work) -> dict[str, str]:
    """No register is asked here: `node_bundles` does."""
    return {"at": max(at for _, at in work.used).isoformat()}


def _uses(work: _Work, certificate: x509.Certificate, at: datetime) -> None:
    work.used.append((f"{certificate.serial_number:x}", at))


def _checkpoint(work: _Work) -> dict[str, str]:
    """Signed by the log's key, and of the log of the root that vouches for the bundle."""
    own, *others = (x509.Certificate.load(work.named[f"log/{name}.cer"], strict=True)
                    for name in ("signer", "issuer", "root"))  # fmt: skip
    found = note.parse(work.named["log/checkpoint"].decode())
    stamp = _checkpoint_stamp(work)
    above = paths.path(own, others, work.roots, stamp.at, paths.SIGNS)
    root = above[-1] if above else None
    if root is None or work.root is None or root.dump() != work.root.dump():
        raise _Fails(where="log/signer.cer")
    origin = f"lingnan.log/{hashlib.sha256(root.dump()).hexdigest()[:32]}"
    signed = found.signed_by(SIGNER, _key(own))
    if not paths.is_log_signer(own) or found.origin != origin or not signed:
        raise _Fails(where="log/checkpoint")
    work.log = found
    _uses(work, own, stamp.at)
    return {"size": str(found.size), "name": _name(own)}


def _checkpoint_stamp(work: _Work) -> reading.Stamped:
    digest = hashlib.sha256(work.named["log/checkpoint"]).digest()
    return _stamp(work.named["log/checkpoint.tst"], digest)


def _checkpoint_time(work: _Work) -> dict[str, str]:
    return _trusted_stamp(work, _checkpoint_stamp(work))


def _clock(work: _Work) -> dict[str, str]:
    """No time-stamp tells a time that has not come."""
    told = clocks.told(latest := max(at for _, at in work.used))
    if clocks.ahead(latest):
        raise _Fails(**told)
    return told


def _entries(work: _Work) -> dict[str, str]:
    """Each entry, as it is shown, is the leaf of its number in the log of the checkpoint."""
    assert work.log is not None
    for name, content in work.files:
        if name.startswith("entries/"):
            entry = _entry(name, content)
            _proven(entry, work.named[f"proofs/{entry.seq}.json"], work.log)
            work.entries.append(entry)
    return {"count": str(len(work.entries))}


def _entry(name: str, content: bytes) -> Shown:
    try:
        found = showing.read(content)
    except Exception as problem:  # what a stranger wrote may fail anywhere
        raise _Fails(where=name) from problem
    if found.seq != _number(name):
        raise _Fails(where=name)
    return found


def _holder(work: _Work) -> dict[str, str]:
    """Whom the entries concern, where the bundle says so: each then bears that one's mark."""
    content, words = (work.named.get(name) for name in (showing.STATEMENT, showing.README))
    if words is not None and words != showing.readme(work.entries):
        raise _Fails(where=showing.README)
    marked = [one for one in work.entries if isinstance(one, Disclosed) and one.parts.own]
    if content is None:
        return {"count": str(len(marked))}
    try:
        work.holder = showing.holder_of(content)
    except Exception as problem:  # as above
        raise _Fails(where=showing.STATEMENT) from problem
    closed = len(work.entries) - len(marked)
    return {"name": work.holder, "count": str(len(marked)), "closed": str(closed)}


def _proven(entry: Shown, content: bytes, log: note.Checkpoint) -> None:
    name = f"proofs/{entry.seq}.json"
    told = json.loads(content)
    steps = [bytes.fromhex(step) for step in told["path"]]
    if canonical({"path": told["path"], "size": log.size}).encode() != content:
        raise _Fails(where=name)
    if not verify_inclusion(entry.leaf_hash, entry.seq - 1, log.size, steps, log.root):
        raise _Fails(where=f"entries/{entry.seq}.json")


def _key(certificate: x509.Certificate) -> PublicKey:
    return PublicKey(Algorithm.P256, certificate.public_key.dump())


def _name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.native.get("common_name", ""))


def _dumped(certificates: Sequence[x509.Certificate]) -> list[bytes]:
    return [one.dump() for one in certificates]


_STEPS = (
    _archive, _complete, _files, _signature, _issuer, _time, _not_revoked, _checkpoint,
    _checkpoint_time, _clock, _entries, _holder,
)  # fmt: skip
