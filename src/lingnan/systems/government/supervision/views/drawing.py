"""Parts that several pages of supervision share."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from lingnan.kernel.duty.api import standings
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.supervision import wording
from lingnan.systems.government.supervision.figures import Counts

ENDINGS = ("自治县", "市", "区", "县", " Autonomous County", " District", " County", " City")


def short(name: str) -> str:
    """A name without its kind, as a map has it."""
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) > 1:
            return name[: -len(ending)]
    return name


def address(kept: Mapping[str, str]) -> str:
    """The list of cases with these filters."""
    return "/supervision/cases/?" + urlencode({name: text for name, text in kept.items() if text})


def tabs(counts: Counts, card: str, kept: Mapping[str, str]) -> list[ui.Kpi]:
    """How many open cases show each card; each leads to them."""
    found = []
    for name in standings.CARDS:
        kind, words = wording.CARDS[name]
        note = _("shown below") if name == card else str(wording.NOTES[name])
        number = f"{counts.cards[name]:,}"
        found.append(ui.Kpi(words, number, note, kind, address({**kept, "card": name})))
    return found


def number_columns() -> list[ui.Column]:
    return [
        ui.Column("red", _("Red"), True),
        ui.Column("yellow", _("Yellow"), True),
        ui.Column("open", _("Open"), True),
        ui.Column("share", _("Late"), True),
    ]


def numbers(counts: Counts) -> dict[str, Any]:
    return {
        "red": counts.cards["red"],
        "yellow": counts.cards["yellow"],
        "open": counts.open,
        "share": wording.share(counts.late, counts.open),
    }
