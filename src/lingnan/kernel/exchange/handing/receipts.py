"""The receipt: what the receiver's node says of what came, under the key by which it speaks.

Whoever knows that node's root can judge it, years later, without either node.
"""

from typing import Any

from lingnan.kernel.exchange import elsewhere
from lingnan.kernel.exchange.handing.manifests import Manifest
from lingnan.kernel.exchange.messages import voices
from lingnan.kernel.trust.api import consents

FORMAT = "lingnan.handover.receipt/1"
LONGEST = 2_000_000


class NotAReceipt(ValueError):
    """It is not by that node, or of something else."""


def given(manifest: Manifest, evidence: int, at: str) -> dict[str, str]:
    """Signed by this node. Raises `KeyStoreUnavailable`."""
    here, _directory = elsewhere.present()
    server = here.server if here is not None else "node"
    said = _said(manifest) | {"node": server, "evidence": evidence, "taken_at": at}
    return consents.foreign.signed(said, voices.certified(server)).plain()


def read(receipt: Any, manifest: Manifest, root: str) -> dict[str, Any]:
    """What a receipt says, by the digest of the root of the node that gave it. Raises
    NotAReceipt."""
    try:
        shown = consents.foreign.Shown.read(receipt, LONGEST)
        said, _root = consents.foreign.said(shown, [root], "message")
    except ValueError as fault:
        raise NotAReceipt(str(fault)) from fault
    for name, value in _said(manifest).items():
        if said.get(name) != value:
            raise NotAReceipt(f"it says another {name}")
    return said


def _said(manifest: Manifest) -> dict[str, Any]:
    texts = ("system", "kind", "number", "sender", "receiver", "purpose", "agreement", "case")
    return {name: getattr(manifest, name) for name in texts} | {
        "format": FORMAT,
        "manifest": manifest.digest,
        "root": manifest.root,
        "part": manifest.part,
        "size": manifest.size,
        "files": [{"name": one.name, "sha256": one.sha256} for one in manifest.files],
    }
