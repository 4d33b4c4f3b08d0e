"""The provider's addresses for programs: discovery, keys, tokens, what is known of a person."""

from datetime import UTC, datetime
from typing import Any

from authlib.oauth2.rfc6750.errors import InvalidTokenError
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingnan.kernel.trust.access import PUBLIC, allow
from lingnan.kernel.trust.openid import claims, grants, parties, signing
from lingnan.kernel.trust.openid.models import IssuedToken
from lingnan.kernel.trust.openid.server import AUTH_METHODS, provider

KEPT_BY_READERS = 3600


@allow(PUBLIC)
@require_safe
def discovery(request: HttpRequest) -> JsonResponse:
    """What this provider can do and where (OpenID Connect Discovery 1.0 §3)."""
    told: dict[str, Any] = {
        "issuer": settings.PUBLIC_ADDRESS,
        "authorization_endpoint": _address("openid-authorize"),
        "token_endpoint": _address("openid-token"),
        "userinfo_endpoint": _address("openid-userinfo"),
        "jwks_uri": _address("openid-keys"),
        "revocation_endpoint": _address("openid-revoke"),
        "introspection_endpoint": _address("openid-introspect"),
        "end_session_endpoint": _address("openid-logout"),
        "scopes_supported": list(parties.SCOPES),
        "claims_supported": [*claims.NAMES, "acr", "auth_time", "sid"],
        "acr_values_supported": list(claims.LEVELS.values()),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": list(signing.KEYS),
        "token_endpoint_auth_methods_supported": AUTH_METHODS,
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent"],
        "ui_locales_supported": ["zh-Hans", "en"],
        "authorization_response_iss_parameter_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
    }
    return _open(told)


@allow(PUBLIC)
@require_safe
def keys(request: HttpRequest) -> JsonResponse:
    """The public keys behind identity tokens."""
    return _open(signing.published())


@csrf_exempt
@allow(PUBLIC)
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Tokens for a code or for a refreshing token (RFC 6749 §3.2)."""
    return provider().create_token_response(request)


@csrf_exempt
@allow(PUBLIC)
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """A token taken back by its system (RFC 7009)."""
    answer: HttpResponse = provider().create_endpoint_response("revocation", request)
    return answer


@csrf_exempt
@allow(PUBLIC)
@require_POST
def introspect(request: HttpRequest) -> HttpResponse:
    """Whether a token holds (RFC 7662)."""
    answer: HttpResponse = provider().create_endpoint_response("introspection", request)
    return answer


@csrf_exempt
@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """What the token's scopes allow to be known of the person (OpenID Connect Core §5.3)."""
    kind, _space, text = request.headers.get("Authorization", "").partition(" ")
    row = _access(text.strip()) if kind.lower() == "bearer" else None
    party = parties.party(row.client_id) if row else None
    bearer = grants.Bearer.of(row) if row else None
    if row is None or party is None or bearer is None:
        return _refused()
    told = claims.of(party.row, bearer.account, bearer.actor, row.scopes.split())
    answer = JsonResponse(told)
    answer["Cache-Control"] = "no-store"
    return answer


def _access(text: str) -> IssuedToken | None:
    """An access token that holds now."""
    rows = IssuedToken.objects.filter(digest=grants.digest(text), kind="access", revoked=False)
    return rows.filter(until__gt=datetime.now(UTC)).first()


def _refused() -> HttpResponse:
    error = InvalidTokenError()
    answer = JsonResponse(dict(error.get_body()), status=401)
    answer["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return answer


def _open(told: dict[str, Any]) -> JsonResponse:
    """For everybody, from every page: nothing in it is secret."""
    answer = JsonResponse(told)
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = f"public, max-age={KEPT_BY_READERS}"
    return answer


def _address(name: str) -> str:
    return settings.PUBLIC_ADDRESS + reverse(name)
