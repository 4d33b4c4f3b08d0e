"""The record of the traffic as text of OpenMetrics 1.0, for monitors.

Counters are those of the 90 days that are kept, so they fall when hours are forgotten: a monitor
takes that for a restart, as the format has it.
"""

from collections.abc import Iterable, Mapping

from django.db.models import Sum

from lingnan.kernel.exchange.traffic import reading
from lingnan.kernel.exchange.traffic.models import Traffic

TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def text(queues: Mapping[str, int], alerts: int) -> str:
    """Messages and bytes by way, member, service and outcome; what waits; open alerts."""
    lines = [
        "# TYPE lingnan_messages counter", "# HELP lingnan_messages Messages of the exchange.",
        "# TYPE lingnan_message_bytes counter", "# UNIT lingnan_message_bytes bytes",
        "# TYPE lingnan_waiting gauge", "# HELP lingnan_waiting What waits in a queue.",
        "# TYPE lingnan_open_alerts gauge",
    ]  # fmt: skip
    found: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    rows = Traffic.objects.values_list("way", "client", "service", "outcome")
    for way, client, service, outcome, number, size in rows.annotate(Sum("number"), Sum("size")):
        key = (way, reading.member_of(client), reading.service_of(service), outcome)
        before = found.get(key, (0, 0))
        found[key] = before[0] + number, before[1] + size
    return "\n".join([*_ordered(lines, found, queues, alerts), "# EOF"]) + "\n"


def _ordered(
    heads: list[str], found: Mapping[tuple[str, str, str, str], tuple[int, int]],
    queues: Mapping[str, int], alerts: int,
) -> Iterable[str]:  # fmt: skip
    """Each family under its own head: samples of several may not stand mixed."""
    names = ("way", "member", "service", "outcome")
    labelled = [
        (_labels(zip(names, key, strict=True)), told) for key, told in sorted(found.items())
    ]
    yield from heads[:2]
    for labels, (number, _size) in labelled:
        yield f"lingnan_messages_total{labels} {number}"
    yield from heads[2:4]
    for labels, (_number, size) in labelled:
        yield f"lingnan_message_bytes_total{labels} {size}"
    yield from heads[4:6]
    for code, number in queues.items():
        yield f"lingnan_waiting{_labels([('queue', code)])} {number}"
    yield heads[6]
    yield f"lingnan_open_alerts {alerts}"


def _labels(pairs: Iterable[tuple[str, str]]) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in pairs) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
