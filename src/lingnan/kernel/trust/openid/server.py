"""The provider: what it accepts, issues and takes back, by Authlib's protocol machine."""

import secrets
from functools import lru_cache
from typing import Any

from authlib.integrations.django_oauth2.requests import DjangoOAuth2Payload, DjangoOAuth2Request
from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidScopeError
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oidc.core.grants.util import is_openid_scope
from authlib.oidc.rpinitiated import EndSessionEndpoint
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.trust.openid import claims, grants, parties, signing
from lingnan.kernel.trust.openid.models import IssuedToken
from lingnan.kernel.trust.openid.parties import Party

AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]
NONCE = 500


class ProofKey(CodeChallenge):
    """A proof key is asked of every system, and only by hash (RFC 9700 §2.1.1)."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("'code_challenge' with method 'S256' is required.")
        super().validate_code_challenge(grant, redirect_uri)


class Identity:
    """OpenID Connect upon the code: its scope, its nonce, its token."""

    def __call__(self, grant: Any) -> None:
        grant.register_hook("after_validate_authorization_request_payload", self.check)
        grant.register_hook("after_create_token_response", self.add)

    def check(self, grant: Any, redirect_uri: str) -> None:
        request: OAuth2Request = grant.request
        asked = (request.payload.scope or "").split()
        if "openid" not in asked or not set(request.client.row.scopes.split()) >= set(asked):
            raise InvalidScopeError()
        if len(request.payload.data.get("nonce", "")) > NONCE:
            raise InvalidRequestError("'nonce' is too long.")

    def add(self, grant: Any, result: Any) -> None:
        _status, token, _headers = result
        if is_openid_scope(token["scope"]):
            told = grants.identity(
                grant.request.client, grant.request.user, token["access_token"], token["scope"]
            )
            token["id_token"] = told


class Revocation(RevocationEndpoint):
    """RFC 7009: a token taken back takes all of its family with it."""

    CLIENT_AUTH_METHODS = AUTH_METHODS

    def query_token(self, token_string: str, token_type_hint: str) -> grants.KnownToken | None:
        row = IssuedToken.objects.filter(digest=grants.digest(token_string)).first()
        return grants.KnownToken(row) if row else None

    def revoke_token(self, token: grants.KnownToken, request: OAuth2Request) -> None:
        grants.revoke(Q(family=token.row.family), "taken back by the system")


class Introspection(IntrospectionEndpoint):
    """RFC 7662: whether a token holds, told to the body whose system it was issued to."""

    CLIENT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

    def query_token(self, token_string: str, token_type_hint: str) -> grants.KnownToken | None:
        row = IssuedToken.objects.filter(digest=grants.digest(token_string)).first()
        return grants.KnownToken(row) if row else None

    def check_permission(
        self, token: grants.KnownToken, client: Party, request: OAuth2Request
    ) -> bool:
        issued_to = parties.party(token.row.client_id)
        return issued_to is not None and issued_to.row.body == client.row.body

    def introspect_token(self, token: grants.KnownToken) -> dict[str, Any]:
        row, issued_to = token.row, parties.party(token.row.client_id)
        bearer = grants.Bearer.of(row)
        if bearer is None or issued_to is None or (row.kind == "refresh" and row.used):
            return {"active": False}
        return {
            "active": True,
            "client_id": row.client_id,
            "scope": row.scopes,
            "sub": claims.subject(issued_to.row, row.account),
            "acr": claims.LEVELS[row.level],
            "iat": int(row.issued_at.timestamp()),
            "exp": int(row.until.timestamp()),
        }


class Leaving(EndSessionEndpoint):
    """OpenID Connect RP-Initiated Logout 1.0: what comes after a person has signed out here."""

    def get_server_jwks(self) -> dict[str, Any]:
        return signing.published()

    def get_algorithms(self) -> list[str]:
        return list(signing.KEYS)

    def end_session(self, end_session_request: Any) -> None:
        """The page has ended the session before it asks where to go."""


class Asked(DjangoOAuth2Request):
    """A request in the protocol's words. Only a demonstration answers on an open line."""

    def __init__(self, request: HttpRequest) -> None:
        address = request.build_absolute_uri()
        if legal_time.is_demonstration():
            address = f"https:{address.partition(':')[2]}"
        OAuth2Request.__init__(self, request.method, address, headers=request.headers)
        self.payload = DjangoOAuth2Payload(request)
        self._request = request


class Provider(AuthorizationServer):
    """Authlib's machine upon this node's register and tables."""

    def query_client(self, client_id: str) -> Party | None:
        return parties.party(client_id)

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        grants.save(token, request.client, request.user)

    def create_oauth2_request(self, request: HttpRequest | OAuth2Request) -> OAuth2Request:
        return request if isinstance(request, OAuth2Request) else Asked(request)

    def handle_response(self, status: int, body: Any, headers: Any) -> HttpResponse:
        made = JsonResponse(body) if isinstance(body, dict) else HttpResponse(body)
        made.status_code = status
        for name, value in headers:
            made[name] = value
        return made

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nothing follows by signals here."""


def _lifetime(client: Party, grant_type: str) -> int:
    return int(grants.ACCESS.total_seconds())


def _token(*args: Any, **kwargs: Any) -> str:
    return secrets.token_urlsafe(32)


@lru_cache(maxsize=1)
def provider() -> Provider:
    """The one provider of this process."""
    made = Provider(scopes_supported=list(parties.SCOPES))
    made.register_token_generator("default", BearerTokenGenerator(_token, _token, _lifetime))
    made.register_grant(grants.Code, [ProofKey(required=True), Identity()])
    made.register_grant(grants.Refresh, [Identity()])
    made.register_endpoint(Revocation)
    made.register_endpoint(Introspection)
    made.register_endpoint(Leaving)
    return made
