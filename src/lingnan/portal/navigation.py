"""What stands around every page: the face, the places one can go, who is signed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lingnan.kernel.duty.api import messages
from lingnan.kernel.matters.api import HANDLERS, JOINT
from lingnan.kernel.registry.pages import readable_types
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.apps import System
from lingnan.kernel.trust.api import Actor
from lingnan.kernel.trust.api import Place as SystemPlace
from lingnan.kernel.trust.signin.pages_counter import COUNTER
from lingnan.portal.desk_consents import ASKS

# What stands under the registers without standing below their address.
OF_REGISTERS = tuple(
    f"/desk/{name}/"
    for name in ("comparisons", "dictionary", "doubts", "holders", "imports", "linkage",
                 "proposals", "quality")
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    url: str
    label: str
    current: bool
    count: int = 0


@dataclass(frozen=True)
class Frame:
    face: str
    brand: str
    nav: list[Place]
    who: str
    signin_url: str
    signout_url: str
    demonstration: bool
    business_date: date
    messages_unread: int = 0
    messages_url: str = "/messages/"
    home_url: str = "/"
    account_url: str = ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    who: Actor | None = getattr(request, "actor", None)
    official = who is not None and who.kind == "official"
    return {
        "frame": Frame(
            face="desk" if official else "resident" if who else "public",
            brand=_("Lingnan"),
            nav=_places(request.path, who),
            who=_named(who),
            signin_url="/signin/",
            signout_url="/signout/" if who else "",
            demonstration=legal_time.is_demonstration(),
            business_date=legal_time.today(),
            messages_unread=messages.unread(who.account) if who else 0,
            home_url="/",
            account_url="/account/" if who else "",
        )
    }


def first_place(who: Actor) -> str:
    """Where an official begins: the first place that the post may go to."""
    places = _places("", who)
    return places[0].url if places else "/messages/"


def places_of_systems() -> Iterator[SystemPlace]:
    """What the installed systems' pages declare, in their order."""
    found: list[SystemPlace] = []
    for config in apps.get_app_configs():
        if isinstance(config, System) and find_spec(f"{config.name}.pages"):
            found += getattr(import_module(f"{config.name}.pages"), "PLACES", [])
    yield from sorted(found, key=lambda place: place.order)


def _named(who: Actor | None) -> str:
    if who is None:
        return ""
    if who.kind == "official":
        said = f"{who.name} · {who.body_title} · {who.role_title}"
        return (
            _("%(post)s, for %(person)s") % {"post": said, "person": who.acting_for}
            if who.acting_for
            else said
        )
    return who.name


def _places(path: str, who: Actor | None) -> list[Place]:
    if who is not None and who.kind == "official":
        places = [("/desk/", _("Tasks")), ("/desk/cases/", _("Cases"))]
        if not HANDLERS.permits(who):
            places = []
        if who.role == "operator":
            places += [
                ("/operating/", _("Operating")),
                ("/operating/evidence/", _("Evidence")),
                ("/operating/dead-letters/", _("Dead letters")),
            ]
        if JOINT.permits(who):
            places.append(("/desk/joint/", _("Joint applications")))
        places += [
            (reverse(place.name), str(place.title))
            for place in places_of_systems()
            if place.access.kind == "official" and place.access.permits(who)
        ]
        if readable_types(who):
            places.append(("/desk/records/", _("Registers")))
        if ASKS.permits(who):
            places.append(("/desk/consents/", _("Consents")))
        if COUNTER.permits(who):
            places.append(("/desk/counter/", _("Sign-in at the counter")))
    else:
        places = [
            ("/", _("Services")),
            ("/cases/", _("My cases")),
            ("/certificates/", _("Certificates")),
            ("/looked/", _("Who looked at my data")),
            ("/consents/", _("My consents")),
            ("/verify/", _("Verify")),
        ]
    if path.startswith(OF_REGISTERS):
        path = "/desk/records/"
    here = max((url for url, _label in places if path.startswith(url)), key=len, default="")
    if here == "/" and path != "/":
        here = ""
    return [Place(url, label, url == here) for url, label in places]
