"""The directory, and joining by an invitation: at the portal, for those who have no channel yet.

A node that did not found the instance passes what joins through it on to where it joined itself.
"""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from lingnan.kernel.exchange.federation import calling, directories, enrolling, own
from lingnan.kernel.exchange.federation.enrolling import NotTaken
from lingnan.kernel.exchange.federation.models import Invitation
from lingnan.kernel.runtime.api import read_json
from lingnan.kernel.trust.api import PUBLIC, EvidenceUnavailable, KeyStoreUnavailable, allow

PATIENCE = 25.0


@allow(PUBLIC)  # it names nodes and bodies only, and is signed
@require_GET
def directory(request: HttpRequest) -> JsonResponse:
    """The newest directory that this node knows, as its instance signed it."""
    try:
        here = own.membership()
    except own.NotNamed as problem:
        return _refused("founder", str(problem), 404)
    row = directories.newest(here.instance)
    if row is None:
        return _refused("directory", "", 503)
    return JsonResponse(row.document)


@allow(PUBLIC)  # who asks shows that it has an invitation, checked by enrolling.take
@csrf_exempt
@require_POST
def join(request: HttpRequest) -> JsonResponse:
    return _answered(request, "/exchange/join", enrolling.take)


@allow(PUBLIC)  # signed by a key that is known, checked by enrolling.renew
@csrf_exempt
@require_POST
def renew(request: HttpRequest) -> JsonResponse:
    return _answered(request, "/exchange/renew", _renewed)


@allow(PUBLIC)  # for whoever knows an invitation's name, which is no secret of anybody
@csrf_exempt
@require_POST
def terms(request: HttpRequest) -> JsonResponse:
    """Which bodies and systems an invitation names."""
    return _answered(request, "/exchange/join/terms", _terms)


def _renewed(here: own.Own, told: dict[str, Any]) -> dict[str, Any]:
    enrolling.renew(here, told)
    return {}


def _terms(here: own.Own, told: dict[str, Any]) -> dict[str, Any]:
    found = Invitation.objects.filter(digest=str(told.get("invitation", ""))[:64]).first()
    if found is None:
        raise NotTaken("invitation")
    return {"members": found.members, "systems": found.systems, "code": found.code}


def _answered(request: HttpRequest, path: str, act: Any) -> JsonResponse:
    try:
        told = read_json(request.body)
        if not isinstance(told, dict):
            raise ValueError("not an object")
    except ValueError as problem:
        return _refused("answer", f"not a question: {problem}", 400)
    try:
        here = own.membership()
        if not here.founded:
            said = calling.post(here.parent, path, told, PATIENCE)
            return JsonResponse(said.body, status=said.status)
        return JsonResponse(act(here, told))
    except own.NotNamed as problem:
        return _refused("founder", str(problem), 404)
    except calling.Failed as failed:
        return _refused(failed.hop, failed.detail, 502)
    except NotTaken as refused:
        return _refused(refused.why, refused.detail, 403)
    except (EvidenceUnavailable, KeyStoreUnavailable) as down:
        return _refused("answer", str(down), 503)


def _refused(why: str, detail: str, status: int) -> JsonResponse:
    return JsonResponse({"why": why, "detail": detail}, status=status)
