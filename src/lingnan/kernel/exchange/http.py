"""The wire of the exchange: uses from other nodes."""

import hmac
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lingnan.kernel.exchange import afar, gateway, holders
from lingnan.kernel.exchange.use import ExchangeFailure, Use
from lingnan.kernel.trust.api import PUBLIC, EvidenceUnavailable, KeyStoreUnavailable, allow

STATUS = {"denied": 403, "unavailable": 503, "stale": 409}


@allow(PUBLIC)  # nodes know each other by the route's token, checked below
@csrf_exempt
@require_POST
def single(request: HttpRequest) -> JsonResponse:
    if not _known(request):
        return _failure("denied", "unknown node", 401)
    try:
        body = json.loads(request.body)
        use, names = read_use(body)
        shown = dict(body.get("consents") or {})
    except (ValueError, KeyError, TypeError) as error:
        return _failure("denied", f"not a use: {error}", 400)
    try:
        answers, consents = gateway.answer_shown(use, names, shown)
    except ExchangeFailure as failure:
        return _failure(failure.code, failure.detail, STATUS[failure.code])
    rows = [
        {"subject": a.subject, "rows": list(a.rows), "evidence": a.evidence, "as_of": a.as_of}
        for a in answers
    ]
    return JsonResponse({"answers": rows} | ({"consents": consents} if consents else {}))


@allow(PUBLIC)  # nodes know each other by a token, checked below
@csrf_exempt
@require_POST
def consents_of(request: HttpRequest) -> JsonResponse:
    """Whether a consent that was given here is in force: asked by a holder at each use."""
    if not _known(request):
        return _failure("denied", "unknown node", 401)
    try:
        question = dict(json.loads(request.body))
        answer = afar.standing(question)
    except (ValueError, TypeError) as error:
        return _failure("denied", f"not a question: {error}", 400)
    except (EvidenceUnavailable, KeyStoreUnavailable) as down:
        return _failure("unavailable", str(down), 503)
    return JsonResponse({"answer": answer})


@allow(PUBLIC)  # nodes know each other by a token, checked below
@csrf_exempt
@require_POST
def agreements(request: HttpRequest) -> JsonResponse:
    """What this node's agreements ask of people: read by them at the node that knows them."""
    if not _known(request):
        return _failure("denied", "unknown node", 401)
    try:
        question = dict(json.loads(request.body))
    except (ValueError, TypeError) as error:
        return _failure("denied", f"not a question: {error}", 400)
    try:
        return JsonResponse({"answer": holders.answered(question)})
    except (EvidenceUnavailable, KeyStoreUnavailable) as down:
        return _failure("unavailable", str(down), 503)


def _known(request: HttpRequest) -> bool:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.EXCHANGE_TOKEN) and _same(token, settings.EXCHANGE_TOKEN)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def read_use(body: dict[str, Any]) -> tuple[Use, dict[str, str] | None]:
    """The use of a request, and how its holder knows the subjects where the asker's node
    holds their mapping. Raises ValueError, KeyError or TypeError."""
    plain = dict(body["use"])
    for name in ("resource", "consumer", "purpose", "basis", "case", "actor"):
        if not isinstance(plain[name], str) or len(plain[name]) > 200:
            raise ValueError(f"{name} is not a text of at most 200 characters")
    if not plain["case"].isprintable():
        raise ValueError("case is not printable")
    plain["subjects"] = tuple(str(s) for s in plain["subjects"])
    plain["elements"] = tuple(str(e) for e in plain["elements"])
    plain["deadline"] = min(float(plain.get("deadline", 5.0)), 30.0)
    names = body.get("known_as")
    if names is not None:
        names = {str(k): str(v) for k, v in dict(names).items()}
        if set(names) != set(plain["subjects"]):
            raise ValueError("known_as does not name the subjects")
    return Use(**plain), names


def _failure(code: str, detail: str, status: int) -> JsonResponse:
    return JsonResponse({"failure": code, "detail": detail}, status=status)
