"""The receiver's node: a manifest is answered with what is missing, parts are kept as they come,
and what is whole is checked, given to its system once, and acknowledged.

Every answer says how things stand, so that who sends needs to remember nothing: asked for again
it is the same. A process may be killed at any moment; what was acknowledged is on the disk.
"""

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from lingnan.kernel.exchange import elsewhere
from lingnan.kernel.exchange.handing import arriving, limits, manifests, rights, store
from lingnan.kernel.exchange.handing.manifests import Manifest
from lingnan.kernel.exchange.handing.models import HandedIn, Incoming
from lingnan.standards.xroad import Identifier

MANIFEST, PART, WHOLE, WITHDRAW = "manifest", "part", "whole", "withdraw"
ENDED = ("expired", "refused", "withdrawn")
"""States from which its sender may begin anew."""
PATIENCE = 20.0
"""Seconds for which one question about the whole waits for its check."""
_checks = ThreadPoolExecutor(1, "checks")
_checking: dict[str, "Future[str]"] = {}


def announce(question: dict[str, Any], asks: Identifier) -> dict[str, Any]:
    """A manifest: what of it is missing here, or the receipt. Raises PermissionError, ValueError,
    NoRoom."""
    server, said = _node(asks), manifests.read(question)
    before = _before(server, said)
    if before is not None:
        return before
    rights.demand_taking(server, said.plain())
    one = Incoming.objects.filter(server=server, **said.key).first()
    if one is None or (one.state in ENDED and one.digest == said.digest):
        one = _begun(server, said, one)
    if one.digest != said.digest:
        raise ValueError("something else came by this number before")
    if one.state != "open":
        raise PermissionError(one.problem or one.state)
    Incoming.objects.filter(pk=one.pk).update(heard_at=timezone.now())
    return _standing(_ref(server, said.digest), said)


def _before(server: str, said: Manifest) -> dict[str, Any] | None:
    """The receipt of what was taken already."""
    found = HandedIn.objects.filter(server=server, **said.key).first()
    if found is None:
        return None
    if found.sha256 != said.digest:
        raise ValueError("something else came by this number before")
    return {"receipt": found.receipt}


def _begun(server: str, said: Manifest, before: Incoming | None) -> Incoming:
    limits.demand_coming(server, said.sender, said.size)
    limits.demand_agreed_coming(server, said)
    arriving.demand_fits(said)
    store.room(said.size)
    with store.telling_no_room():
        store.begin(store.IN, _ref(server, said.digest))
    now = timezone.now()
    plain = said.plain()
    del plain["leaves"]
    values: dict[str, Any] = {
        "digest": said.digest, "sender": said.sender, "receiver": said.receiver, "size": said.size,
        "manifest": plain, "leaves": said.leaves, "state": "open", "problem": "", "heard_at": now,
    }  # fmt: skip
    if before is not None:
        Incoming.objects.filter(pk=before.pk).update(**values)
        before.refresh_from_db()
        return before
    try:
        return Incoming.objects.create(server=server, **said.key, begun_at=now, **values)
    except IntegrityError:
        # Announced twice at the same moment: it is one transfer.
        return Incoming.objects.get(server=server, **said.key)


def take_part(asks: Identifier, path: str, data: bytes) -> dict[str, Any]:
    """A part at `/DIGEST/NUMBER`; acknowledged when it is on the disk. Raises PermissionError,
    ValueError, NoRoom."""
    server = _node(asks)
    digest, _slash, told = path.strip("/").partition("/")
    if not told.isascii() or not told.isdecimal() or len(told) > 6:
        raise ValueError("a part is named by the digest of its manifest and its number")
    one = _open(server, digest)
    if one is None:
        taken = HandedIn.objects.filter(server=server, sha256=digest).exists()
        if taken:
            return {"part": int(told)}
        raise PermissionError("this was not announced here, or was given up")
    said, number = manifest_of(one), int(told)
    rights.demand_taking(server, said.plain())
    if number >= said.count or len(data) != said.length(number):
        raise ValueError(f"part {number} has {len(data)} bytes, and is to have another length")
    if hashlib.sha256(data).digest() != said.leaf(number):
        raise ValueError(f"part {number} is not what the manifest says")
    ref = _ref(server, digest)
    store.room(len(data))
    store.take_part(ref, said, number, data)
    Incoming.objects.filter(pk=one.pk).update(heard_at=timezone.now())
    return {"part": number}


