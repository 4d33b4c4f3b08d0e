"""The asking node's side of choosing: what holders at other nodes let a body have counted.

Asked each time, and kept nowhere: an agreement that has ended is no choice any more. What is told
decides nothing; the holder judges the question itself.
"""

import contextlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

from lingnan.kernel.exchange import elsewhere, outward, use_text
from lingnan.kernel.exchange.aggregates.telling import LONGEST, MOST, SERVICE
from lingnan.kernel.exchange.outward import Question
from lingnan.kernel.exchange.use import Unavailable
from lingnan.kernel.registry.statistics.axes import named_categories
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import superiors
from lingnan.standards.xroad import Service

PATIENCE, AT_ONCE, MOST_NAMES = 4.0, 8, 1000
TEXTS = {"number": 40, "resource": 80, "consumer": 40, "purpose": 80, "basis": 200}


@dataclass(frozen=True)
class Grouping:
    """One way to count at another node, as `statistics.axes.Axis` is one here; `names` of its
    categories, as far as the holder tells them."""

    code: str
    kind: str
    named: Title
    names: Mapping[str, Title]

    @property
    def title(self) -> str:
        return str(self.named)

    def choices(self, day: date) -> dict[str, str]:
        return self._words() if self.kind == "choice" else {}

    def labels(self, categories: Sequence[str], day: date) -> dict[str, str]:
        """Places are called as they are here, where they are known here."""
        return named_categories(self.kind, self._words(), categories, day)

    def _words(self) -> dict[str, str]:
        return {code: str(title) for code, title in self.names.items()}


@dataclass(frozen=True)
class Figures:
    """An agreement under which a holder at another node (`server`) counts for a body.

    aim   the purpose in words, as the holder calls it
    by    the ways to count by code; `sums` what may be added up, by field
    """

    number: str
    resource: str
    consumer: str
    purpose: str
    basis: str
    server: str
    title: Title
    aim: Title | None
    until: date | None
    holders: tuple[Title, ...]
    by: Mapping[str, Grouping]
    sums: Mapping[str, Title]

    @property
    def system(self) -> str:
        return self.resource.partition(".")[0]


@dataclass(frozen=True)
class Offered:
    """What nodes have told; `silent` are those that did not, now or in their release."""

    figures: Sequence[Figures]
    silent: Sequence[str]


def homes() -> dict[str, str]:
    """By system that this node does not carry, the node that would be asked."""
    found: dict[str, str] = {}
    for system in sorted({one.system for one in elsewhere.systems()}):
        home = elsewhere.of_system(system)
        found |= {system: home.server} if home is not None else {}
    return found


def offered(body: str, system: str = "") -> Offered:
    """What may be counted for a body elsewhere, of one system or of all; by number."""
    known = homes()
    asked = sorted({server for one, server in known.items() if system in ("", one)})
    said = dict(zip(asked, _answers([_question(one, body) for one in asked]), strict=True))
    own, found = superiors(body) or [body], []
    for server, rows in said.items():
        for row in rows or ():
            # One that cannot be read is not offered; the others are.
            with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):
                one = read(row, server)
                if known.get(one.system) == server and one.consumer in own:
                    found.append(one)
    silent = [server for server, rows in said.items() if rows is None]
    return Offered(sorted(found, key=lambda one: one.number), silent)


def _question(server: str, body: str) -> Question | None:
    there, own = elsewhere.node(server), elsewhere.own_services()
    if there is None or own is None:
        return None
    return Question(own, Service(there.services, SERVICE), {"body": body})


def _answers(questions: Sequence[Question | None]) -> list[list[Any] | None]:
    """Of several nodes at once: each may be down, and nobody waits for one after the other."""
    if len(questions) < 2:
        return [_said(one) for one in questions]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(_said, questions))


def _said(question: Question | None) -> list[Any] | None:
    """Perhaps in a thread, so without the database; None where nothing was told."""
    if question is None:
        return None
    try:
        said = outward.ask(question, PATIENCE)
    except Unavailable:
        return None
    rows = said.body.get("figures")
    if said.status != 200 or said.refused or not isinstance(rows, list):
        return None
    return rows[:MOST]


def read(told: Mapping[str, Any], server: str) -> Figures:
    """Raises KeyError, TypeError, ValueError or AttributeError on what is no such agreement."""
    texts = {name: _text(told[name], longest) for name, longest in TEXTS.items()}
    until = told["until"]
    ways = [_grouping(one) for one in list(told["by"])[:LONGEST]]
    if not ways:
        raise ValueError("nothing to count by")
    return Figures(
        **texts, server=server, title=_title(told["title"]), aim=use_text.aim(told.get("aim")),
        until=date.fromisoformat(until) if until is not None else None,
        holders=tuple(_title(one) for one in list(told["holders"])[:LONGEST]),
        by={one.code: one for one in ways},
        sums={_text(code, 80): _title(one) for code, one in dict(told.get("sums", {})).items()},
    )  # fmt: skip


def _grouping(told: Mapping[str, Any]) -> Grouping:
    names = {
        "" if code == "" else _text(code, 80): _title(one)
        for code, one in list(dict(told["names"]).items())[:MOST_NAMES]
    }
    return Grouping(_text(told["code"], 80), _text(told["kind"], 20), _title(told["title"]), names)


def _title(told: Any) -> Title:
    found = use_text.aim(told)
    if found is None:
        raise ValueError("no title in both languages")
    return found


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise ValueError(f"no text of 1 to {longest} characters")
    return value
