"""Pages that join the rooms: first page, who looked, messages, language."""

from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lingnan.kernel.duty.api import Message
from lingnan.kernel.duty.api import messages as duty_messages
from lingnan.kernel.matters.api import (
    LifeEvent,
    Matter,
    event_facts,
    matter_facts,
    published,
    published_events,
    under_way,
)
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.apps import System
from lingnan.kernel.trust.api import APPLICANT, PUBLIC, SIGNED_IN, acting, actor, allow, under
from lingnan.kernel.ui import api as ui
from lingnan.portal.finding import Service, matching
from lingnan.portal.navigation import first_place, places_of_systems


def of_systems() -> list[Any]:
    """Addresses of the systems that have pages of their own."""
    return [
        path("", include(f"{config.name}.pages"))
        for config in apps.get_app_configs()
        if isinstance(config, System) and find_spec(f"{config.name}.pages")
    ]


@allow(PUBLIC)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    who = getattr(request, "actor", None)
    if who is not None and who.kind == "official":
        return redirect(first_place(who))
    words = request.GET.get("q", "").strip()[:60]
    matters = published()
    events: list[Service] = [event for _d, event in published_events(matters)]
    services: list[Service] = [*sorted((m for _d, m in matters), key=_order)]
    found = matching([*events, *services], words) if words else services
    table, count = None, 0
    if who is not None and APPLICANT.permits(who) and not words:
        table, count = under_way(who.account)
    context = {
        "tiles": [_tile(service) for service in found],
        "open": [] if words else _open_to_all(),
        "events": [] if words else [_tile(event) for event in events],
        "q": words,
        "under_way": table,
        "more": count - len(table.rows) if table else 0,
        "invitation": None if who is not None or words else _invitation(),
        "nothing": ui.Empty(
            _("Nothing found"),
            _("Try another word, for example “shop” or “fire”."),
            ui.Link("/", _("All services")),
        ),
    }
    return render(request, "portal/home.html", context)


def _order(matter: Matter) -> tuple[int, str]:
    """What needs no other matter first comes first."""
    return sum(bool(read.get("obtain")) for read in matter.reads), matter.code


def _open_to_all() -> list[ui.Tile]:
    """What the systems show to everybody."""
    return [
        ui.Tile(reverse(place.name), str(place.title), str(place.about or ""))
        for place in places_of_systems()
        if place.access.kind == "public"
    ]


def _tile(matter: Service) -> ui.Tile:
    if isinstance(matter, LifeEvent):
        facts = event_facts(matter)
        return ui.Tile(f"/events/{matter.code}/", str(matter.title), str(matter.summary), facts)
    facts = matter_facts(matter)
    return ui.Tile(f"/matters/{matter.code}/", str(matter.title), str(matter.summary), facts)


def _invitation() -> ui.Notice | None:
    """In a demonstration a visitor is told where its people are."""
    if not legal_time.is_demonstration():
        return None
    return ui.Notice(
        "info",
        _("This is a demonstration province"),
        _("Sign in as one of its invented residents or officials and try everything."),
        ui.Link("/signin/", _("Choose a person")),
    )


@allow(under(SIGNED_IN, acting.MESSAGES))
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    account = actor(request).account
    found = list(Message.objects.filter(account=account).order_by("-key")[:50])
    duty_messages.mark_read(account)
    nothing = ui.Empty(_("No message yet"), _("What happens in your cases is told to you here."))
    return render(request, "portal/messages.html", {"found": found, "nothing": nothing})


@allow(PUBLIC)
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the interface's language; kept in a cookie."""
    wanted = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        wanted = "/"
    response = redirect(wanted)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=31_536_000, samesite="Lax")
    return response
