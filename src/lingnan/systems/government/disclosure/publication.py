"""From a proposal to a published entry: index number, review, and the twenty working days."""

import re
from dataclasses import dataclass
from datetime import date

from lingnan.kernel.duty.api import Clock, calendars, clocks
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.disclosure.models import Entry

CLOCK = clocks.named(
    "disclosure_publication", "主动公开政府信息", "Publishing government information"
)
DAYS = 20
WITHIN = "《政府信息公开条例》（2019-04-03）第二十六条"
# The mark of a state secret: its level, a star, its term. Nothing that bears it may be entered.
MARKED = re.compile(r"(绝密|机密|秘密)\s*★")


@dataclass(frozen=True)
class Proposal:
    """What the clerk writes of a piece of information."""

    name: str
    section: str
    document_number: str
    outline: str
    text: str
    made_on: date


def bears_a_mark_of_secrecy(*texts: str) -> bool:
    return any(MARKED.search(text) for text in texts)


def due(made_on: date) -> date:
    """The last day on which information made on a day is published in time."""
    return calendars.calendar().add_working_days(made_on, DAYS)


def propose(said: Proposal, who: Actor) -> Entry:
    """A new entry that waits for its review; the clock counts from the day it was made."""
    title = who.body_title
    begins = f"{who.division}-{said.section}-{said.made_on.year}-"
    last = Entry.objects.filter(index_number__startswith=begins).order_by("-index_number").first()
    place = int(last.index_number.rsplit("-", 1)[1]) + 1 if last else 1
    with action(by=who.signature, reason="proposed for publication") as act:
        entry = act.create(
            Entry,
            index_number=f"{begins}{place:05d}",
            name=said.name,
            section=said.section,
            document_number=said.document_number,
            outline=said.outline,
            text=said.text,
            made_on=said.made_on,
            state="proposed",
            body=who.body,
            body_zh=title.zh if title else "",
            body_en=title.en if title else "",
            division=who.division,
        )
        clocks.start(
            entry.index_number,
            CLOCK,
            {"unit": "working_day", "statutory": DAYS, "promised": DAYS},
            WITHIN,
            on=said.made_on,
            body=who.body,
            about=said.name[:60],
        )
    return entry


def review(entry: Entry, publish: bool, grounds: str, who: Actor) -> Entry:
    """The head's review (第十七条): published from today on, or kept back on its grounds."""
    with action(by=who.signature, reason="disclosure review") as act:
        entry = act.change(
            entry,
            state="published" if publish else "withheld",
            published_on=legal_time.today() if publish else None,
            grounds=grounds,
        )
        for clock in Clock.objects.filter(reference=entry.index_number, code=CLOCK):
            clocks.stop(clock, who.signature)
    return entry
