"""Say what is wrong with this machine and this data folder, and what to do about it.

Nothing is changed. Exit status: 0 nothing is wrong (remarks aside), 1 something is.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lingnan.node.up import data_folder

MARKS = {"ok": "✓", "remark": "·", "fault": "✗"}


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `found` says what was found, `remedy` what to do, in both languages."""

    level: str
    name: str
    found: str
    remedy: str = ""


def ok(name: str, found: str) -> Finding:
    return Finding("ok", name, found)


def remark(name: str, found: str, remedy: str = "") -> Finding:
    return Finding("remark", name, found, remedy)


def fault(name: str, found: str, remedy: str) -> Finding:
    return Finding("fault", name, found, remedy)


Look = Callable[[], Iterator[Finding]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, default=None, help="data folder of the node")
    parser.add_argument("--port", type=int, default=8011, help="where the portal is to be served")
    parser.add_argument("--tests", action="store_true", help="also what only the tests need")


def run(args: argparse.Namespace) -> int:
    findings = list(examine(data_folder(args.data), args.port, args.tests))
    for finding in findings:
        print(f"{MARKS[finding.level]} {finding.name}: {finding.found}")
        if finding.remedy:
            print(f"    → {finding.remedy}")
    wrong = sum(finding.level == "fault" for finding in findings)
    print(f"\n{len(findings)} 项检查，{wrong} 项有问题 · {len(findings)} looked at, {wrong} wrong")
    return 1 if wrong else 0


def examine(data: Path, port: int, tests: bool = False) -> Iterator[Finding]:
    """Everything, from the machine up; what cannot be looked at is a fault and holds up nothing."""
    from lingnan.node import doctor_data, doctor_folder, doctor_machine

    looks: list[Look] = [*doctor_machine.looks(tests), *doctor_folder.looks(data, port)]
    refused = False
    for finding in _each(looks):
        refused = refused or (finding.name in doctor_folder.REFUSALS and finding.level == "fault")
        yield finding
    if refused or not doctor_folder.made(data):
        yield remark("数据 · data", "未查看 · not looked at")
        return
    yield from _each(doctor_data.looks(data))


def _each(looks: list[Look]) -> Iterator[Finding]:
    for look in looks:
        try:
            yield from look()
        except Exception as error:
            name = getattr(look, "__name__", "look").strip("_")
            yield fault(name, f"无法检查 · cannot be looked at: {error}", "见上 · see above")
