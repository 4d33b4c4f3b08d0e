"""A node that is reached through another: which way a message goes, and what is passed on."""

import asyncio
from dataclasses import replace

import pytest

from lingnan.kernel.exchange.messages.consuming import Consumer
from lingnan.kernel.exchange.messages.directory import Directory
from lingnan.kernel.exchange.messages.providing import Provider
from lingnan.kernel.exchange.messages.refusals import Refused
from lingnan.kernel.exchange.messages.relaying import Relay
from lingnan.kernel.exchange.messages.seen import Seen
from lingnan.standards import xroad
from tests.messages.nodes import MARKET, POLICE, POPULATION, directory, keeper
from tests.messages.passing import Log, Loop, Offer, Systems, asked

PROVINCE, CITY, COUNTY, OTHER = (keeper(c) for c in ("440000", "440300", "440305", "440100"))


def known(**via: str) -> Directory:
    """The county is reached through the city alone, where nothing else is said."""
    via = {"county": CITY.server} | via
    return directory(
        PROVINCE.peer(POLICE),
        replace(CITY.peer(), via=via.get("city", "")),
        replace(COUNTY.peer(MARKET), via=via["county"]),
        OTHER.peer(),
        homes={POPULATION: PROVINCE.server},
    )


def test_each_hop_leads_on() -> None:
    found = known()
    for here, target, step in (
        (PROVINCE, COUNTY, CITY), (CITY, COUNTY, COUNTY), (OTHER, COUNTY, CITY),
        (COUNTY, PROVINCE, CITY), (CITY, PROVINCE, PROVINCE), (COUNTY, CITY, CITY),
        (PROVINCE, CITY, CITY), (COUNTY, COUNTY, COUNTY),
    ):  # fmt: skip
        hop = found.hop(found.peer(target.server), here.server)
        assert hop.server == step.server, (here.server, target.server)


def test_a_way_in_a_circle_is_none() -> None:
    found = known(city=COUNTY.server)
    with pytest.raises(Refused, match="through itself"):
        found.hop(found.peer(COUNTY.server), PROVINCE.server)


class Through:
    """The county's consumer, the city that passes on, the province that answers."""

    def __init__(self) -> None:
        found, self.city_log, self.seen = known(), Log(), Log()
        self.last, first = Loop(), Loop()
        offer = Offer()
        self.last.provider = Provider(PROVINCE.speaker, lambda: found, offer, self.seen, Seen(0))
        relay = Relay(CITY.server, self.last, self.city_log)
        first.provider = Provider(
            CITY.speaker, lambda: found, Offer(), self.city_log, Seen(0), relay
        )
        self.first = first
        self.sent = Log()
        self.consumer = Consumer(
            COUNTY.speaker, lambda: found, first, Systems(frozenset({MARKET})), self.sent
        )

    async def ask(self, body: bytes = b"{}") -> tuple[int, dict[str, str], bytes]:
        told = {xroad.CLIENT: f"{MARKET}/online_services"}
        return await asked(self.consumer, "POST", f"/r1/{POPULATION}/identity", told, body)


def test_what_is_passed_on_is_signed_from_end_to_end_and_written_down_three_times() -> None:
    through = Through()
    status, _fields, body = asyncio.run(through.ask(b"who?"))
    assert (status, body) == (200, b"echo:who?")
    assert through.city_log.kinds == ["message.relayed"]
    assert through.seen.kinds[-1] == "message.answered" and through.sent.kinds == ["message.sent"]
    passed = through.city_log.entries[0][1]
    assert passed["node"] == COUNTY.server and passed["to"] == PROVINCE.server
    assert "who?" not in str(passed)
    assert passed["signature"] == through.seen.entries[-1][1]["signature"]


def test_who_passes_on_can_change_nothing() -> None:
    through = Through()
    through.last.spoil = lambda request, body: (request, body + b" and more")
    status, fields, _body = asyncio.run(through.ask())
    assert status != 200 and "InvalidBody" in fields[xroad.ERROR]


def test_nothing_is_passed_on_that_is_not_written_down() -> None:
    through = Through()
    through.city_log.down = True
    status, _fields, _body = asyncio.run(through.ask())
    assert status == 503 and not through.seen.entries


def test_only_what_belongs_on_this_way_is_passed_on() -> None:
    """The city passes on for the county; others reach the province by themselves."""
    through, found = Through(), known()
    stranger = Consumer(
        OTHER.speaker,
        lambda: replace(found, peers=tuple(
            replace(one, members=frozenset({MARKET})) if one.server == OTHER.server else one
            for one in found.peers
        )),
        through.first, Systems(frozenset({MARKET})), Log(),
    )  # fmt: skip
    told = {xroad.CLIENT: f"{MARKET}/online_services"}
    answer = asyncio.run(asked(stranger, "POST", f"/r1/{POPULATION}/identity", told, b"{}"))
    assert answer[0] != 200 and "InvalidSecurityServer" in answer[1][xroad.ERROR]
    assert not through.city_log.entries and not through.seen.entries
