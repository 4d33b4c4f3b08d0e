"""A set that another node's body asks for: the holder's side.

`who` is the member that signed the message, `system` the one that it names. A set is found by who
asks and by its request; nothing is answered before all its subjects have come, whom the index then
finds, and its entry is durable.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction

from lingnan.kernel.exchange import consenting, elsewhere, pseudonyms, use_text
from lingnan.kernel.exchange.catalogue import Resource
from lingnan.kernel.exchange.introducing import telling as introducing
from lingnan.kernel.exchange.models import SetPart, UseSet
from lingnan.kernel.exchange.sets import answering, index, named, opening, tree
from lingnan.kernel.exchange.sets.mapped import mapped
from lingnan.kernel.exchange.sets.values import DEADLINE, LONGEST, MOST, PART_AFAR, SetUse
from lingnan.kernel.exchange.use import Denied
from lingnan.kernel.runtime.api import legal_time


def begun(said: Mapping[str, Any], who: str, system: str) -> dict[str, Any]:
    """Open a set by its manifest: which parts have not come. Raises Denied; ValueError, KeyError
    or TypeError on what is no manifest; PermissionError on another member's."""
    use = replace(SetUse.read(said["use"]), aim=use_text.aim(said.get("aim")))
    roots = [bytes.fromhex(one) for one in said["parts"]]
    count, root = int(said["count"]), str(said["root"])
    if use.consumer != who or use.resource.partition(".")[0] != system:
        raise PermissionError("the set is not of the member and the service of the message")
    if int(said["size"]) != PART_AFAR or not 0 < count <= MOST:
        raise ValueError(f"a set has 1 to {MOST} subjects in parts of {PART_AFAR}")
    if len(roots) != -(-count // PART_AFAR) or {len(one) for one in roots} != {tree.HASH}:
        raise ValueError("a root for each part")
    if not use.request or tree.root(b"".join(roots)).hex() != root:
        raise ValueError("the roots of the parts do not give the root")
    with legal_time.hold():
        resource, agreement = opening.leave(use)
        kind = named.KIND if said["known"] is True else resource.subject
        if consenting.needed(resource, agreement):
            opening.demand_own(kind)
        made = opening.under(use) or _made(use, kind, agreement.number, roots, count)
        opening.demand_same(made, use, root, count)
        if made.kind != kind:
            raise Denied("another set was opened under this request", "request")
        return _standing(made)


def taken(said: Mapping[str, Any], who: str, system: str) -> dict[str, Any]:
    """Keep the subjects of a part; with the last that comes the set is whole and written down.
    Raises as `begun`."""
    at, names, known = _number(said["part"]), _names(said["subjects"]), _names(said["known"])
    with legal_time.hold(), mapped():
        made = _under(said, who, system)
        row = made.parts.filter(number=at).first()
        if row is None or tree.root(tree.leaves(names)) != bytes(row.root):
            raise Denied(f"part {at} is not what the manifest says", "request")
        resource, _agreement = opening.leave(opening.use_of(made))
        if not row.keys:
            _keep(made, row, _keys(made, resource, names, known))
        return _standing(made)


def answered(said: Mapping[str, Any], who: str, system: str) -> dict[str, Any]:
    """A part's answers. Raises as `begun`, and Unavailable."""
    at, deadline = _number(said["part"]), min(float(said.get("deadline", DEADLINE)), LONGEST)
    with legal_time.hold(), mapped():
        return answering.part(_under(said, who, system).number, at, deadline).plain()


def _under(said: Mapping[str, Any], who: str, system: str) -> UseSet:
    request = said["request"]
    if not isinstance(request, str):
        raise TypeError("a request is a text")
    made = UseSet.objects.filter(consumer=who, request=request[:80], erased_at=None).first()
    if made is None or made.resource.partition(".")[0] != system:
        raise Denied("no set was opened under this request", "request")
    return made


def _made(use: SetUse, kind: str, agreement: str, roots: list[bytes], count: int) -> UseSet:
    made = opening.begun(use, kind, agreement, tree.root(b"".join(roots)).hex(), count)
    parts = [SetPart(of=made, number=at, keys=b"", root=one) for at, one in enumerate(roots)]
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            SetPart.objects.bulk_create(parts, batch_size=500)
    except IntegrityError:
        return UseSet.objects.get(consumer=use.consumer, request=use.request)
    return made


def _standing(made: UseSet) -> dict[str, Any]:
    """What has not come yet; of a whole set its manifest, with the entry."""
    missing = sorted(made.parts.filter(keys=b"").values_list("number", flat=True))
    if missing:
        return {"set": made.number, "missing": missing}
    manifest = opening.witnessed(made, PART_AFAR)
    return {"set": made.number, "missing": [], "manifest": manifest.plain()}


def _keys(made: UseSet, resource: Resource, names: bytes, known: bytes) -> bytes:
    """What is kept of a part. Raises Denied where a subject is not the consumer's."""
    if made.kind == named.KIND:
        if len(known) != len(names):
            raise ValueError("a name of the holder for each subject")
        return named.kept(names, _own(made, resource, known))
    return opening.meant(made.consumer, resource.subject, named.listed(names)).tobytes()


def _own(made: UseSet, resource: Resource, known: bytes) -> bytes:
    """What the answering system calls them: of whom this node has introduced to the asking one,
    that one tells the name for itself. Raises Denied where the system knows somebody by key alone,
    and this node has not introduced them."""
    told = named.listed(known)
    server = elsewhere.node_of(made.consumer)
    member = introducing.member_of(server) if server else ""
    found = pseudonyms.known(resource.subject, member, told) if member else {}
    absent = next((one for one in told if one not in found), None)
    if resource.keyed and absent is not None:
        raise Denied(f"{made.consumer} does not know {absent}", "subjects")
    given = pseudonyms.give(resource.subject, resource.system, found.values())
    own = {name: given[key] for name, key in found.items()}
    return bytes.fromhex("".join(own.get(one, one) for one in told))


def _keep(made: UseSet, row: SetPart, keys: bytes) -> None:
    """A part, and with the last of them the index. Two that come at once wait for each other."""
    import numpy as np

    with transaction.atomic():
        UseSet.objects.select_for_update().get(pk=made.pk)
        if SetPart.objects.filter(pk=row.pk, keys=b"").update(keys=keys) != 1:
            return
        if made.parts.filter(keys=b"").exists():
            return
        rows = made.parts.order_by("number").values_list("keys", flat=True)
        if made.kind == named.KIND:
            found = [named.keys(bytes(one)) for one in rows.iterator(chunk_size=20)]
            index.keep(made, np.concatenate(found))
        else:
            found = [np.frombuffer(one, index.KEY) for one in rows.iterator(chunk_size=20)]
            index.keep(made, opening.once(np.concatenate(found)))


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MOST:
        raise ValueError("a part is numbered from 0")
    return value


def _names(text: Any) -> bytes:
    """Raises ValueError or TypeError."""
    if not isinstance(text, str) or len(text) > PART_AFAR * 2 * named.NAME:
        raise ValueError(f"a part has at most {PART_AFAR} subjects")
    found = bytes.fromhex(text)
    if len(found) % named.NAME:
        raise ValueError("a subject is named by 32 hexadecimal digits")
    return found
