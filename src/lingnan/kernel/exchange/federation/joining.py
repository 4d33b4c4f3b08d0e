"""The side of a node that joins an instance: `./lingnan join URL`, hop by hop.

Every step says what it found, so that a failing hop is named: this node's own gateway, the way to
the portal, the invitation, the way back, the directory and whose it is, and a first message.
"""

import base64
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lingnan.kernel.exchange.federation import calling, directories, inviting, own
from lingnan.kernel.exchange.federation.calling import Failed
from lingnan.kernel.exchange.federation.inviting import Word
from lingnan.kernel.exchange.messages import channels, voices
from lingnan.kernel.exchange.messages.directory_text import NotADirectory
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import (
    Body,
    EvidenceUnavailable,
    consents,
    key_channels,
    node_evidence,
)

JOIN, RENEW, DIRECTORY = "/exchange/join", "/exchange/renew", "/exchange/directory"
PATIENCE = 30.0
logger = logging.getLogger(__name__)
foreign = consents.foreign

WORDS = {
    "address": Title("网址不是邀请地址", "the address is not that of an invitation"),
    "name": Title("主机名解析不到", "the host's name is known to nobody here"),
    "reach": Title("主机连不上", "the host cannot be reached"),
    "tls": Title("安全连接（TLS）建立不起来", "no secure channel (TLS) comes about"),
    "answer": Title("对方没有按约定应答", "the other side does not answer as agreed"),
    "own_name": Title("本节点没有名称", "this node has no name: ./lingnan up --node NAME"),
    "own_gateway": Title("本节点的网关没有运行", "this node's own gateway is not running"),
    "other": Title("本节点已加入另一实例", "this node belongs to another instance"),
    "invitation": Title("邀请不存在或者已更换", "there is no such invitation"),
    "invitation_over": Title("邀请已过期", "the invitation is over"),
    "code": Title("邀请的是另一名称的节点", "the invitation is for a node of another name"),
    "taken": Title("该名称已由另一节点使用", "another node has joined by this name"),
    "url": Title("网关地址须以 https:// 开头", "the gateway's address begins with https://"),
    "keys": Title("公钥不可用", "the keys cannot be used"),
    "systems": Title("有系统不在邀请范围内", "a system that the invitation does not name"),
    "untrusted": Title("签名不成立", "what was said is not signed as it must be"),
    "clock": Title("两台机器的时间不一致", "the two machines' clocks differ"),
    "founder": Title("对方不是实例的发起节点", "that node did not found an instance"),
    "unknown": Title("对方不认识本节点", "that node does not know this one"),
    "directory": Title("成员目录不可信", "the directory cannot be believed"),
    "back_name": Title(
        "对方解析不到本节点的主机名", "the other side cannot resolve our host's name"
    ),
    "back_reach": Title("对方连不上本节点的网关", "the other side cannot reach our gateway"),
    "back_tls": Title("对方连到的不是本节点", "what the other side reaches there is not this node"),
    "back_answer": Title("本节点的网关没有应答对方", "our gateway does not answer the other side"),
}


class NotJoined(Exception):
    """`why` is one of WORDS; `detail` says where."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why, self.detail = why, detail


@dataclass(frozen=True)
class Step:
    """A hop that was passed."""

    title: Title
    detail: str


def join(url: str) -> Iterator[Step]:
    """Join by the address of an invitation. Raises NotJoined at the hop that fails."""
    try:
        word = Word.read(url)
    except ValueError:
        raise NotJoined("address", url[:80]) from None
    yield _own_gateway()
    answer = _reached(word)
    yield Step(Title("对方门户", "the other portal"), f"{word.portal} · {answer}")
    told = _applied(word)
    directory = _believed(told, word)
    _witness(told["server"], word)
    own.belong(told["instance"], told["server"], word.portal, word.anchor)
    yield Step(Title("加入", "joined"), told["server"])
    hours = (directory.expires - datetime.now(UTC)).total_seconds() / 3600
    yield Step(
        Title("成员目录", "directory"),
        f"{directory.instance} v{directory.version} · {len(directory.servers)} nodes · "
        f"{len(directory.names)} members · {hours:.0f} h",
    )


def application(**more: Any) -> Any:
    """What this node says of itself, signed by its key for messages."""
    named = own.named()
    members = Body.objects.filter(ended=False).values_list("code", flat=True)
    by = voices.certified(named.code)
    said = {
        "code": named.code,
        "url": named.gateway,
        "keys": {voices.keyid(by.certificate.dump()): _base64(by.key.public.der)},
        "homes": [list(pair) for pair in directories.homes_here(list(members))],
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    return foreign.signed(said | more, by)


def renew(here: own.Own) -> None:
    """Tell the founder what may have changed since. Raises NotJoined."""
    shown = application(server=here.server, homes=answers_for(here))
    _answered(here.parent, RENEW, {"application": shown.plain()})


def announce() -> None:
    """What this node answers for has changed: it is said at once where that is possible, else the
    worker's next round says it."""
    try:
        here = own.membership()
        if here.founded:
            directories.publish(here)
        else:
            renew(here)
            refresh(here)
    except (own.NotNamed, NotJoined, EvidenceUnavailable) as why:
        logger.warning("not announced yet: %s", why)


