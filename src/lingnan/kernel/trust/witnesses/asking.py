"""This node's log before its witnesses: asked for their signatures once a minute.

Nothing waits for a witness. Since when one has not signed is shown to the operators; that one has
seen another history is an alarm.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from lingnan.kernel.runtime.temporal.action import action
from lingnan.kernel.trust import clocks, node_evidence
from lingnan.kernel.trust.checkpoints import making
from lingnan.kernel.trust.checkpoints.note import parse
from lingnan.kernel.trust.evidence.entry import EvidenceUnavailable
from lingnan.kernel.trust.models import LogCheckpoint
from lingnan.kernel.trust.witnesses import cosigning, fetching, keys, watching
from lingnan.kernel.trust.witnesses.models import Cosignature, SeenHead, WatchedLog, Witness

logger = logging.getLogger(__name__)
ADD = "/trust/witness/add-checkpoint"


class Rewritten(Exception):
    """A witness has seen another history of this log than the one that stands here."""


class NotPossible(Exception):
    """A node that cannot be registered; `code`: registered, untrusted or unreachable."""

    def __init__(self, code: str, why: str = "") -> None:
        super().__init__(f"{code}: {why}")
        self.code, self.why = code, why


@dataclass(frozen=True)
class Standing:
    """How far a witness has signed: the size and moment of its last signature."""

    witness: Witness
    size: int
    at: datetime | None


def ask(witness: Witness) -> Cosignature | None:
    """Have the newest checkpoint signed; None where it is, or where there is none.

    Raises Rewritten, keys.Untrusted, fetching.Unreachable, fetching.Answered, ClocksDiffer.
    """
    newest = making.newest()
    last = Cosignature.objects.filter(witness=witness.name).order_by("-size").first()
    if newest is None or (last is not None and last.size >= newest.size):
        return None
    key = keys.published(witness.address, witness.name, "witness")
    line = _asked(witness, newest, last.size if last else 0)
    at = cosigning.time_of(parse(newest.note), line, witness.name, key)
    if at is None:
        raise keys.Untrusted("the answer is no signature of this witness")
    clocks.demand(f"the witness {witness.name}", at)
    return Cosignature.objects.create(size=newest.size, witness=witness.name, line=line, at=at)


def _asked(witness: Witness, newest: LogCheckpoint, old: int) -> str:
    """Ask from the size last signed; where the witness knows another, once more from that."""
    for again in (True, False):
        proof = node_evidence.reader().consistency(old, newest.size) if old else []
        try:
            return fetching.post(witness.address, ADD, watching.submission(old, proof, newest.note))
        except fetching.Answered as refusal:
            if refusal.status == 422:
                raise Rewritten(witness.name) from refusal
            if refusal.status != 409 or not again:
                raise
            old = _known(refusal.text, newest.size)
    raise AssertionError("unreachable")


def _known(text: str, size: int) -> int:
    """The size that a witness has signed. Raises Rewritten where it is more than there is."""
    known = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    if known > size:
        raise Rewritten(f"a witness has seen {known} entries, here are {size}")
    return known


def standings() -> list[Standing]:
    found = []
    for one in Witness.objects.filter(ended=False).order_by("key"):
        last = Cosignature.objects.filter(witness=one.name).order_by("-size").first()
        found.append(Standing(one, last.size if last else 0, last.at if last else None))
    return found


def watched() -> list[tuple[WatchedLog, SeenHead | None]]:
    """The logs that this node witnesses, with what it has signed last."""
    seen = {one.origin: one for one in SeenHead.objects.all()}
    logs = WatchedLog.objects.filter(ended=False).order_by("key")
    return [(one, seen.get(one.origin)) for one in logs]


def own_names() -> tuple[str, str]:
    """What other nodes call this one: its log, and it as a witness."""
    return making.origin(), watching.name()


def signed_note(size: int) -> str | None:
    """A checkpoint with the lines of its witnesses beneath its own signature."""
    row = LogCheckpoint.objects.filter(size=size).first()
    lines = Cosignature.objects.filter(size=size).order_by("id").values_list("line", flat=True)
    return row.note + "".join(lines) if row else None


def watch(origin: str, address: str, by: str) -> WatchedLog:
    """Witness another node's log from now on. Raises NotPossible."""
    _known_there(address, origin, "log")
    _told("trust.log_watched", origin, address, by)
    with action(by=by, reason="watch a log") as act:
        return act.create(WatchedLog, origin=origin, address=address)


def invite(name: str, address: str, by: str) -> Witness:
    """Have another node watch this one's log. Raises NotPossible."""
    _known_there(address, name, "witness")
    _told("trust.witness_invited", name, address, by)
    with action(by=by, reason="witness invited") as act:
        return act.create(Witness, name=name, address=address)


def stop(name: str, by: str) -> bool:
    """Watch a log no more, or ask a witness no more."""
    rows: list[WatchedLog | Witness] = []
    rows += WatchedLog.objects.filter(origin=name, ended=False)
    rows += Witness.objects.filter(name=name, ended=False)
    for row in rows:
        _told("trust.witnessing_ended", name, row.address, by)
        with action(by=by, reason="witnessing ended") as act:
            act.end(row)
    return bool(rows)


def _known_there(address: str, name: str, purpose: str) -> None:
    logs, seers = WatchedLog.objects.filter(origin=name), Witness.objects.filter(name=name)
    if (logs if purpose == "log" else seers).exists():
        raise NotPossible("registered")
    try:
        keys.published(address, name, purpose)
    except (keys.Untrusted, fetching.Answered) as refusal:
        raise NotPossible("untrusted", str(refusal)) from refusal
    except (fetching.Unreachable, ValueError) as problem:
        raise NotPossible("unreachable", str(problem)) from problem


def _told(kind: str, name: str, address: str, by: str) -> None:
    payload = {"name": name, "address": address, "by": by}
    node_evidence.write([node_evidence.entry(kind, payload)])


class Rounds:
    """What the worker does, not more often than each minute."""

    EVERY = 60.0

    def __init__(self) -> None:
        self._last = -self.EVERY

    def run(self) -> None:
        """What fails is tried again by the next round."""
        if monotonic() - self._last < self.EVERY:
            return
        self._last = monotonic()
        for one in Witness.objects.filter(ended=False):
            try:
                ask(one)
            except (Rewritten, keys.Untrusted, fetching.Answered) as refusal:
                self._alarm(one, refusal)
            except (fetching.Unreachable, EvidenceUnavailable, ValueError, clocks.ClocksDiffer):
                logger.warning("the witness %s did not answer", one.name, exc_info=True)

    def _alarm(self, witness: Witness, refusal: Exception) -> None:
        logger.error("the witness %s refuses: %s", witness.name, refusal)
        payload = {"witness": witness.name, "why": str(refusal)[:500]}
        node_evidence.write([node_evidence.entry("trust.witness_refuses", payload)])
