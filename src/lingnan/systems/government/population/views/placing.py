"""Where somebody lives, told at the counter: a standard address chosen, or words as written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lingnan.kernel.trust.api import Actor
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.population import standard_addresses
from lingnan.systems.government.population.acts.addresses import Place
from lingnan.systems.government.population.standard_addresses import Reading

LONGEST, TYPED, ROOM = 200, 120, 40
NAME = "address"


@dataclass(frozen=True)
class Asking:
    """Who asks for an address of a county, what for, and the address that is known already."""

    who: Actor
    division: str
    why: Reading
    known: str = ""


def fields(
    label: str, hint: str = "", required: bool = True, value: str = ""
) -> list[ui.FieldView]:
    """The place, floor and room, and the mark of one that is no standard address."""
    return [
        ui.FieldView(NAME, label, hint, value, "place", required=required,
                     maxlength=max(TYPED, len(value)),
                     suggest_url=reverse("population-addresses")),
        ui.FieldView("room", _("Floor and room"), _("Where the address does not name them"),
                     required=False, maxlength=ROOM),
        ui.FieldView("unlisted", _("It is none of the addresses found: enter it as written"),
                     kind="checkbox", required=False),
    ]  # fmt: skip


def looked_for(request: HttpRequest) -> bool:
    """Whether addresses are asked for, before anything is sent."""
    return "look" in request.POST


def options(words: str, division: str) -> list[ui.Option]:
    return [ui.Option(*one) for one in standard_addresses.suggestions(words, division)]


def with_found(
    asked: Sequence[ui.FieldView], words: str, division: str, unclear: str = ""
) -> list[ui.FieldView]:
    """The fields with the addresses that the words may mean beside the place."""
    found = options(words, division)
    return [
        replace(one, options=found, error=one.error or unclear) if one.kind == "place" else one
        for one in asked
    ]


def meant(request: HttpRequest, said: ui.Said, asking: Asking) -> tuple[Place | None, str]:
    """The address meant, or what is unclear about it; neither where none was told.

    Nobody is turned away for want of a standard address: words that the register of addresses
    does not know stand as they were written, and have no code.
    """
    words, room = said[NAME], said["room"]
    if not words:
        return None, _("Floor and room of which address?") if room else ""
    whole = Place(f"{words}{room}"[:LONGEST])
    if said["unlisted"] == "1":
        return whole, ""
    code = request.POST.get(f"{NAME}__code", "").strip()
    listed = standard_addresses.suggestions(words, asking.division)
    code = code or next((one for one, text in listed if text == words), "")
    if code:
        return _standard(code, room, asking)
    if listed and words != asking.known:
        return None, _("Choose one of the addresses found, or say that it is none of them.")
    return whole, ""


def _standard(code: str, room: str, asking: Asking) -> tuple[Place | None, str]:
    found = standard_addresses.read(code[:20], asking.why, asking.who)
    if found is None:
        return None, _("This address is not on record. Please look for it again.")
    whole = f"{found.address}{room}"
    if len(whole) > LONGEST:
        return None, _("With floor and room the address is too long.")
    return replace(found, address=whole), ""