def finish(question: dict[str, Any], asks: Identifier) -> dict[str, Any]:
    """All parts were acknowledged: the receipt, what is missing yet, or that it is being checked.
    Raises PermissionError, ValueError."""
    server, digest = _node(asks), str(question.get("manifest", ""))
    one = _open(server, digest)
    if one is None:
        found = HandedIn.objects.filter(server=server, sha256=digest).first()
        if found is not None:
            return {"receipt": found.receipt}
        raise PermissionError("this was not announced here, or was given up")
    said, ref = manifest_of(one), _ref(server, digest)
    rights.demand_taking(server, said.plain())
    if not store.kept(ref):
        standing = _standing(ref, said)
        if standing["missing"]:
            return standing
        try:
            wrong = _checked(ref, said)
        except NotYet:
            return {"checking": True}
        if wrong:
            _end(one, "refused", f"{wrong} is not what the manifest says")
            raise ValueError(f"{wrong} is not what the manifest says")
    try:
        taken = arriving.take_in(said, server, ref, store.IN)
    except ValueError as refused:
        _end(one, "refused", str(refused))
        raise
    Incoming.objects.filter(pk=one.pk).update(state="taken", leaves=b"")
    return {"receipt": taken.receipt}


def _checked(ref: str, said: Manifest) -> str:
    """The name of a file that is not as it was said; "" where all are. Raises NotYet: asked again,
    it goes on."""
    running = _checking.get(ref)
    if running is None:
        running = _checking[ref] = _checks.submit(_check, ref, said)
    try:
        found = running.result(PATIENCE)
    except NotYet:
        raise
    except BaseException:
        _checking.pop(ref, None)
        raise
    _checking.pop(ref, None)
    return found


def _check(ref: str, said: Manifest) -> str:
    store.empties(store.IN, ref, said.files)
    return store.differs(store.IN, ref, said.files)


def withdraw(question: dict[str, Any], asks: Identifier) -> dict[str, Any]:
    """The sender gives it up: what came of it is removed, unless it is announced anew. Says whether
    it was taken before. Raises PermissionError, ValueError."""
    server = _node(asks)
    key = {name: str(question.get(name, ""))[:60] for name in ("system", "kind", "number")}
    found = HandedIn.objects.filter(server=server, **key).first()
    if found is not None:
        return {"taken": True, "receipt": found.receipt}
    one = Incoming.objects.filter(server=server, **key, state="open").first()
    if one is not None:
        _end(one, "withdrawn", str(question.get("why", ""))[:200] or "given up by its sender")
    return {"taken": False}


def _end(one: Incoming, state: str, why: str) -> None:
    """From the record first: what no record names is swept away."""
    with transaction.atomic():
        rows = Incoming.objects.filter(pk=one.pk, state="open")
        rows.update(state=state, problem=why[:200], leaves=b"")
    ref = ref_of(one)
    store.remove(store.IN, ref)
    if not HandedIn.objects.filter(ref=ref).exists():
        store.remove(store.KEPT, ref)


def expire(now: Any = None) -> int:
    """End what nothing was heard of for too long. Returns how many."""
    before = (now or timezone.now()) - limits.forgotten()
    found = list(Incoming.objects.filter(state="open", heard_at__lt=before)[:100])
    for one in found:
        _end(one, "expired", "nothing came any more")
    return len(found)


def manifest_of(one: Incoming) -> Manifest:
    said = one.manifest
    files = tuple(manifests.File(**file) for file in said["files"])
    texts = {name: said[name] for name in (*manifests.TEXTS, *manifests.MAY_BE_EMPTY)}
    return Manifest(**texts, files=files, part=said["part"], leaves=bytes(one.leaves))


def arrived_of(one: Incoming) -> int:
    """How many bytes of it are there."""
    if one.state != "open":
        return one.size if one.state == "taken" else 0
    said = manifest_of(one)
    gone = store.missing(ref_of(one), said)
    return said.size - sum(said.length(n) for first, end in gone for n in range(first, end))


def ref_of(one: Incoming) -> str:
    """Its folder in the store."""
    return _ref(one.server, one.digest)


def _open(server: str, digest: str) -> Incoming | None:
    return Incoming.objects.filter(server=server, digest=digest, state="open").first()


def _standing(ref: str, said: Manifest) -> dict[str, Any]:
    # Checked and moved already, and cut off before that was written down: `finish` goes on.
    gone = [] if store.kept(ref) else store.missing(ref, said)
    return {"missing": [list(one) for one in gone]}


def _ref(server: str, digest: str) -> str:
    return hashlib.sha256(f"{server} {digest}".encode()).hexdigest()[:32]


def _node(asks: Identifier) -> str:
    found = elsewhere.server_of(asks)
    if found is None:
        raise PermissionError(f"{asks} is no node")
    return found
