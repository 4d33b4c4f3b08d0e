"""What a reader can do with a record, and what is under way about it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.registry import rights
from lingnan.kernel.registry.doubts import asking, raising
from lingnan.kernel.registry.editing import proposals, writing
from lingnan.kernel.registry.models import Doubt
from lingnan.kernel.registry.records import Record
from lingnan.kernel.trust.api import Actor
from lingnan.kernel.ui import api as ui


@dataclass(frozen=True)
class Acts:
    """Links to the acts that a post has, and notices of proposals and doubts."""

    links: list[ui.Link]
    notices: list[ui.Notice]


def of_record(model: type[Record], who: Actor, record: Any, here: str) -> Acts:
    links = []
    if writing.may_edit(model, who):
        links = [
            ui.Link(f"{here}change/", _("Change or correct it")),
            ui.Link(f"{here}end/", _("End this record")),
        ]
    links.append(ui.Link(f"{here}doubt/", _("Doubt a fact")))
    waiting = proposals.waiting(model, record.key)
    notices = []
    if waiting is not None and proposals.may_see(waiting, who):
        link = ui.Link(proposals.link(waiting), _("See the proposal"))
        notices.append(ui.Notice("info", _("A change waits for a second official"), link=link))
    notices += asking.notices(model, who, record.key)
    return Acts(links, notices)


def doubted(model: type[Record], who: Actor, key: int) -> list[Doubt]:
    """The open doubts about a record's elements that a reader's post sees."""
    seen = set(rights.seen_elements(model, who))
    return [one for one in raising.about(model, [key]) if one.element in seen]
