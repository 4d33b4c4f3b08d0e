"""Whose key a signature names: by the directory of today, else by one of before that is kept."""

from functools import lru_cache

from lingnan.kernel.exchange import elsewhere
from lingnan.kernel.exchange.federation.models import KnownDirectory
from lingnan.kernel.exchange.messages import voices
from lingnan.kernel.exchange.messages.directory import Directory
from lingnan.kernel.exchange.messages.directory_text import NotADirectory
from lingnan.kernel.exchange.messages.refusals import Refused

BEFORE = 50
"""So many directories of before are looked through."""


def signer(keyid: str) -> tuple[str, bytes] | None:
    """The node (server) and its public key; None where no directory that is known names it."""
    here, directory = elsewhere.present()
    if here is None or directory is None:
        return None
    found = _of(directory, keyid)
    if found is not None:
        return found
    rows = KnownDirectory.objects.filter(instance=here.instance).order_by("-version")
    for number in rows.values_list("version", flat=True)[1 : BEFORE + 1]:
        earlier = _earlier(here.instance, here.anchor, number)
        found = _of(earlier, keyid) if earlier is not None else None
        if found is not None:
            return found
    return None


def _of(directory: Directory, keyid: str) -> tuple[str, bytes] | None:
    try:
        peer, key = directory.signer(keyid)
    except Refused:
        return None
    return peer.server, key


@lru_cache(maxsize=BEFORE)
def _earlier(instance: str, anchor: str, number: int) -> Directory | None:
    """Judged once: a directory that is kept does not change."""
    row = KnownDirectory.objects.get(instance=instance, version=number)
    try:
        return voices.believed(row.document, [anchor], None, instance)
    except NotADirectory:
        return None
