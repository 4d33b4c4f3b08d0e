"""What is not as it should be at this moment, by the rules."""

import logging
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings

from lingnan.kernel.exchange import elsewhere
from lingnan.kernel.exchange.traffic import counting, reading
from lingnan.kernel.exchange.traffic.reading import Wanted
from lingnan.kernel.exchange.watching import ending, queues, rules
from lingnan.kernel.trust.api import EvidenceUnavailable, node_evidence

logger = logging.getLogger(__name__)
_CREATED = re.compile(r";created=(\d+)")
_SENT = 200


@dataclass(frozen=True)
class Sign:
    """That a rule is broken: by whom or what, and what was measured."""

    rule: str
    about: str = ""
    figure: str = ""


def signs(now: datetime | None = None) -> list[Sign]:
    """Everything that is seen. What cannot be looked at holds up nothing else."""
    moment, found = now or datetime.now(UTC), []
    looks: list[Callable[[datetime], Iterator[Sign]]] = [
        _services, _peers, _queues, _keys, _directory, _clocks, _disk
    ]  # fmt: skip
    for look in looks:
        try:
            found += list(look(moment))
        except Exception:
            logger.exception("an alert could not be judged: %s", look.__name__)
    return found


def _window(now: datetime) -> Wanted:
    return Wanted(now - timedelta(minutes=rules.WINDOW), now + timedelta(minutes=1))


def _services(now: datetime) -> Iterator[Sign]:
    for service, health in reading.figures(_window(now)).services.items():
        if health.number < rules.LEAST or not service:
            continue
        if health.share > rules.ERROR_SHARE:
            yield Sign("errors", service, f"{100 * health.share:.0f} %")
        slowest = health.percentile(0.99) or 0.0
        if slowest > rules.SLOWEST:
            yield Sign("slow", service, f"p99 {slowest:.1f} s")


def _peers(now: datetime) -> Iterator[Sign]:
    """Another node that was asked several times and answered nothing, not even a refusal."""
    asked: dict[str, int] = defaultdict(int)
    answered: set[str] = set()
    for line, number in reading.sums(_window(now)):
        if line.way in (counting.OUT, counting.THROUGH) and line.provider_node:
            asked[line.provider_node] += number
            if line.outcome != counting.UNAVAILABLE:
                answered.add(line.provider_node)
    for server, number in sorted(asked.items()):
        if number >= rules.TRIED and server not in answered:
            yield Sign("silent", server, f"0 / {number}")


def _queues(now: datetime) -> Iterator[Sign]:
    for queue in queues.queues(now):
        if queue.stuck and queue.number:
            yield Sign("queue", queue.code, str(queue.number))
        elif queue.number and queue.waits > rules.WAITING:
            yield Sign("queue", queue.code, f"{queue.number} · {queue.waits / 3600:.0f} h")


def _keys(now: datetime) -> Iterator[Sign]:
    """By kind and nearness: when the next nearness is reached, it is told anew."""
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for one in ending.endings(now):
        stages = [days for days in rules.DAYS if one.left <= timedelta(days=days)]
        # What renews itself a month ahead is worth a word only where it did not.
        stages = [days for days in stages if not one.renews_itself or days < max(rules.DAYS)]
        if stages and one.kind != "directory":
            found[one.kind, min(stages)].append(one.name)
    for (kind, days), names in sorted(found.items()):
        yield Sign("key", f"{kind} {days}", f"{len(names)}: {', '.join(names[:2])}")


def _directory(now: datetime) -> Iterator[Sign]:
    _here, directory = elsewhere.present()
    if directory is not None:
        hours = (now - directory.issued).total_seconds() / 3600
        if hours > rules.DIRECTORY_AGE:
            yield Sign("directory", directory.instance, f"{hours:.0f} h")


def _clocks(now: datetime) -> Iterator[Sign]:
    """What other nodes signed their answers at, beside when these came."""
    try:
        sent = node_evidence.reader().entries("message.sent", limit=_SENT)
    except EvidenceUnavailable:
        return
    worst: dict[str, float] = {}
    for entry in sent:
        told, at = entry.payload or {}, datetime.fromisoformat(entry.at)
        made = _CREATED.search(str(told.get("answer_input", "")))
        if at < now - timedelta(minutes=rules.WINDOW) or made is None:
            continue
        node, skew = str(told.get("node", "")), _skew(int(made[1]), at, told.get("took"))
        if abs(skew) > abs(worst.get(node, 0.0)):
            worst[node] = skew
    for node, skew in sorted(worst.items()):
        if abs(skew) > rules.SKEW:
            yield Sign("clock", node, f"{skew:+.0f} s")


def _skew(created: int, at: datetime, took: object) -> float:
    """Seconds by which a clock goes ahead (or behind, below nought) at the least: an answer is made
    between the question and its coming, and says whole seconds."""
    came = at.timestamp()
    asked = came - (took / 1000 if isinstance(took, int) else 60.0)
    if created > came:
        return created - came
    return min(0.0, created + 1 - asked)


def _disk(now: datetime) -> Iterator[Sign]:
    room = shutil.disk_usage(settings.DATA)
    if room.free < rules.ROOM * room.total:
        yield Sign("disk", "", f"{100 * room.free / room.total:.1f} %")
