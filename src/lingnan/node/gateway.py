"""The gateway's process: `python -m lingnan.node.gateway HOST PORT`.

Three ways in: other nodes at PORT (mutual TLS), information systems of this node's bodies at
PORT + 1 (mutual TLS, certificates of this node), and the node's own processes at a socket file.
"""

import asyncio
import logging
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import django
import uvloop

THREADS, EVERY = 8, 1.0
logger = logging.getLogger(__name__)
_T = TypeVar("_T")
Application = Callable[..., Any]


class Gateway:
    """The applications of a node, made anew when its membership or its directory changes."""

    def __init__(self, host: str, port: int) -> None:
        from django.conf import settings

        from lingnan.kernel.exchange.federation import own
        from lingnan.kernel.exchange.federation.present import Present
        from lingnan.kernel.exchange.messages import channels, serving
        from lingnan.kernel.trust.api import key_channels

        self.host, self.port = host, port
        self.present = Present(settings.GATEWAY_SOCKET)
        self.pool = ThreadPoolExecutor(THREADS, "answers")
        self.channel = own.channel()
        self.peers = channels.Door(self.channel, [key_channels.root()])
        self.taken: set[str] = set()
        self.systems = channels.of_server(self.channel, [key_channels.root()])
        self.provider: Application = _not_joined
        self.consumer: Application = _not_joined
        self.door: serving.Server | None = None
        self.sockets = [
            (self._served("provider"), self.peers.context, serving.listening(host, port)),
            (self._served("consumer"), self.systems, serving.listening(host, port + 1)),
            (self._served("consumer"), None, serving.listening_at(settings.GATEWAY_SOCKET)),
        ]

    def _served(self, name: str) -> Callable[..., Any]:
        async def application(scope: Any, receive: Any, send: Any) -> None:
            await getattr(self, name)(scope, receive, send)

        return application

    async def run(self, call: Callable[[], _T]) -> _T:
        """In a thread, where it may wait for the database."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, _closing(call))

    async def serve(self) -> None:
        from lingnan.kernel.exchange.messages import serving

        stopping, loop = asyncio.Event(), asyncio.get_running_loop()
        for ending in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(ending, stopping.set)
        self.started = time.time()
        await self._open()
        watching = asyncio.create_task(self._watch())
        try:
            servers = [(serving.server(app, context), at) for app, context, at in self.sockets]
            self.door = servers[0][0]
            await serving.serve(servers, stopping)
        finally:
            watching.cancel()
            await self.connections.close()

    async def _open(self) -> None:
        from django.conf import settings

        from lingnan.kernel.exchange.messages.connections import Connections
        from lingnan.kernel.exchange.messages.seen import Seen
        from lingnan.kernel.exchange.messages.witnessing import EvidenceWitness
        from lingnan.kernel.trust.evidence.asynchronous import AsyncClient

        writer = Path(settings.EVIDENCE_SOCKET or "")
        self.witness = EvidenceWitness(AsyncClient(writer))
        self.connections, self.seen = Connections(), Seen(self.started)
        await self._reload()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self._reload()
            except Exception:
                # What is known goes on; it expires by itself.
                logger.exception("the gateway could not read its state anew")

    async def _reload(self) -> None:
        if await self.run(self.present.load):
            try:
                await self._made()
            except BaseException:
                self.present.forget()
                raise

    async def _made(self) -> None:
        """The applications for who this node is now."""
        from lingnan.kernel.exchange import agreements, catalogue
        from lingnan.kernel.exchange.federation import directories, own
        from lingnan.kernel.exchange.federation.partners import crossing
        from lingnan.kernel.exchange.messages import channels, voices
        from lingnan.kernel.exchange.messages.carrying import NodeWire
        from lingnan.kernel.exchange.messages.consuming import Consumer
        from lingnan.kernel.exchange.messages.offerings import Addresses, Together
        from lingnan.kernel.exchange.messages.own_services import OwnServices
        from lingnan.kernel.exchange.messages.providing import Provider
        from lingnan.kernel.exchange.messages.relaying import Relay
        from lingnan.kernel.exchange.messages.resources import Resources
        from lingnan.kernel.exchange.messages.set_services import SetServices
        from lingnan.kernel.exchange.sources.offering import Tables
        from lingnan.kernel.exchange.traffic.observing import Observed
        from lingnan.kernel.trust.api import key_channels

        here, present = self.present.here, self.present
        assert here is not None
        self.channel = await self.run(own.channel)
        channels.show(self.systems, self.channel)
        channels.trust(self.systems, [await self.run(key_channels.root)])
        self._taken({*present.roots(), await self.run(key_channels.root)})
        speaker = await self.run(lambda: voices.own(here.server))
        witness = self.witness
        callers = channels.Callers(self.channel)
        wire = NodeWire(self.connections, callers, here.server, present.hop)
        known = present.known
        holders = directories.holders(known.homes, here.server) if known else {}
        services = own.member(here.instance, here.owner, own.OWN_SYSTEM)
        beyond = crossing.made(crossing.Parts(
            here, speaker, present.directory, present.partners, holders, wire,
            Relay(here.server, wire, witness), present, witness, self.seen, self.run,
        ))  # fmt: skip
        offering = Together(
            OwnServices(services, _own_services(), _changing(), self.run, _direct()),
            Addresses(
                lambda: present.addresses, self.connections, agreements.resources_open_to, self.run
            ),
            Tables(here.instance, catalogue.offered, self.run),
            SetServices(here.instance, holders, self.run),
            Resources(here.instance, holders, self.run),
            beyond.opening,
        )
        provider = Provider(
            speaker, present.directory, offering, witness, self.seen, beyond.relay, beyond.answers
        )  # fmt: skip
        consumer = Consumer(speaker, present.directory, wire, present, witness, beyond.asks)
        self.provider = Observed(provider, here.server, present.directory, provides=True)
        self.consumer = Observed(consumer, here.server, present.directory, provides=False)

    def _taken(self, roots: set[str]) -> None:
        """Whose channels are taken from now on; where somebody's are no more, those that are open
        end, and who may comes again."""
        self.peers.change(self.channel, sorted(roots))
        if self.taken - roots and self.door is not None:
            self.door.drop()
        self.taken = roots


def _own_services() -> dict[str, Any]:
    from lingnan.kernel.exchange import afar, holders
    from lingnan.kernel.exchange.aggregates import telling as figures
    from lingnan.kernel.exchange.federation.partners import sharing
    from lingnan.kernel.exchange.following import asking, delivering, inbox, taking
    from lingnan.kernel.exchange.handing import receiving, sending
    from lingnan.kernel.exchange.handing import taking as handing
    from lingnan.kernel.exchange.introducing import asking as people
    from lingnan.kernel.exchange.introducing import telling as register
    from lingnan.kernel.exchange.tracing import telling as tracing

    return {
        people.INTRODUCE: register.introduce,
        people.TRANSLATE: register.translate,
        tracing.SERVICE: tracing.answer,
        asking.FOLLOW: taking.follow,
        asking.UNFOLLOW: taking.unfollow,
        asking.REPLAY: taking.replay,
        delivering.SERVICE: inbox.take,
        sending.SERVICE: handing.take,
        receiving.MANIFEST: receiving.announce,
        receiving.WHOLE: receiving.finish,
        receiving.WITHDRAW: receiving.withdraw,
        holders.SERVICE: lambda question, client: {"answer": holders.answered(question)},
        sharing.SERVICE: sharing.answer,
        figures.SERVICE: figures.answered,
        afar.SERVICE: lambda question, client: {"answer": afar.standing(question, client)},
    }


def _direct() -> dict[str, Any]:
    """Those that take what is no question: of pieces the evidence keeps the answer alone."""
    from lingnan.kernel.exchange.handing import receiving, systems

    def part(call: Any) -> dict[str, Any]:
        return receiving.take_part(call.client, call.called.path, call.body)

    return {
        receiving.PART: (part, [("PUT", "/{manifest}/{number}")]),
        systems.SERVICE: (systems.answered, systems.ENDPOINTS),
    }


def _changing() -> frozenset[str]:
    """Of these, those that change something: written down before they are acted on."""
    from lingnan.kernel.exchange.following import asking, delivering
    from lingnan.kernel.exchange.handing import receiving, sending

    told = {asking.FOLLOW, asking.UNFOLLOW, asking.REPLAY, delivering.SERVICE, sending.SERVICE}
    return frozenset(told | {receiving.MANIFEST, receiving.WHOLE, receiving.WITHDRAW})


def _closing(call: Callable[[], _T]) -> Callable[[], _T]:
    def run() -> _T:
        from django.db import close_old_connections

        try:
            return call()
        finally:
            close_old_connections()

    return run


async def _not_joined(scope: Any, receive: Any, send: Any) -> None:
    """What a gateway says before its node belongs to an instance."""
    from lingnan.kernel.exchange.messages import asgi
    from lingnan.kernel.exchange.messages.refusals import Refused

    if scope["type"] == "http":
        refused = Refused("OutdatedGlobalConf", "this node has not joined yet", 503)
        await asgi.reply(send, asgi.refusal(refused, "ServerProxy"))


def main() -> int:
    django.setup()
    logging.basicConfig(level=logging.WARNING)
    from lingnan.kernel.exchange.messages import serving
    from lingnan.kernel.exchange.traffic import keeping

    keeping.begin()
    host, port = sys.argv[1], int(sys.argv[2])
    try:
        gateway = Gateway(host, port)
    except OSError as problem:
        print(f"lingnan: gateway at {host}:{port}: {problem}", flush=True)
        return 1
    serving.settle()
    uvloop.run(gateway.serve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
