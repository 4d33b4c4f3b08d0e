"""The trail of a walkthrough: its steps, the promises it checks, and how both are printed."""

import os
import sys
import unicodedata
from dataclasses import asdict, dataclass, field
from typing import Any, TextIO

from lingnan.node.walk.facts import Clock, Read

DONE, SKIPPED, FAILED = "done", "skipped", "failed"
MARKS = {DONE: "✓", SKIPPED: "–", FAILED: "✗"}
COLOURS = {DONE: "32", SKIPPED: "33", FAILED: "31;1", "head": "1", "soft": "2"}


@dataclass
class Step:
    """One thing that somebody did: what was read for it, the clock, the evidence."""

    number: int
    actor: str
    did: str
    in_english: str
    state: str = DONE
    read: list[str] = field(default_factory=list)
    evidence: list[int] = field(default_factory=list)
    clock: str = ""
    note: str = ""

    def saw(self, clock: Clock) -> None:
        self.clock = str(clock)

    def cite(self, reads: list[Read]) -> None:
        """What was read from which register, on which basis."""
        self.read = [f"{read.resource} {read.basis}" for read in reads]
        self.evidence = [read.evidence for read in reads]


@dataclass(frozen=True)
class Promise:
    """A promise of the house. `kept` is None where it could not be looked at."""

    promise: str
    title: str
    kept: bool | None
    because: str


def width(text: str) -> int:
    """Columns on a terminal: wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def padded(text: str, columns: int) -> str:
    return text + " " * max(columns - width(text), 0)


@dataclass
class Trail:
    """Steps and promises so far; prints each step as it ends where `out` is given."""

    out: TextIO | None = field(default_factory=lambda: sys.stdout)
    steps: list[Step] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    _actor: str = ""

    @property
    def failed(self) -> list[Step]:
        return [step for step in self.steps if step.state == FAILED]

    @property
    def skipped(self) -> list[Step]:
        return [step for step in self.steps if step.state == SKIPPED]

    @property
    def broken(self) -> list[Promise]:
        return [promise for promise in self.promises if promise.kept is False]

    @property
    def ok(self) -> bool:
        return not self.failed and not self.broken and bool(self.promises)

    def status(self) -> int:
        """0 all kept; 1 something failed or was broken; 3 something could not be looked at."""
        if not self.ok:
            return 1
        return 3 if self.skipped or any(p.kept is None for p in self.promises) else 0

    def plain(self) -> dict[str, Any]:
        promises = [asdict(promise) for promise in self.promises]
        return {"steps": [asdict(s) for s in self.steps], "promises": promises, "ok": self.ok}

    def add(self, step: Step) -> None:
        self.steps.append(step)
        if step.actor != self._actor:
            self._actor = step.actor
            self.say("")
            self.say(self._coloured(step.actor, "head"))
        self.say(self._line(step))
        if step.note:
            kind = FAILED if step.state == FAILED else "soft"
            self.say(" " * 6 + self._coloured(step.note, kind))

    def _line(self, step: Step) -> str:
        mark = self._coloured(MARKS[step.state], step.state)
        what = padded(f"{step.did} · {step.in_english}", 74)
        clock = padded(step.clock, 15)
        evidence = ",".join(str(n) for n in step.evidence)
        numbers = padded(f"№ {evidence}" if evidence else "", 8)
        return f"{step.number:>3} {mark} {what} {clock} {numbers} {'；'.join(step.read)}".rstrip()

    def head(self) -> None:
        """The heading of the columns."""
        what = padded("办了什么 · what was done", 74)
        clock, numbers = padded("时限 clock", 15), padded("存证 №", 8)
        self.say(
            self._coloured(
                f"  # ✓ {what} {clock} {numbers} 读取与依据 read, on which basis", "soft"
            )
        )

    def close(self, summary: list[str]) -> None:
        """Print the promises and the summary."""
        self.say("")
        self.say(self._coloured("承诺 · promises", "head"))
        for promise in self.promises:
            state = {True: DONE, False: FAILED, None: SKIPPED}[promise.kept]
            mark = self._coloured(MARKS[state], state)
            self.say(f"  {mark} {padded(promise.title, 34)} {promise.because}")
        self.say("")
        for line in summary:
            self.say(line)

    def say(self, line: str) -> None:
        if self.out is not None:
            print(line, file=self.out, flush=True)

    def _coloured(self, text: str, kind: str) -> str:
        terminal = self.out is not None and self.out.isatty() and "NO_COLOR" not in os.environ
        return f"\x1b[{COLOURS[kind]}m{text}\x1b[0m" if terminal else text
