"""The founder's side of joining: an application is judged, and the node named in the directory."""

import hmac
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from lingnan.kernel.exchange.federation import calling, directories, inviting, own
from lingnan.kernel.exchange.federation.calling import Failed
from lingnan.kernel.exchange.federation.models import InstanceNode, Invitation
from lingnan.kernel.exchange.federation.own import Own
from lingnan.kernel.exchange.messages import channels, directory_text
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import consents, node_evidence

logger = logging.getLogger(__name__)
foreign = consents.foreign
LONGEST = 2_000_000
PURPOSE = "message"
SYSTEM = re.compile(r"[a-z][a-z0-9_]{1,39}")


class NotTaken(Exception):
    """An application that is refused; `why` is one of the words of `joining.WORDS`."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why} {detail}")
        self.why, self.detail = why, detail


def take(here: Own, told: Mapping[str, Any]) -> dict[str, Any]:
    """A node joins: who it is within the instance, and the directory that names it.

    Asked again with the same word by the same node, it is answered again. Raises NotTaken,
    EvidenceUnavailable, KeyStoreUnavailable.
    """
    said, root = _genuine(told.get("application"))
    text = str(dict(told["application"])["document"])
    invitation = _invitation(said, text, str(told.get("proof", "")))
    node = _read(said, invitation)
    server = own.server_of(here.instance, invitation.owner, invitation.code)
    if not invitation.via:
        _called_back(node["url"], root, invitation.code)
    values = node | {"server": server, "root": root, "members": invitation.members,
                     "via": invitation.via, "invitation": invitation.digest}  # fmt: skip
    _entered(values)
    directory = directories.publish(here)
    row = directories.newest(here.instance)
    assert row is not None
    return {"instance": directory.instance, "server": server, "directory": row.document}


def renew(here: Own, told: Mapping[str, Any]) -> None:
    """A node that joined tells another address, key or system; under the root that is known, or
    one that a link leads to. Raises NotTaken, EvidenceUnavailable."""
    said, root = _genuine(told.get("application"))
    row = InstanceNode.objects.filter(server=str(said.get("server")), ended=False).first()
    if row is None:
        raise NotTaken("unknown")
    try:
        shown = foreign.Shown.read(told.get("application"), LONGEST)
        foreign.said(shown, [foreign.digest_of(row.root)], PURPOSE)
    except foreign.NotGenuine as problem:
        raise NotTaken("untrusted", str(problem)) from None
    at = str(said.get("at", ""))
    if abs((datetime.now(UTC) - _moment(at)).total_seconds()) > 300:
        raise NotTaken("clock", at)
    invitation = Invitation.objects.get(digest=row.invitation)
    values = _read(said, invitation) | {"root": root}
    if any(getattr(row, name) != value for name, value in values.items()):
        _entered(values | {"server": row.server})
        directories.publish(here)


def shut_out(here: Own, server: str, by: str) -> None:
    """A node is named no more; what it signs from now on is believed by nobody who has heard."""
    row = InstanceNode.objects.filter(server=server, ended=False).first()
    if row is None:
        return
    _witness("federation.shut_out", {"node": server, "actor": by})
    with action(by=by, reason="shut out of the instance") as act:
        act.end(row)
    directories.publish(here)


def _genuine(application: Any) -> tuple[dict[str, Any], str]:
    """What a node says of itself, and the root (PEM) under which it says so. Whose root that is,
    the invitation tells."""
    try:
        shown = foreign.Shown.read(application, LONGEST)
        root = "-----BEGIN" + shown.chain.rstrip().rpartition("-----BEGIN")[2] + "\n"
        said, _root = foreign.said(shown, [foreign.digest_of(root)], PURPOSE)
    except (foreign.NotGenuine, ValueError) as problem:
        raise NotTaken("untrusted", str(problem)) from None
    return said, root


def _invitation(said: Mapping[str, Any], text: str, proof: str) -> Invitation:
    found = Invitation.objects.filter(digest=str(said.get("invitation", ""))[:64]).first()
    if found is None:
        raise NotTaken("invitation")
    expected = inviting.proof(found.secret, text)
    if not hmac.compare_digest(proof.encode(), expected.encode()):
        raise NotTaken("invitation")
    if found.until < datetime.now(UTC):
        raise NotTaken("invitation_over")
    if said.get("code") != found.code:
        raise NotTaken("code", found.code)
    return found


def _read(said: Mapping[str, Any], invitation: Invitation) -> dict[str, Any]:
    """Address, keys and systems of the node. Raises NotTaken."""
    url, keys = str(said.get("url", "")), said.get("keys")
    if not url.startswith("https://") or len(url) > 200:
        raise NotTaken("url", url[:200])
    try:
        directory_text.keys_of(keys, invitation.code)
    except directory_text.NotADirectory as problem:
        raise NotTaken("keys", str(problem)) from None
    homes = []
    for pair in list(said.get("homes") or [])[:200]:
        body, system = (str(one) for one in list(pair)[:2])
        allowed = not invitation.systems or system in invitation.systems
        if body not in invitation.members or not SYSTEM.fullmatch(system) or not allowed:
            raise NotTaken("systems", f"{body}/{system}"[:120])
        homes.append([body, system])
    return {"url": url.rstrip("/"), "keys": keys, "homes": homes}


def _called_back(url: str, root: str, code: str) -> None:
    """Whether the node answers at its gateway by its name, under its root. Raises NotTaken."""
    try:
        context = channels.of_client(own.channel(), root)
        calling.channel(url, context, code, speak=False)
    except Failed as failed:
        raise NotTaken(f"back_{failed.hop}", failed.detail) from None


def _entered(values: Mapping[str, Any]) -> None:
    """The evidence first; the same node that asks again changes nothing."""
    row = InstanceNode.objects.filter(server=values["server"]).first()
    if row is not None and not row.ended and row.root != values["root"] and "invitation" in values:
        raise NotTaken("taken")
    if row is not None and row.ended and row.invitation == values.get("invitation"):
        # Who was shut out needs another invitation.
        raise NotTaken("invitation")
    kept = {name: values[name] for name in ("server", "url", "homes")}
    kept["root"] = foreign.digest_of(values["root"])
    _witness("federation.joined", kept)
    with transaction.atomic(), action(by="node", reason="joined the instance") as act:
        if row is None:
            act.create(InstanceNode, **values)
        else:
            act.change(row, **{**values, "ended": False})


def _witness(kind: str, told: dict[str, Any]) -> None:
    told |= {"legal_time": legal_time.now().isoformat()}
    node_evidence.write([node_evidence.entry(kind, told, [])])


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise NotTaken("clock", text[:40]) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
