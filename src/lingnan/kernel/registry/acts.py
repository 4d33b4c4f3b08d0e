"""What a reader can do with a record, and what is under way about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.registry.doubts import asking
from lingnan.kernel.registry.editing import elsewhere, proposals, writing
from lingnan.kernel.registry.records import Record
from lingnan.kernel.trust.api import Actor
from lingnan.kernel.ui import api as ui


@dataclass(frozen=True)
class Acts:
    """Links to the acts that a post has, notices of proposals and doubts, marks by field."""

    links: list[ui.Link]
    notices: list[ui.Notice]
    marks: Mapping[str, Sequence[ui.Chip | ui.Link]]


def of_record(model: type[Record], who: Actor, record: Any, here: str) -> Acts:
    links = _by_hand(model, who, record, here) if writing.may_edit(model, who) else []
    links.append(ui.Link(f"{here}doubt/", _("Doubt a fact")))
    waiting = proposals.waiting(model, record.key)
    notices = []
    if waiting is not None and proposals.may_see(waiting, who):
        link = ui.Link(proposals.link(waiting), _("See the proposal"))
        notices.append(ui.Notice("info", _("A change waits for a second official"), link=link))
    marks, doubts = asking.marks(model, who, record.key)
    return Acts(links, notices + doubts, marks)


def _by_hand(model: type[Record], who: Actor, record: Any, here: str) -> list[ui.Link]:
    """What an editor enters here, and the acts by which the rest changes or ends."""
    links = []
    if writing.entered_by(model, who, "change"):
        links.append(ui.Link(f"{here}change/", _("Change or correct it")))
    if elsewhere.instead(model, "end") is None:
        links.append(ui.Link(f"{here}end/", _("End this record")))
    return [*links, *elsewhere.links(model, record, ["change", "end"])]
