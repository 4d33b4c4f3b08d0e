"""What an official decides about a pair: evidence, then the decision. Raises Refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from lingnan.kernel.registry.linkage import merging, unmerging
from lingnan.kernel.registry.linkage.finding import digest
from lingnan.kernel.registry.linkage.merging import Refused
from lingnan.kernel.registry.linkage.models import Merge, Pair
from lingnan.kernel.registry.reading import context_of, witness_many
from lingnan.kernel.registry.records import Record, UnknownRecordType, in_sight, record_type
from lingnan.kernel.registry.rights import may_merge
from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor, node_evidence

CONTEXT = "registry.pair"


@dataclass(frozen=True)
class Opened:
    """A pair with both of its records, ended ones too, and the merge that stands for it."""

    pair: Pair
    model: type[Record]
    left: Any
    right: Any
    merge: Merge | None


def reference(pair: Pair) -> str:
    return keys.veil(pair.pk, CONTEXT)


def unveiled(ref: str) -> int | None:
    return keys.unveil(ref, CONTEXT)


def opened(ref: str, who: Actor) -> Opened | None:
    """A pair whose records both lie in an official's sight; both openings are evidence first."""
    number = unveiled(ref)
    pair = Pair.objects.filter(pk=number).first() if number is not None else None
    if pair is None:
        return None
    try:
        model = record_type(*pair.record_type.split("."))
    except UnknownRecordType:
        return None
    rows = in_sight(model, who, model.objects.filter(key__in=[pair.left, pair.right]))
    found = {row.key: row for row in rows}
    if len(found) != 2 or not model.record.readers.permits(who):
        return None
    both = found[pair.left], found[pair.right]
    witness("record.opened", model, who, both)
    return Opened(pair, model, *both, _merge_of(pair))


def witness(kind: str, model: type[Record], who: Actor, rows: Any) -> None:
    """Write down which records the queue or a pair shows, before it does."""
    about = model.record.concerns
    known = [getattr(row, about) for row in rows] if about else []
    told = {"search": "", "linkage": True}
    witness_many(kind, model, who, [row.key for row in rows], known, told)


def _merge_of(pair: Pair) -> Merge | None:
    both = [pair.left, pair.right]
    rows = Merge.objects.filter(
        record_type=pair.record_type, survivor__in=both, other__in=both,
        state__in=("proposed", "done", "undoing"),
    )  # fmt: skip
    return rows.order_by("-pk").first()


def decide(one: Opened, who: Actor, said: Mapping[str, str], chosen: list[str]) -> None:
    """Do what the form says. Raises Refused with a code that the page puts into words."""
    do, reason = said.get("do", ""), said.get("reason", "").strip()
    if not may_merge(one.model, who):
        raise Refused("right")
    if do not in WAYS:
        raise Refused("unknown")
    if do not in ("confirm", "confirm_undo") and not reason:
        raise Refused("reason")
    payload = {"record_type": one.pair.record_type, "actor": who.signature, "body": who.body}
    subject = one.model.record.subject or context_of(one.model)
    about = [(subject, one.left.key), (subject, one.right.key)]
    node_evidence.write([node_evidence.entry("linkage." + do, payload | {"reason": reason}, about)])
    with transaction.atomic():
        state = WAYS[do](one, who, reason, dict(said) | {"chosen": chosen})
        one.pair.state, one.pair.decided_by = state, who.signature
        one.pair.reason, one.pair.at = reason[:400], legal_time.now()
        one.pair.save()


def _judge(state: str) -> Any:
    def done(one: Opened, who: Actor, reason: str, said: Mapping[str, Any]) -> str:
        if one.pair.state not in ("open", "unsure", "different"):
            raise Refused("state")
        one.pair.facts = digest(one.left, one.right)
        return state

    return done


def _same(one: Opened, who: Actor, reason: str, said: Mapping[str, Any]) -> str:
    if one.merge is not None or said.get("survivor") not in ("left", "right"):
        raise Refused("survivor")
    both = (one.left, one.right)
    survivor, other = both if said["survivor"] == "left" else both[::-1]
    merging.propose(
        survivor, other, said["chosen"], account=who.account, by=who.signature, reason=reason
    )
    return "proposed"


def _confirm(one: Opened, who: Actor, reason: str, said: Mapping[str, Any]) -> str:
    merging.confirm(_standing(one), account=who.account, by=who.signature)
    return "merged"


def _drop(one: Opened, who: Actor, reason: str, said: Mapping[str, Any]) -> str:
    merging.drop(_standing(one))
    return "open"


def _undo(one: Opened, who: Actor, reason: str, said: Mapping[str, Any]) -> str:
    unmerging.ask(_standing(one), account=who.account, by=who.signature, reason=reason)
    return "undoing"


def _confirm_undo(one: Opened, who: Actor, reason: str, said: Mapping[str, Any]) -> str:
    unmerging.confirm(_standing(one), account=who.account, by=who.signature)
    return "open"


def _keep(one: Opened, who: Actor, reason: str, said: Mapping[str, Any]) -> str:
    unmerging.keep(_standing(one))
    return "merged"


def _standing(one: Opened) -> Merge:
    if one.merge is None:
        raise Refused("state")
    return one.merge


WAYS = {
    "different": _judge("different"),
    "unsure": _judge("unsure"),
    "same": _same,
    "confirm": _confirm,
    "drop": _drop,
    "undo": _undo,
    "confirm_undo": _confirm_undo,
    "keep": _keep,
}
