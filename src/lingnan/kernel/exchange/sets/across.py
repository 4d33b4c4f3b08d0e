"""A set whose holder is at another node: the asking side.

The manifest goes first: what for, how many, under which root, the root of each part. Once the
holder has said that its agreement lets it, the set is kept and written down here, so that whoever
is of it sees it; then its subjects go, part by part, by the names that the holder has for them;
then the parts are asked for. All of it may be done again from anywhere: what the holder has is not
sent twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from lingnan.kernel.exchange import gateway, remote, use_text
from lingnan.kernel.exchange.afar import DENIED
from lingnan.kernel.exchange.elsewhere import Elsewhere
from lingnan.kernel.exchange.models import Pseudonym, UseSet
from lingnan.kernel.exchange.sets import answering, index, named, opening, tree
from lingnan.kernel.exchange.sets.opening import Kept, Opened
from lingnan.kernel.exchange.sets.values import MOST, PART_AFAR, Part, SetUse
from lingnan.kernel.exchange.use import Denied, Unavailable
from lingnan.kernel.registry.api import survivors
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import EvidenceUnavailable, node_evidence

OPEN, SUBJECTS, ANSWERS = "set_open", "set_subjects", "set_answers"
"""Services of the holder's system."""
_whole: set[str] = set()
"""Sets of which this process knows that the holder has every part."""


def opened(home: Elsewhere, use: SetUse, subjects: Iterable[str]) -> Opened:
    """As `asking.opened`; Denied and Unavailable also as the holder says."""
    kind, found = _kept(use, subjects)
    count = len(found.keys)
    try:
        missing = _begun(home, use, found.root, count, found.roots, kind != named.KIND)
    except Denied as denied:
        _denied(home, use, denied, {"root": found.root, "count": count})
        raise
    made = opening.under(use) or opening.made_of(use, kind, f"at {home.system}", found)
    opening.demand_same(made, use, found.root, len(found.keys))
    manifest = opening.witnessed(made, PART_AFAR)
    step = PART_AFAR * named.NAME
    for at in missing:
        _send(home, made, at, found.names[at * step : (at + 1) * step], found.parts[at])
    _whole.add(made.number)
    return Opened(manifest, found.names)


def part(home: Elsewhere, number: str, at: int, deadline: float, names: bytes) -> Part:
    """As `asking.part`. What the holder says is bound by an entry here too, before it is told."""
    made, row = answering.kept(number, at)
    entry = made.evidence or opening.witnessed(made, PART_AFAR).evidence
    use = opening.use_of(made)
    question = {"request": made.request, "part": at, "deadline": deadline}
    try:
        if number not in _whole:
            _completed(home, made)
        told = remote.asked(home, ANSWERS, question, use, deadline)
    except Denied as denied:
        # Where the holder has lost the set it is sent again by whoever asks next.
        _whole.discard(number)
        _denied(home, use, denied, {"set": number, "part": at})
        raise
    found = _read(home, use, told, at, names or index.names(made, row))
    there = {"at": home.server, "there": found.number, "there_evidence": found.evidence}
    found = replace(found, number=number, entry=entry)
    own = answering.bound(made, found, answering.before(made, at), there)
    return replace(found, evidence=own)


def _kept(use: SetUse, subjects: Iterable[str]) -> tuple[str, Kept]:
    """Whom the subjects mean where this node holds that; else their names alone."""
    rest = iter(subjects)
    first = list(islice(rest, 1))
    known = Pseudonym.objects.filter(member=use.consumer, pseudonym__in=first)
    kind = known.values_list("kind", flat=True).first()
    everybody = chain(first, rest)
    if kind is not None:
        return kind, opening.kept(use, kind, everybody, PART_AFAR)
    return named.KIND, _by_name(use, everybody)


