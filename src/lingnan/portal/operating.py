"""For operators: is the node ready, and a demonstration's clock."""

import re

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from lingnan.kernel.duty.api import calendars
from lingnan.kernel.matters.api import sweep
from lingnan.kernel.runtime import days
from lingnan.kernel.runtime.api import legal_time, read_json
from lingnan.kernel.runtime.temporal import guards
from lingnan.kernel.trust.api import PUBLIC, SYSTEM, allow, node_evidence
from lingnan.portal import operator_key
from lingnan.standards.working_days import CalendarNotAnnounced

STEP = re.compile(r"^(\d{1,4})(wd|d)$")


@allow(PUBLIC)
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, its guards stand and evidence can be written."""
    found = checks()
    ready = all(found.values())
    body = {
        "ready": ready,
        "checks": found,
        "demonstration": legal_time.is_demonstration(),
        "business_date": legal_time.today().isoformat(),
    }
    return JsonResponse(body, status=200 if ready else 503)


def checks() -> dict[str, bool]:
    """What a node needs in order to work, and whether it is there."""
    return {
        "database": _database(),
        "guards": not guards.missing(),
        "evidence": node_evidence.ready(),
    }


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


@allow(PUBLIC)  # an operator's key is asked for below; a real node refuses in any case
@csrf_exempt
@require_POST
def clock(request: HttpRequest) -> HttpResponse:
    """Advance a demonstration's legal time: {"advance": "6wd"} or {"advance": "3d"}.

    With the operator's key; or in an operator's session, then with its CSRF token.
    """
    if not legal_time.is_demonstration():
        return JsonResponse({"error": "legal time of a real node cannot be moved"}, status=403)
    if operator_key.matches(request.headers.get("Authorization", "")):
        return _moved(request)
    who = getattr(request, "actor", None)
    if "Authorization" in request.headers or who is None or who.role != "operator":
        return JsonResponse({"error": "only an operator moves the clock"}, status=401)
    return _moved_in_session(request)


@csrf_protect
def _moved_in_session(request: HttpRequest) -> HttpResponse:
    return _moved(request)


def _moved(request: HttpRequest) -> HttpResponse:
    try:
        wanted = str(read_json(request.body)["advance"])
    except (ValueError, KeyError, TypeError, RawPostDataException):
        wanted = ""
    found = STEP.match(wanted)
    if found is None:
        return JsonResponse({"error": "say how far, for example 6wd or 3d"}, status=400)
    try:
        return JsonResponse(advance(int(found[1]), found[2]))
    except CalendarNotAnnounced as beyond:
        return JsonResponse({"error": f"no calendar is announced for {beyond.year}"}, status=409)


def advance(count: int, unit: str) -> dict[str, object]:
    """Move legal time by working or calendar days, and let happen what time brings."""
    from datetime import timedelta

    now = legal_time.now()
    day = (
        calendars.calendar().add_working_days(now.date(), count)
        if unit == "wd"
        else now.date() + timedelta(days=count)
    )
    last = calendars.calendar().last
    if day > last:
        raise CalendarNotAnnounced(last.year + 1)
    moved = legal_time.move_to(now + (day - now.date()))
    payload = {"from": now.isoformat(), "to": moved.isoformat()}
    node_evidence.write([node_evidence.entry("operating.clock", payload)])
    with legal_time.hold():
        done = sweep() | days.run()
    return {"business_date": moved.date().isoformat(), "done": done, "by": SYSTEM.name}
