"""Files handed over in parts, both nodes in this process: the way between them, and what goes."""

import hashlib
import random
import sys
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.utils import timezone

from lingnan.kernel.exchange import elsewhere, outward
from lingnan.kernel.exchange.handing import (
    manifests,
    offering,
    parting,
    receiving,
    store,
)
from lingnan.kernel.exchange.handing.manifests import Manifest
from lingnan.kernel.exchange.models import HandedIn, Handover
from lingnan.kernel.exchange.outward import Question, Said, Streamed
from lingnan.kernel.trust.api import consents
from lingnan.standards.xroad import Identifier, Service

OWN = Identifier("CN-GD", "GOV", "gd-440000-data", "exchange")
SERVER = "CN-GD/GOV/gd-440000-data/province"
MODULE = "lingnan.systems.government.justice_network.handed"
SENDER, RECEIVER, SYSTEM = "gd-440000-police", "gd-440000-market", "justice_network"
PART = 4096
DATA = {"一.csv": random.Random(1).randbytes(3 * PART + 100), "空.txt": b"",
        "b.bin": random.Random(2).randbytes(2 * PART)}  # fmt: skip


class AtOnce:
    """A pool that does what it is given, in this thread."""

    def __init__(self, *_: Any) -> None:
        pass

    def __enter__(self) -> "AtOnce":
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def submit(self, call: Callable[..., Any], *words: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        try:
            done.set_result(call(*words))
        except Exception as fault:
            done.set_exception(fault)
        return done


class Between:
    """The way to the other node. `before` is called with each question on its way."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.taken: list[HandedIn] = []
        self.asked: list[Question] = []
        self.before: Callable[[Question], None] = lambda question: None
        self.problem: Exception | None = None
        self._there = monkeypatch

    def ask(self, question: Question, deadline: float) -> Said:
        self.before(question)
        self.asked.append(question)
        with self._there.context() as there:
            there.setattr(elsewhere, "node_of", lambda body: None)
            there.setattr(elsewhere, "speaks_here", lambda body: body == RECEIVER)
            return self._answered(question)

    def _answered(self, question: Question) -> Said:
        try:
            return Said(200, self._handled(question))
        except PermissionError as refused:
            return Said(500, {"message": str(refused)}, "Server.ServerProxy.AccessDenied")
        except ValueError as refused:
            return Said(400, {"message": str(refused)}, "Client.BadRequest")
        except store.NoRoom as full:
            return Said(507, {"message": str(full)}, "Server.ServerProxy.InsufficientStorage")
        except OSError:
            return Said(503, {}, "Server.ServerProxy.ServiceFailed")

    def _handled(self, question: Question) -> dict[str, Any]:
        body, asks = question.body, question.client
        if isinstance(body, Streamed):
            return receiving.take_part(asks, question.path, b"".join(body.pieces))
        handlers = {receiving.MANIFEST: receiving.announce, receiving.WHOLE: receiving.finish,
                    receiving.WITHDRAW: receiving.withdraw}  # fmt: skip
        return handlers[question.service.code](dict(body), asks)

    def handed_files(self, arrived: HandedIn) -> None:
        if self.problem is not None:
            raise self.problem
        self.taken.append(arrived)

    @property
    def parts(self) -> list[str]:
        return [one.path.rpartition("/")[2] for one in self.asked if one.path]


def begun(number: str = "F-1", receiver: str = RECEIVER, **more: Any) -> Handover:
    files = [(name, "text/csv", len(data)) for name, data in DATA.items()]
    return offering.begin(SYSTEM, "files", number, files, sender=SENDER, receiver=receiver,
                          by="a test", case="A-1", **more)  # fmt: skip


def filled(number: str = "F-1", receiver: str = RECEIVER, **more: Any) -> Handover:
    one = begun(number, receiver, **more)
    for at, data in enumerate(DATA.values()):
        half = len(data) // 2
        for start, end in ((0, half), (half, len(data))):
            if start < end:
                offering.write(one, at, start, data[start:end])
    offering.close(one)
    return one


def later(hours: float) -> Any:
    return timezone.now() + timedelta(hours=hours)


def rounds(most: int = 12) -> None:
    for hour in range(most):
        parting.run(later(hour))


def kept(arrived: HandedIn) -> dict[str, bytes]:
    return {
        file["name"]: store.file_of(store.KEPT, arrived.ref, at).read_bytes()
        for at, file in enumerate(arrived.files)
    }


def manifest() -> Manifest:
    whole = b"".join(DATA.values())
    leaves = b"".join(
        hashlib.sha256(whole[at : at + PART]).digest() for at in range(0, len(whole), PART)
    )
    files = tuple(
        manifests.File(name, "text/csv", len(data), hashlib.sha256(data).hexdigest())
        for name, data in DATA.items()
    )
    return Manifest(SYSTEM, "files", "F-1", SENDER, RECEIVER, "", "", "A-1", files, PART, leaves)


def refused(way: Between, asked: dict[str, Any]) -> str:
    question = Question(OWN, service(receiving.MANIFEST), asked)
    said = way.ask(question, 1.0)
    assert said.refused and said.body["message"]
    return str(said.body["message"])


def service(code: str) -> Service:
    return Service(OWN, code)


def part(path: str, data: bytes) -> Question:
    return Question(OWN, service("part"), Streamed(len(data), [data]), method="PUT", path=path)


def standing(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Between:
    """Both nodes, the receiver's with a system that takes files."""
    between = Between(monkeypatch)
    module = ModuleType(MODULE)
    vars(module).update(handed_files=between.handed_files, __spec__=ModuleSpec(MODULE, None))
    monkeypatch.setitem(sys.modules, MODULE, module)
    root = consents.foreign.root_digest()
    monkeypatch.setattr(elsewhere, "node_of", lambda body: SERVER if body == RECEIVER else None)
    monkeypatch.setattr(elsewhere, "node", lambda server: elsewhere.Node(SERVER, OWN, root))
    monkeypatch.setattr(elsewhere, "own_services", lambda: OWN)
    monkeypatch.setattr(elsewhere, "server_of", lambda asks: SERVER if asks == OWN else None)
    monkeypatch.setattr(elsewhere, "speaks_for", lambda server, body: body == SENDER)
    monkeypatch.setattr(outward, "ask", between.ask)
    monkeypatch.setattr(parting, "ThreadPoolExecutor", AtOnce)
    monkeypatch.setattr(manifests, "PART", PART)
    monkeypatch.setattr(store, "base", lambda: folder)
    return between
