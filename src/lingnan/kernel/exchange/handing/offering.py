"""The sender's node: a body gives files, piece by piece, into the node's own store; closed, they
are hashed in one reading, and from then on handed over (`parting`)."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from lingnan.kernel.exchange.handing import limits, manifests, rights, store
from lingnan.kernel.exchange.handing.manifests import File, Manifest
from lingnan.kernel.exchange.handing.models import Handover

Named = tuple[str, str, int]
"""A file that is to come: name, media type, bytes."""


class NotPossible(ValueError):
    """What was asked does not go; `why`: files, name, size, volume, agreement, taken,
    state, room."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(detail or why)
        self.why = why


class WrongPlace(Exception):
    """A piece does not go on where the file ends: `have` bytes are there."""

    def __init__(self, have: int) -> None:
        super().__init__(f"{have} bytes are there")
        self.have = have


def begin(
    system: str, kind: str, number: str, files: Sequence[Named], *, sender: str, receiver: str,
    by: str, purpose: str = "", agreement: str = "", case: str = "",
) -> Handover:  # fmt: skip
    """What is to be handed over, still empty. Raises NotPossible."""
    size = sum(one[2] for one in files)
    _demand_files(files, size)
    agreed = None
    if agreement:
        try:
            agreed = rights.demand_agreement(agreement, sender, receiver, purpose)
        except PermissionError as refused:
            raise NotPossible("agreement", str(refused)) from refused
    try:
        limits.demand_going(sender, size)
        store.room(size)
    except limits.TooMuch as much:
        raise NotPossible("size", str(much)) from much
    except store.NoRoom as full:
        raise NotPossible("room", str(full)) from full
    ref, now = secrets.token_hex(16), timezone.now()
    store.begin(store.OUT, ref)
    listed = [{"name": n, "media": manifests.media_type(m), "size": s} for n, m, s in files]
    try:
        with transaction.atomic():
            if agreed is not None:
                limits.demand_agreed(agreed, [one[2] for one in files])
            return Handover.objects.create(
                system=system, kind=kind, number=number, sender=sender, receiver=receiver,
                purpose=purpose, agreement=agreement, case=case, by=by[:200], ref=ref, files=listed,
                size=size, part=manifests.PART, state="filling", next_at=now, begun_at=now,
            )  # fmt: skip
    except (IntegrityError, limits.TooMuch) as fault:
        store.remove(store.OUT, ref)
        why = "taken" if isinstance(fault, IntegrityError) else "volume"
        raise NotPossible(why, str(fault)) from fault


def _demand_files(files: Sequence[Named], size: int) -> None:
    if not 0 < len(files) <= manifests.MOST_FILES or size <= 0:
        raise NotPossible("files")
    if len({name for name, _media, _size in files}) != len(files):
        raise NotPossible("name")
    for name, _media, bytes_ in files:
        if not 0 < len(name) <= 200 or bytes_ < 0:
            raise NotPossible("name")
        try:
            manifests.demand_name(name)
        except ValueError as wrong:
            raise NotPossible("name", str(wrong)) from wrong


def have(one: Handover) -> list[int]:
    """How many bytes of each file are there."""
    return [store.size_of(store.OUT, one.ref, number) for number in range(len(one.files))]


def write(one: Handover, file: int, offset: int, data: bytes) -> int:
    """The next piece of a file; how many bytes of it are there then. Raises WrongPlace,
    NotPossible, NoRoom."""
    if one.state != "filling":
        raise NotPossible("state")
    if not 0 <= file < len(one.files):
        raise NotPossible("files")
    there = store.size_of(store.OUT, one.ref, file)
    if offset != there:
        raise WrongPlace(there)
    if offset + len(data) > one.files[file]["size"]:
        raise NotPossible("size", "more than was announced of this file")
    store.room(len(data))
    store.write(store.OUT, one.ref, file, offset, data)
    return offset + len(data)


def close(one: Handover) -> None:
    """All files are there: hand them over. Raises NotPossible where some are not."""
    for number, file in enumerate(one.files):
        if store.size_of(store.OUT, one.ref, number) != file["size"]:
            raise NotPossible("files", f"{file['name']} is not complete")
        if file["size"] == 0:
            store.write(store.OUT, one.ref, number, 0, b"")
    filling = Handover.objects.filter(pk=one.pk, state="filling")
    if not filling.update(state="reading", next_at=timezone.now()):
        raise NotPossible("state")


def cancel(one: Handover) -> None:
    """Not to be handed over, as long as nothing was sent. Raises NotPossible."""
    early = Handover.objects.filter(pk=one.pk, state__in=("filling", "reading"))
    if not early.update(state="dropped", finished_at=timezone.now()):
        raise NotPossible("state")
    store.remove(store.OUT, one.ref)


def put(one: Handover, data: bytes) -> None:
    """One file as a whole, at once."""
    store.begin(store.OUT, one.ref)
    store.write(store.OUT, one.ref, 0, 0, data)


def hashed(one: Handover, at: datetime) -> None:
    """Read what was closed once: the digest of each part and file. Then it waits to be sent."""
    sizes = [file["size"] for file in one.files]
    leaves, files = bytearray(), [hashlib.sha256() for _ in sizes]
    for number in range(manifests.parts_of(one.size, one.part)):
        start = number * one.part
        data = memoryview(store.stretch(store.OUT, one.ref, sizes, start, _length(one, start)))
        leaves += hashlib.sha256(data).digest()
        place = 0
        for file, _offset, count in manifests.pieces(sizes, start, len(data)):
            files[file].update(data[place : place + count])
            place += count
    listed = [
        file | {"sha256": digest.hexdigest()}
        for file, digest in zip(one.files, files, strict=True)
    ]  # fmt: skip
    values: dict[str, Any] = {
        "leaves": bytes(leaves), "files": listed, "root": manifests.root_of(bytes(leaves)),
        "state": "waiting", "next_at": at,
    }  # fmt: skip
    Handover.objects.filter(pk=one.pk, state="reading").update(**values)


def _length(one: Handover, start: int) -> int:
    return min(one.part, one.size - start)


def manifest_of(one: Handover) -> Manifest:
    """Of what was hashed."""
    return Manifest(
        one.system, one.kind, one.number, one.sender, one.receiver, one.purpose, one.agreement,
        one.case, tuple(File(**file) for file in one.files), one.part, bytes(one.leaves),
    )  # fmt: skip