def _by_name(use: SetUse, subjects: Iterable[str]) -> Kept:
    import numpy as np

    if not use.request:
        raise Denied("a set without a request", "request")
    names = []
    for some in opening.together(subjects, PART_AFAR):
        names.append(_bytes(some))
        if len(names) * PART_AFAR > MOST + PART_AFAR:
            raise Denied(f"a set has at most {MOST} subjects", "subjects")
    if not names:
        raise Denied("a set of nobody", "subjects")
    parts = [named.kept(one, one) for one in names]
    roots = [tree.root(tree.leaves(one)) for one in names]
    keys = np.concatenate([named.keys(one) for one in parts])
    return Kept(b"".join(names), opening.once(keys), parts, roots)


def _bytes(names: list[str]) -> bytes:
    if any(len(one) != 2 * named.NAME for one in names):
        raise Denied("a subject is named by 32 hexadecimal digits", "subjects")
    try:
        return bytes.fromhex("".join(names))
    except ValueError:
        raise Denied("a subject is named by 32 hexadecimal digits", "subjects") from None


def _begun(
    home: Elsewhere, use: SetUse, root: str, count: int, roots: Iterable[bytes], known: bool
) -> list[int]:
    """Let the holder judge the set; the places of the parts that it has not got."""
    question = {
        "use": use.plain(), "root": root, "count": count, "size": PART_AFAR,
        "parts": [one.hex() for one in roots], "known": known,
    } | use_text.told_aim(use)  # fmt: skip
    said = remote.asked(home, OPEN, question, use, use.deadline).get("missing")
    places = range(-(-count // PART_AFAR))
    if not isinstance(said, list) or not all(type(one) is int and one in places for one in said):
        raise Unavailable(f"{home.system} does not answer as agreed")
    return said


def _completed(home: Elsewhere, made: UseSet) -> None:
    """Send what the holder has not got: this process, or the one before it, was cut off."""
    roots = [bytes(one) for one in made.parts.order_by("number").values_list("root", flat=True)]
    use = opening.use_of(made)
    for at in _begun(home, use, made.root, made.count, roots, made.kind != named.KIND):
        row = made.parts.get(number=at)
        _send(home, made, at, index.names(made, row), bytes(row.keys))
    _whole.add(made.number)


def _send(home: Elsewhere, made: UseSet, at: int, names: bytes, keys: bytes) -> None:
    """A part's subjects, as the consumer calls them and as the holder's system does."""
    use = opening.use_of(made)
    question = {"request": made.request, "part": at, "subjects": names.hex(), "known": ""}
    if made.kind != named.KIND:
        question["known"] = "".join(_known_as(home, made.kind, keys))
    remote.asked(home, SUBJECTS, question, use, use.deadline)


def _known_as(home: Elsewhere, kind: str, keys: bytes) -> list[str]:
    """What the holder calls each of a part, or will. Raises Unavailable."""
    import numpy as np

    whom = np.frombuffer(keys, index.KEY).tolist()
    now = survivors(kind, whom)
    given = gateway.known_at(home, kind, now.values())
    return [given[now[key]] for key in whom]


def _read(home: Elsewhere, use: SetUse, told: dict[str, Any], at: int, names: bytes) -> Part:
    """Raises Unavailable on what is not the part that was asked for."""
    try:
        found = Part.read(told)
    except (KeyError, TypeError, ValueError) as fault:
        raise Unavailable(f"{home.system} does not answer as agreed") from fault
    same = found.part == at and "".join(found.subjects) == names.hex()
    if not same or set(found.values) != set(use.elements):
        raise Unavailable(f"{home.system} answers another part than asked")
    return found


def _denied(home: Elsewhere, use: SetUse, denied: Denied, of: Mapping[str, Any]) -> None:
    """That the holder refused is written down here too. Raises Unavailable."""
    payload = {
        "resource": use.resource, "consumer": use.consumer, "purpose": use.purpose,
        "basis": use.basis, "agreement": f"at {home.system}", "case": use.case,
        "actor": use.actor, "elements": list(use.elements), "why": denied.detail[:200],
        "legal_time": legal_time.now().isoformat(), **of,
    }  # fmt: skip
    try:
        node_evidence.write([node_evidence.entry(DENIED, payload, (), use.case)])
    except EvidenceUnavailable as down:
        raise Unavailable("evidence cannot be written") from down
