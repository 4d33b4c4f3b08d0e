"""A node's process that seals licences, one by one and many at once, is killed and finds its disk
full: run as a program, on a folder of its own. Each answer is a line on its output.
"""

import resource
import sys
from datetime import date

import django

from tests.pki.cut_off import say

COUNTY = "440103"


def main(what: str) -> None:
    django.setup()
    {"found": found, "one": one, "many": many, "full": full, "audit": audit}[what]()


def found() -> None:
    """A body and a firm, in an empty node."""
    from django.core.management import call_command

    from lingnan.kernel.runtime.api import action
    from lingnan.kernel.trust.api import Body
    from lingnan.systems.government.legal_persons.models import Enterprise

    call_command("migrate", verbosity=0)
    with action(by="tests", reason="founded") as act:
        act.create(
            Body, code=f"gd-{COUNTY}-market", name_zh="荔湾区市场监督管理局", name_en="Market",
            tier="county", division=COUNTY, function="market",
        )  # fmt: skip
        act.create(
            Enterprise, credit_code="91440103MA5CX1234A", name="新程（演示）有限公司", capital=100,
            representative="何某", scope="0", premises="龙津东路18号", division=COUNTY,
            registered_on=date(2026, 3, 2),
        )  # fmt: skip
    say("sealed", issued(0))


def issued(number: int) -> str:
    """The licence after a change of the firm, as it is handed out: its number and digest."""
    from lingnan.kernel.runtime.api import action
    from lingnan.systems.government.legal_persons import licences
    from lingnan.systems.government.legal_persons.models import Enterprise

    firm = Enterprise.objects.get()
    with action(by="tests", reason="changed") as act:
        act.change(firm, scope=f"{firm.scope[-20:]}{number}")
    made = licences.issue(Enterprise.objects.get(), "tests")
    return f"{made.number} {made.sha256}"


def one() -> None:
    """Licence after licence, and its archive time-stamp by what the worker does."""
    from lingnan.kernel.trust.archiving import stamping

    for number in range(10**9):
        say("sealed", issued(number))
        stamping.stamp_due()


def batch(count: int) -> None:
    """Documents under one opening of the keys; each is kept before it is told."""
    from lingnan.kernel.content import files
    from lingnan.kernel.content.certificates import api as drawing
    from lingnan.kernel.trust.api import Body, node_seals

    drawn = drawing.render("= 批量", {})
    for pdf in node_seals.seal_many([drawn] * count, Body.objects.get(), "批量"):
        say("kept", files.keep(pdf, "application/pdf").sha256)


def many() -> None:
    while True:
        batch(20)


def full() -> None:
    """No file may grow beyond so much: what a full disk does to each write."""
    say("sealed", issued(0))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for limit in (0, 200, 5_000, 100_000):
        for work in (lambda: say("sealed", issued(1)), lambda: batch(1)):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
            try:
                work()
                said = ""
            except Exception as problem:
                said = type(problem).__name__
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            if said:
                say("refused", said, limit)
    say("sealed", issued(9))
    batch(1)


def audit() -> None:
    """What stands: licences and files, each whole; what the evidence says; and that it goes on."""
    from pathlib import Path

    from django.conf import settings

    from lingnan.kernel.content import files
    from lingnan.kernel.trust.api import node_evidence, node_seals, sealed_documents
    from lingnan.kernel.trust.archiving import stamping
    from lingnan.systems.government.legal_persons.models import Licence

    stamping.stamp_due(budget=60)
    for made in Licence.objects.all():
        assert node_seals.verify(bytes(made.pdf)).level == "B-LT"
        assert node_seals.verify(sealed_documents.newest(bytes(made.pdf))).level == "B-LTA"
        say("licence", made.number, made.sha256)
    for path in (Path(settings.DATA) / "files").glob("*/*"):
        if path.suffix:
            say("half", path.name)
        else:
            assert node_seals.verify(files.read(path.name)).problem is None
            say("file", path.name)
    reader = node_evidence.reader()
    assert not reader.verify()
    for entry in reader.entries("licence.issued", limit=10_000):
        payload = entry.payload or {}
        say("evidence", payload["number"], payload["sha256"])
    say("sealed", issued(10**6))
    batch(1)


if __name__ == "__main__":
    main(sys.argv[1])
