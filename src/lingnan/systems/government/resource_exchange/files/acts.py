"""What a data officer does with files: give them, follow them, take those that came."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone

from lingnan.kernel.duty.api import tasks
from lingnan.kernel.exchange.api import Agreement, handing, sources
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Actor, Body, node_evidence, official
from lingnan.systems.government.resource_exchange.sources import connecting
from lingnan.systems.government.resource_exchange.sources.models import Source

SYSTEM, KIND, OFFICER = "resource_exchange", "files", "data_officer"
CAME, RETURNED = "files_came", "files_returned"
HERE = "/desk/exchange/files/"
POSTS = official(OFFICER)
NotPossible = handing.offering.NotPossible
FOLDER, PIECE = 2 * 1024**3, 8 * 1024**2
"""Bytes of a folder that is handed over by one act of the page; what is more, systems give."""


def to_give(who: Actor) -> list[Agreement]:
    """The agreements in force by which the post's body may hand files to others."""
    found = [one for one in handing.in_force() if handing.gives(one, who.body)]
    return [one for one in found if one.consumer != who.body]


def begin(
    who: Actor, agreement: Agreement, case: str, files: Sequence[tuple[str, str, int]]
) -> handing.Handover:
    """A batch of the post's body, still empty; the evidence first. Raises NotPossible,
    EvidenceUnavailable."""
    number = f"WJ-{timezone.localtime():%Y%m%d}-{secrets.token_hex(4).upper()}"
    _witness("files.begun", who, number, {
        "receiver": agreement.consumer, "agreement": agreement.number, "purpose": agreement.purpose,
        "files": len(files), "size": sum(one[2] for one in files), "case": case,
    })  # fmt: skip
    return handing.offering.begin(
        SYSTEM, KIND, number, files, sender=who.body, receiver=agreement.consumer,
        purpose=agreement.purpose, agreement=agreement.number, case=case, by=who.signature,
    )  # fmt: skip


def folders(who: Actor) -> list[Source]:
    """The folders that the post's body has joined."""
    return [one for one in connecting.of_body(who.body) if one.kind == "folder"]


def give_folder(who: Actor, agreement: Agreement, case: str, source: Source) -> handing.Handover:
    """All files of a joined folder, as they are now, on their way. Raises NotPossible, NoRoom,
    SourceFailure, EvidenceUnavailable."""
    paths = sources.Folder(connecting.connection(source)).files()
    listed = [(one.name, "", one.stat().st_size) for one in paths]
    if sum(size for _name, _media, size in listed) > FOLDER:
        raise NotPossible("size")
    made = begin(who, agreement, case, listed)
    try:
        for number, path in enumerate(paths):
            _copied(made, number, path)
        close(made, who)
    except BaseException:
        # A file that is being written, perhaps: what was copied of it is no use.
        handing.offering.cancel(made)
        raise
    return made


def _copied(one: handing.Handover, number: int, path: Path) -> None:
    offset = 0
    with path.open("rb") as file:
        while data := file.read(PIECE):
            offset = handing.offering.write(one, number, offset, data)


def close(one: handing.Handover, who: Actor) -> None:
    """All is there: it goes. Raises NotPossible, EvidenceUnavailable."""
    _witness(
        "files.handed", who, one.number, {"receiver": one.receiver, "agreement": one.agreement}
    )
    handing.offering.close(one)


def cancel(one: handing.Handover, who: Actor) -> None:
    """As long as nothing was sent. Raises NotPossible, EvidenceUnavailable."""
    _witness("files.cancelled", who, one.number, {"receiver": one.receiver})
    handing.offering.cancel(one)


def given(body: str) -> "QuerySet[handing.Handover]":
    rows = handing.Handover.objects.filter(sender=body, kind=KIND, system=SYSTEM)
    return rows.defer("content", "leaves").order_by("-id")


def coming(body: str) -> "QuerySet[handing.Incoming]":
    rows = handing.Incoming.objects.filter(receiver=body, kind=KIND, system=SYSTEM)
    return rows.exclude(state="taken").order_by("-id")


def received(body: str) -> "QuerySet[handing.HandedIn]":
    rows = handing.HandedIn.objects.filter(receiver=body, kind=KIND, system=SYSTEM)
    return rows.order_by("-id")


def opened(one: handing.HandedIn, who: Actor, file: int) -> None:
    """Somebody takes a file that came: written down before. Raises EvidenceUnavailable."""
    told = {"file": one.files[file]["name"], "sha256": one.files[file]["sha256"]}
    _witness("files.fetched", who, one.number, told | {"sender": one.sender})
    tasks.withdraw(_reference(one.number, one.sender), who.signature, (CAME,))


def remove(one: handing.HandedIn, who: Actor) -> None:
    """The body has taken over what it needs: the files go, what they were stays on record. Raises
    EvidenceUnavailable."""
    _witness("files.removed", who, one.number, {"sender": one.sender, "root": one.root})
    handing.store.remove(handing.store.KEPT, one.ref)
    tasks.withdraw(_reference(one.number, one.sender), who.signature, (CAME,))


def announce(one: handing.HandedIn) -> None:
    """A task for the post that takes them; call it in the writing that marks them as come."""
    names = titles([one.sender])
    sender = names.get(one.sender, Title(one.sender, one.sender))
    title = Title(f"接收文件：{sender.zh}交来{len(one.files)}个文件",
                  f"Files came from {sender.en}: {len(one.files)}")  # fmt: skip
    link = f"{HERE}received/{one.pk}/"
    tasks.open_task(
        _reference(one.number, one.sender), CAME, title, "", one.receiver, OFFICER, link
    )


def returned(number: str, why: str) -> None:
    """A task for the post that gave them."""
    one = given_by(number)
    if one is not None:
        title = Title(f"文件未送达：{one.number}", f"Files not handed over: {one.number}")
        ref = _reference(one.number, one.sender)
        tasks.open_task(ref, RETURNED, title, "", one.sender, OFFICER, f"{HERE}{one.number}/")


def given_by(number: str) -> handing.Handover | None:
    return handing.state_of(SYSTEM, KIND, number)


def seen(one: handing.Handover, who: Actor) -> None:
    """The sender's post has read that it did not arrive."""
    tasks.withdraw(_reference(one.number, one.sender), who.signature, (RETURNED,))


def titles(bodies: Iterable[str]) -> dict[str, Title]:
    return {one.code: one.title for one in Body.objects.filter(code__in=set(bodies))}


def _reference(number: str, sender: str) -> str:
    return hashlib.sha256(f"{sender} {number}".encode()).hexdigest()[:40]


def _witness(kind: str, who: Actor, number: str, more: dict[str, object]) -> None:
    told = {"number": number, "body": who.body, "role": who.role, "actor": who.signature}
    node_evidence.write([node_evidence.entry(kind, told | more, reference=number)])
