"""What has come whole is given to the system that it is for: once, whatever is killed when.

That system has a module `handed` with one of these, or both:

    def handed(kind: str, number: str, data: bytes, node: str) -> None
    def handed_files(arrived: HandedIn) -> None

The first takes what is of one piece and no longer than its `MOST` bytes (what one message carries
where it says nothing), the second files that stay in the store. Both are called in the writing that
marks it as come; a ValueError refuses it for good. It may have `not_handed(kind, number, why)`,
told to the sender's system where what it gave does not arrive.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from lingnan.kernel.exchange.handing import receipts, rights, store
from lingnan.kernel.exchange.handing.manifests import Manifest
from lingnan.kernel.exchange.handing.models import HandedIn
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import node_evidence

MESSAGE = 20 * 1024 * 1024
"""Bytes that one message carries."""


def demand_fits(said: Manifest) -> None:
    """Whether its system takes so much. Raises PermissionError, ValueError."""
    module = rights.demand_module(said.system)
    if hasattr(module, "handed_files"):
        return
    most = getattr(module, "MOST", MESSAGE)
    if len(said.files) != 1 or said.size > most:
        raise ValueError(f"{said.system} takes one piece of at most {most:,} bytes")


def take_in(said: Manifest, server: str, ref: str, place: str) -> HandedIn:
    """The record of what is complete in a folder of the store, and checked. Raises ValueError:
    its system refuses it; what that raises besides goes on, and it is tried again."""
    module = rights.demand_module(said.system)
    demand_fits(said)
    files = hasattr(module, "handed_files")
    store.keep(place, ref)
    before = HandedIn.objects.filter(server=server, **said.key).first()
    if before is not None:
        return before
    at = timezone.now()
    receipt = receipts.given(said, _witnessed(said, server), at.isoformat())
    values: dict[str, Any] = {
        "sha256": said.digest, "at": at, "sender": said.sender, "receiver": said.receiver,
        "purpose": said.purpose, "agreement": said.agreement, "case": said.case,
        "ref": ref if files else "", "files": said.plain()["files"], "size": said.size,
        "root": said.root, "receipt": receipt,
    }  # fmt: skip
    try:
        with legal_time.hold(), transaction.atomic():
            made = HandedIn.objects.create(server=server, **said.key, **values)
            if files:
                module.handed_files(made)
            else:
                data = store.stretch(store.KEPT, ref, [said.size], 0, said.size)
                module.handed(said.kind, said.number, data, server)
    except IntegrityError:
        # The same at the same moment, perhaps: then one of the two has done it.
        first = HandedIn.objects.filter(server=server, **said.key).first()
        if first is None:
            raise
        made = first
    if not files:
        store.remove(store.KEPT, ref)
    return made


def _witnessed(said: Manifest, server: str) -> int:
    """The number of the evidence, written before it is done. Raises EvidenceUnavailable."""
    payload = {
        "node": server, "system": said.system, "kind": said.kind, "number": said.number,
        "sender": said.sender, "receiver": said.receiver, "purpose": said.purpose,
        "agreement": said.agreement, "files": len(said.files), "size": said.size,
        "root": said.root, "manifest": said.digest,
    }  # fmt: skip
    entry = node_evidence.entry("handover.taken", payload, reference=said.case or said.number)
    return int(node_evidence.write([entry])[0].seq)
