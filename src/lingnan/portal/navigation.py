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
from django.utils.translation import pgettext

from lingnan.kernel.duty.api import messages
from lingnan.kernel.matters.api import HANDLERS, JOINT
from lingnan.kernel.registry.pages import readable_types
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.apps import System
from lingnan.kernel.trust.api import (
    APPLICANT,
    PUBLIC,
    RESIDENT,
    SIGNED_IN,
    Access,
    Actor,
    acting,
    under,
)
from lingnan.kernel.trust.api import Place as SystemPlace
from lingnan.kernel.trust.people.appointing import PEOPLE
from lingnan.kernel.trust.signin.pages_counter import COUNTER
from lingnan.portal.desk_consents import ASKS

# What stands under the registers without standing below their address.
OF_REGISTERS = tuple(
    f"/desk/{name}/"
    for name in ("comparisons", "dictionary", "doubts", "holders", "imports", "linkage",
                 "proposals", "quality")
)  # fmt: skip
# Where one comes without acting for anybody; a power opens only what it covers.
LOOKED = under(RESIDENT, acting.LOOKED, "person", "organisation")
CONSENTS = under(RESIDENT, acting.CONSENT)
MESSAGES = under(SIGNED_IN, acting.MESSAGES)


@dataclass(frozen=True)
class Place:
    url: str
    label: str
    current: bool
    count: int = 0


@dataclass(frozen=True)
class ActingBar:
    """For whom somebody acts now, on every page; `over` says why that is over."""

    name: str
    agent: str
    over: str


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
    acting: ActingBar | None = None


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    who: Actor | None = getattr(request, "actor", None)
    official = who is not None and who.kind == "official"
    reads = who is not None and MESSAGES.permits(who)
    bar = _bar(who)
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
            messages_unread=messages.unread(who.account) if who and reads else 0,
            messages_url="/messages/" if reads or who is None else "",
            home_url="/",
            account_url=("/acting/" if bar else "/account/") if who else "",
            acting=bar,
        )
    }


def _bar(who: Actor | None) -> ActingBar | None:
    if who is None or who.acting is None:
        return None
    one = who.acting
    return ActingBar(one.name, one.agent_name, acting.words.over(one.over) if one.over else "")


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
    return who.acting.agent_name if who.acting is not None else who.name


def _of_residents() -> list[tuple[str, str, Access]]:
    return [
        ("/", _("Services"), PUBLIC),
        ("/cases/", _("My cases"), APPLICANT),
        ("/certificates/", _("Certificates"), APPLICANT),
        ("/looked/", _("Who looked at my data"), LOOKED),
        ("/consents/", _("My consents"), CONSENTS),
        ("/verify/", _("Verify"), PUBLIC),
    ]


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
        if PEOPLE.permits(who):
            places.append(("/desk/people/", _("People and posts")))
        if ASKS.permits(who):
            places.append(("/desk/consents/", pgettext("navigation", "Agreements")))
        if COUNTER.permits(who):
            places.append(("/desk/counter/", _("Sign-in at the counter")))
    else:
        places = [(url, words) for url, words, rule in _of_residents()
                  if who is None or rule.permits(who)]  # fmt: skip
        if who is not None and who.acting is not None:
            places += [
                (reverse(place.name), str(place.title))
                for place in places_of_systems()
                if place.access.kind == "resident" and place.access.permits(who)
            ]
    if path.startswith(OF_REGISTERS):
        path = "/desk/records/"
    here = max((url for url, _label in places if path.startswith(url)), key=len, default="")
    if here == "/" and path != "/":
        here = ""
    return [Place(url, label, url == here) for url, label in places]
