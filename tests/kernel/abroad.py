"""Another instance in one process: its gate has keys of its own, its directory stands under this
node's root (two real ones, each with its root, stand in `tests/node`)."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from cryptography.hazmat.primitives.asymmetric import ec

from lingnan.kernel.exchange.api import partners
from lingnan.kernel.exchange.federation import directories, own
from lingnan.kernel.exchange.federation.partners import present
from lingnan.kernel.exchange.federation.partners.serving import ForPartners
from lingnan.kernel.exchange.messages import signing, voices
from lingnan.kernel.exchange.messages.directory import Directory, Peer
from lingnan.kernel.exchange.messages.providing import Provider
from lingnan.kernel.exchange.messages.seen import Seen
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Account, Actor, actor_of, node_evidence
from lingnan.standards import xroad
from lingnan.standards.http_signatures import Message
from lingnan.standards.xroad import Identifier
from tests.messages.nodes import Keeper
from tests.messages.passing import Log, Offer, asked

INSTANCE = "HK"
REGISTRY = Identifier(INSTANCE, "GOV", "hk-registry", "regional_cooperation")
TALKS = Identifier(INSTANCE, "GOV", "hk-data", "exchange")
FIRMS = "legal_persons.lists_of_organisation"
FIRM_ELEMENTS = {"enterprise.state": {"zh": "存续状态", "en": "State"}}
BASIS = "《企业信息公示暂行条例》（2014-08-07）第十八条"
OFFICER, HEAD = "440000-data-data_officer", "440000-data-head"


def official(login: str) -> Actor:
    found = actor_of(Account.objects.get(login=login))
    assert found is not None
    return found


@dataclass
class Harbour:
    """The other side: what it signs, and the directory that names it."""

    keeper: Keeper = field(
        default_factory=lambda: Keeper(
            "HK/GOV/hk-data/harbour", ec.generate_private_key(ec.SECP256R1())
        )
    )

    def directory(self, version: int = 1, hours: int = 72, **changes: Any) -> Directory:
        told = frozenset(Identifier(*one.parts[:3]) for one in (REGISTRY, TALKS))
        peer = Peer(self.keeper.server, "https://127.0.0.1:1",
                    {self.keeper.keyid: self.keeper.public}, told)  # fmt: skip
        now = datetime.now(UTC)
        names = {Identifier(*REGISTRY.parts[:3]): "公司注册处（合成）"}
        found = Directory(INSTANCE, version, now - timedelta(hours=1), now + timedelta(hours=hours),
                          (peer,), {TALKS: self.keeper.server}, names)  # fmt: skip
        return replace(found, **changes)

    def entered(self, kind: str = "region", **changes: Any) -> partners.Partner:
        """Known here from now on, as `entering.enter` leaves it."""
        here = own.membership()
        with action(by="a test", reason="entered") as act:
            made = act.create(
                partners.Partner, instance=INSTANCE, kind=kind, title_zh="香港特别行政区",
                title_en="Hong Kong SAR", portal="http://127.0.0.1:1", node="harbour",
                anchor=here.anchor,
            )  # fmt: skip
        told = voices.published(self.directory(**changes))
        partners.directories.keep(told, made, directories.known(here.instance, here.anchor))
        return made


class Line:
    """What this node's gateway says to messages that the other side signed."""

    def __init__(self, harbour: Harbour) -> None:
        here = own.membership()
        known = directories.known(here.instance, here.anchor)
        assert known is not None
        self.here, self.harbour, self.log = here, harbour, Log()
        run = lambda call: sync_to_async(call)()  # noqa: E731
        services = own.member(here.instance, here.owner, own.OWN_SYSTEM)
        holders = directories.holders(known.homes, here.server)
        offering = ForPartners(services, holders, run)
        abroad = present.Partners(present.load(), offering, run)
        speaker = voices.own(here.server)
        self.abroad = abroad
        self.provider = Provider(
            speaker, lambda: known, Offer(), self.log, Seen(0), None, abroad
        )  # fmt: skip
        self.home = own.member(here.instance, holders["legal_persons"], "legal_persons")
        self.population = own.member(here.instance, holders["population"], "population")
        self.services = services

    def signed(
        self, path: str, body: Any, client: Identifier = REGISTRY, by: Keeper | None = None
    ) -> tuple[Message, bytes]:  # fmt: skip
        content = json.dumps(body).encode()
        fields = {xroad.CLIENT: str(client), xroad.ID: "case-1", xroad.SERVER: self.here.server}
        keeper = by or self.harbour.keeper
        message = Message(fields, "POST", "", path, "")
        return signing.signed_request(message, content, keeper.speaker), content

    def sent(self, message: Message, content: bytes) -> tuple[int, dict[str, Any], str]:
        """Status, what is said, the error of the gateway."""
        told = async_to_sync(asked)(
            self.provider, message.method, message.path, message.fields, content
        )
        return told[0], json.loads(told[2]), told[1].get(xroad.ERROR, "")

    def ask(self, body: Any, home: Identifier | None = None, code: str = "lists_of_organisation",
            **more: Any) -> tuple[int, dict[str, Any], str]:  # fmt: skip
        return self.sent(*self.signed(f"/r1/{home or self.home}/{code}", body, **more))


def said(partner: partners.Partner, **changes: Any) -> partners.documents.Said:
    """An arrangement about firms, as this side writes it."""
    here, today = own.membership(), legal_time.today()
    plain = partners.documents.Said(
        number=partners.concluding.new_number(), giver=here.instance, asker=INSTANCE,
        kind=partner.kind, anchors={here.instance: here.anchor, INSTANCE: partner.anchor},
        resource=FIRMS, resource_title={"zh": "企业存续状态", "en": "State"},
        subject="organisation", elements=FIRM_ELEMENTS, 
        bodies={"hk-registry": "公司注册处（合成）"},
        purpose="cross_region_credit", purpose_title={"zh": "跨区域核验", "en": "Verified"},
        basis=BASIS, consent=False, per_day=50, since=today.isoformat(),
        until=(today + timedelta(days=90)).isoformat(),
    )  # fmt: skip
    return replace(plain, **changes)


def in_force(partner: partners.Partner, **changes: Any) -> partners.Arrangement:
    """Written, signed by the head, accepted by the other side."""
    one = partners.concluding.draft(said(partner, **changes), official(OFFICER))
    one = partners.concluding.sign(one, official(HEAD))
    # The other side's anchor is this process's root, so this process's key signs for it.
    shown = partners.documents.sign(one.document, own.membership().server)
    told = {"number": one.number, "signature": shown}
    return partners.concluding.came(partner, "accepted", told)


def question(one: partners.Arrangement, **changes: Any) -> dict[str, Any]:
    text = partners.documents.read(one.document)
    asked_ = {
        "arrangement": one.number, "purpose": text.purpose, "case": "HK-2026-1",
        "actor": "an official there", "elements": sorted(text.elements),
        "subject": {"code": firm()},
    }  # fmt: skip
    return {"ask": asked_ | changes}


def firm() -> str:
    from lingnan.systems.government.legal_persons.models import Enterprise

    return str(Enterprise.objects.filter(ended=False).order_by("key")[0].credit_code)


def newest(kind: str) -> dict[str, Any]:
    """The payload of the newest entry of a kind."""
    entry = node_evidence.reader().entries(kind=kind, limit=1)[0]
    assert entry.payload is not None
    return dict(entry.payload)


def resident() -> tuple[str, str]:
    """Number and name of somebody on record."""
    from lingnan.systems.government.population.models import Resident

    one = Resident.objects.filter(ended=False).order_by("key")[0]
    return one.resident_number, one.name
