"""What stands in the data of a node: database, evidence, keys, matters. Looked at, not written."""

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lingnan.node.doctor import Finding, Look, fault, ok, remark
from lingnan.node.doctor_exchange import exchange
from lingnan.node.doctor_keys import keys

NEWEST = 2_000
SOON = timedelta(days=30)


def looks(data: Path) -> list[Look]:
    """After these, Django is set up for this folder."""
    os.environ["LINGNAN_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingnan.node.settings")
    sound: list[bool] = []

    def first() -> Iterator[Finding]:
        for finding in database():
            sound.append(finding.level != "fault")
            yield finding

    def last() -> Iterator[Finding]:
        """Asked only where the database answers: asking one that is gone would make it."""
        return matters() if sound and all(sound) else iter(())

    def copies() -> Iterator[Finding]:
        return projection() if sound and all(sound) else iter(())

    def kept() -> Iterator[Finding]:
        return evidence(data, bool(sound) and all(sound))

    def exchanged() -> Iterator[Finding]:
        return exchange() if sound and all(sound) else iter(())

    return [first, kept, lambda: keys(data), clock, copies, exchanged, last]


def _ready() -> None:
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def database() -> Iterator[Finding]:
    """Reachable, migrated, its write guards in place, its systems carried."""
    _ready()
    from django.conf import settings
    from django.db import DatabaseError, connection

    name, path = "数据库 · database", settings.DATABASES["default"]["NAME"]
    if connection.vendor == "sqlite" and not Path(path).exists():
        yield fault(
            name, f"没有 · absent: {path}", "从备份恢复，或新建目录 · restore, or a new folder"
        )
        return
    try:
        connection.ensure_connection()
        yield from _migrated(name)
    except DatabaseError as error:
        said = f"不可用 · does not answer: {str(error).splitlines()[0]}"
        yield fault(name, said, "检查 LINGNAN_DATABASE 和服务器 · see LINGNAN_DATABASE, the server")


def _migrated(name: str) -> Iterator[Finding]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from lingnan.kernel.runtime.temporal import guards
    from lingnan.node import carried
    from lingnan.node.models import Part

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        waiting = ", ".join(f"{one.app_label}.{one.name}" for one, _back in plan[:5])
        said = f"{len(plan)} 个迁移未执行 · migrations wait: {waiting}"
        yield fault(
            name, said, "./lingnan up 会执行 · ./lingnan up does them; copy the folder first"
        )
        return
    missing = guards.missing()
    if missing:
        said = f"缺少防护触发器 · guards are missing: {', '.join(map(str, missing[:5]))}"
        yield fault(name, said, "./lingnan up 会补装 · ./lingnan up puts them back; find out why")
    else:
        yield ok(name, connection.vendor)
    absent = sorted(set(Part.objects.values_list("system", flat=True)) - set(carried.systems()))
    if absent:
        yield remark("系统 · systems", f"有数据但未提供 · kept, not served: {', '.join(absent)}",
                     "up --systems all")  # fmt: skip


def projection() -> Iterator[Finding]:
    """How old the columnar copies are; a register without one cannot be counted."""
    from lingnan.kernel.registry.projection.rounds import ages

    name, remedy = "列式副本 · columnar copies", "./lingnan manage projection"
    found = ages()
    absent = [age.register for age in found if age.made is None]
    old = [age for age in found if age.made is not None and age.old]
    if absent:
        said = f"尚未生成 · not made yet: {', '.join(absent)}"
        yield remark(name, said, f"up 会生成 · up makes them; or {remedy}")
    if old:
        oldest = min(age.made for age in old if age.made)
        said = f"{len(old)} 个已陈旧 · have aged, the oldest of {oldest:%Y-%m-%d %H:%M} UTC"
        yield remark(name, said, remedy)
    if found and not absent and not old:
        rows = sum(age.rows for age in found)
        yield ok(name, f"{len(found)} 个登记簿 · registers, {rows:,} 行 · rows")


def evidence(data: Path, answers: bool) -> Iterator[Finding]:
    """The store is there, can be written, and its newest entries are as they were written.

    `answers`: whether the database does, and so can say whether there must be any.
    """
    _ready()
    from django.conf import settings

    from lingnan.kernel.trust.evidence import api as store
    from lingnan.node.doctor_folder import running
    from lingnan.node.up import SOCKET

    name, place = "证据 · evidence", settings.EVIDENCE_STORE
    if isinstance(place, Path) and not place.exists() and answers and not _used():
        yield remark(name, "尚未开始 · not begun yet", "./lingnan up")
        return
    if isinstance(place, Path) and not place.exists():
        yield fault(
            name, f"没有 · absent: {place}", "从备份恢复 · restore it; do not begin a new one"
        )
        return
    if isinstance(place, Path) and not os.access(place, os.W_OK):
        yield fault(name, f"不可写 · not writable: {place}", f"chmod u+rw {place}")
        return
    if running(data) and not store.Client(data / SOCKET).ping():
        yield fault(name, "写入进程不应答 · its writer does not answer", "重启 up · restart `up`")
    try:
        with store.open_reader(place) as reader:
            faults, size = reader.verify_newest(NEWEST), reader.size()
    except store.EvidenceUnavailable as error:
        yield fault(name, f"不可读 · cannot be read: {error}", "从备份恢复 · restore it")
        return
    if faults:
        first = faults[0]
        said = f"与所写不符 · not as written: {first.table} {first.seq} {first.problem}"
        remedy = "停止使用，保留副本，比对另存的日志头 · stop, keep a copy, compare a kept head"
        yield fault(name, f"{said} ({len(faults)})", remedy)
    else:
        yield ok(
            name, f"{size:,} 条，最新 {min(size, NEWEST):,} 条相符 · entries, the newest are true"
        )


def clock() -> Iterator[Finding]:
    """What was written down with a later time than now: this clock was set back, or that was
    ahead."""
    _ready()
    from django.conf import settings

    from lingnan.kernel.trust import clocks
    from lingnan.kernel.trust.evidence import api as store
    from lingnan.node.doctor_keys import begun

    later = []
    with contextlib.suppress(store.EvidenceUnavailable), \
            store.open_reader(settings.EVIDENCE_STORE) as reader:  # fmt: skip
        at = reader.head().at
        if at and clocks.ahead(datetime.fromisoformat(at)):
            later.append(f"最新证据 · newest entry of the evidence {at}")
    later += [f"{name} {at:%Y-%m-%d %H:%M}" for name, at in begun() if clocks.ahead(at)]
    name, now = "时钟与记录 · clock and records", f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if later:
        said = f"晚于本机时钟 · later than this machine's clock ({now}): {', '.join(later[:3])}"
        yield fault(name, said, "校正系统时间后再启动 · set the clock right, then start again")
    else:
        yield ok(name, now)


def _used() -> bool:
    """Whether anything was done here that must have been written down."""
    from django.contrib.sessions.models import Session

    from lingnan.kernel.matters.api import Case

    return Session.objects.exists() or Case.objects.exists()


def matters() -> Iterator[Finding]:
    """Each matter's files, checked as at a start, and not published."""
    _ready()
    from lingnan.kernel.matters.definition import BrokenMatter, folders, read_folder
    from lingnan.kernel.matters.publication import check

    count = 0
    for system, folder in folders():
        count += 1
        try:
            check(read_folder(folder, system))
        except BrokenMatter as broken:
            yield fault("事项 · matters", f"未发布 · not published: {broken}", f"{folder}")
    yield ok("事项 · matters", f"{count} 项已检查 · checked")
