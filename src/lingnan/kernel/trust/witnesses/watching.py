"""This node as a witness of others' logs: it signs a head only where the log has only grown."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import IntegrityError, transaction

from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.certification import authorities, register
from lingnan.kernel.trust.checkpoints.note import BadNote
from lingnan.kernel.trust.evidence.merkle import verify_consistency
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.witnesses import cosigning, fetching, keys
from lingnan.kernel.trust.witnesses.cosigning import Submitted
from lingnan.kernel.trust.witnesses.models import SeenHead, WatchedLog

SIGNER = "log"


@dataclass(frozen=True)
class Answer:
    """What the log is told: a status of HTTP and a text."""

    status: int
    text: str = ""


def name() -> str:
    """What this node's signatures as a witness are called: by its first root, as its log."""
    return keys.named(authorities.issuer(authorities.ROOT).certificate.dump(), "witness")


def signer() -> register.Certified:
    """The key of this node as a witness, and its certificate. Raises `KeyStoreUnavailable`."""
    common = Name("Lingnan 日志见证", "Lingnan 岭南")
    return register.kept_for("evidence-witness", common, profiles.WITNESS, authorities.province())


def add(body: str) -> Answer:
    """Judge what a log has sent (tlog-witness): 200 with the line of this witness.

    400 what cannot be read · 404 a log that is not registered · 403 not signed by its key ·
    409 with the size last signed, where the log says another · 422 a history that was rewritten ·
    503 where the log's certificate cannot be fetched. Raises `KeyStoreUnavailable`,
    `EvidenceUnavailable`.
    """
    try:
        sent = cosigning.read(body)
    except BadNote as problem:
        return Answer(400, str(problem))
    log = WatchedLog.objects.filter(origin=sent.head.origin, ended=False).first()
    if log is None:
        return Answer(404, "this log is not registered here")
    try:
        key = keys.published(log.address, log.origin, "log")
    except (keys.Untrusted, fetching.Answered) as problem:
        return Answer(403, str(problem))
    except fetching.Unreachable as problem:
        return Answer(503, str(problem))
    if not sent.head.signed_by(SIGNER, key):
        return Answer(403, "not signed by this log")
    return _seen(sent) or _signed(sent)


def _seen(sent: Submitted) -> Answer | None:
    """What speaks against the head; None, and it is the newest seen, where nothing does."""
    last = SeenHead.objects.filter(origin=sent.head.origin).first()
    size = last.size if last else 0
    if sent.old != size or sent.head.size < size:
        return Answer(409, str(size))
    if last is not None and not _grew(last, sent):
        payload = {
            "log": last.origin,
            "seen": f"{last.size} {last.root}",
            "sent": f"{sent.head.size} {sent.head.root.hex()}",
        }
        node_evidence.write([node_evidence.entry("trust.log_rewritten", payload)])
        return Answer(422, "this is not the log that was seen before")
    now, root = datetime.now(UTC), sent.head.root.hex()
    if last is None:
        try:
            with transaction.atomic():
                SeenHead.objects.create(
                    origin=sent.head.origin, size=sent.head.size, root=root, at=now
                )
        except IntegrityError:
            return _seen(sent)
        return None
    same = SeenHead.objects.filter(pk=last.pk, size=last.size, root=last.root)
    return None if same.update(size=sent.head.size, root=root, at=now) else _seen(sent)


def _grew(last: SeenHead, sent: Submitted) -> bool:
    head = sent.head
    return verify_consistency(last.size, head.size, bytes.fromhex(last.root), head.root, sent.proof)


def _signed(sent: Submitted) -> Answer:
    line = cosigning.cosigned(sent.head, name(), signer().key, datetime.now(UTC))
    return Answer(200, line)


def submission(old: int, proof: list[bytes], note: str) -> str:
    """What a log sends to a witness."""
    lines = [f"old {old}", *(b64encode(one).decode() for one in proof)]
    return "\n".join(lines) + "\n\n" + note