def refresh(here: own.Own) -> None:
    """Ask for the newest directory. Raises NotJoined; the last one that is known goes on."""
    try:
        said = calling.get(here.parent, DIRECTORY)
    except Failed as failed:
        raise NotJoined(failed.hop, failed.detail) from None
    try:
        directories.keep(said.body, here.instance, here.anchor)
    except NotADirectory as problem:
        raise NotJoined("directory", str(problem)) from None


def answers_for(here: own.Own) -> list[list[str]]:
    """[body, system] of what this node answers for: of bodies for which it may speak."""
    known = directories.known(here.instance, here.anchor)
    spoken = known.peer(here.server).members if known is not None else frozenset()
    codes = [one.member for one in spoken]
    return [list(pair) for pair in directories.homes_here(codes)]


def _own_gateway() -> Step:
    try:
        named = own.named()
    except own.NotNamed:
        raise NotJoined("own_name") from None
    try:
        context = channels.of_client(own.channel(), key_channels.root())
        calling.channel(named.gateway, context, named.code)
    except Failed as failed:
        raise NotJoined("own_gateway", failed.detail) from None
    return Step(Title("本节点网关", "this node's gateway"), f"{named.code} · {named.gateway}")


def _reached(word: Word) -> str:
    try:
        said = calling.get(word.portal, DIRECTORY)
    except Failed as failed:
        raise NotJoined(failed.hop, failed.detail) from None
    if said.status != 200:
        raise NotJoined("founder", f"{said.status}")
    return "200"


def _applied(word: Word) -> dict[str, Any]:
    """The founder's answer, which says who this node is."""
    homes = _homes_invited(word)
    shown = application(invitation=word.digest, homes=homes)
    told = {
        "application": shown.plain(),
        "proof": inviting.proof(word.secret, shown.document),
    }
    said = _answered(word.portal, JOIN, told)
    if not all(isinstance(said.get(name), str) for name in ("instance", "server")):
        raise NotJoined("answer", word.portal)
    return said


def _homes_invited(word: Word) -> list[list[str]]:
    """What this node answers for, of the bodies that the invitation names."""
    said = _answered(word.portal, f"{JOIN}/terms", {"invitation": word.digest})
    bodies = [str(one) for one in said.get("members", [])]
    systems = [str(one) for one in said.get("systems", [])]
    found = directories.homes_here(bodies)
    return [[body, system] for body, system in found if not systems or system in systems]


def _answered(portal: str, path: str, told: dict[str, Any]) -> dict[str, Any]:
    try:
        said = calling.post(portal, path, told, PATIENCE)
    except Failed as failed:
        raise NotJoined(failed.hop, failed.detail) from None
    if said.status != 200:
        why = str(said.body.get("why", ""))
        detail = str(said.body.get("detail", f"{portal}{path}: {said.status}"))
        raise NotJoined(why if why in WORDS else "answer", detail[:300])
    return said.body


def _believed(told: dict[str, Any], word: Word) -> Any:
    try:
        return directories.keep(told["directory"], told["instance"], word.anchor)
    except (NotADirectory, KeyError) as problem:
        raise NotJoined("directory", str(problem)) from None


def _witness(server: str, word: Word) -> None:
    told = {"node": server, "portal": word.portal, "anchor": word.anchor}
    node_evidence.write([node_evidence.entry("federation.belongs", told, [])])


def _base64(key: bytes) -> str:
    return base64.b64encode(key).decode()
