"""Codes and tokens: issued for a sign-in, changed once, void together.

A code or a refreshing token that comes a second time was stolen by one of the two who sent it: all
that came of the same sign-in ends (RFC 9700 §4.14.2).
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from authlib.oauth2.rfc6749 import InvalidGrantError, OAuth2Request, grants
from django.conf import settings
from django.db.models import Q

from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.models import SignedInSession
from lingnan.kernel.trust.openid import claims, leaving, signing
from lingnan.kernel.trust.openid.models import AuthorizationCode, IssuedToken
from lingnan.kernel.trust.openid.parties import Party

CODE, ACCESS, REFRESH = timedelta(seconds=60), timedelta(minutes=10), timedelta(hours=8)


@dataclass(frozen=True)
class SignedIn:
    """A sign-in that a person has let a system know of.

    session  names the browser's session, which ends all tokens with it; `at` is system time
    """

    account: int
    holding: int | None
    session: str
    level: int
    at: datetime


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def revoke(found: Q, why: str) -> int:
    """All tokens so found are void at once; how many were. Written down first."""
    rows = IssuedToken.objects.filter(found, revoked=False)
    clients = sorted(set(rows.values_list("client_id", flat=True)))
    if not clients:
        return 0
    payload = {"clients": clients, "why": why}
    node_evidence.write([node_evidence.entry("trust.tokens_revoked", payload)])
    return rows.update(revoked=True)


class Code(grants.AuthorizationCodeGrant):
    """RFC 6749 §4.1, always with a proof key (RFC 7636)."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        signed, data = request.user, request.payload.data
        assert isinstance(signed, SignedIn)
        AuthorizationCode.objects.create(
            digest=digest(code),
            family=secrets.token_hex(16),
            client_id=request.client.client_id,
            account=signed.account,
            holding=signed.holding,
            session=signed.session,
            redirect=request.payload.redirect_uri,
            scopes=request.scope,
            nonce=data.get("nonce", ""),
            challenge=data["code_challenge"],
            signed_in_at=signed.at,
            level=signed.level,
            until=datetime.now(UTC) + CODE,
        )

    def query_authorization_code(self, code: str, client: Party) -> "KnownCode | None":
        row = AuthorizationCode.objects.filter(
            digest=digest(code), client_id=client.client_id
        ).first()
        if row is None or row.until < datetime.now(UTC):
            return None
        if row.used:
            revoke(Q(family=row.family), "code used again")
            return None
        return KnownCode(row)

    def authenticate_user(self, authorization_code: "KnownCode") -> "Bearer | None":
        """The code counts as used from here on: of two at once one is refused."""
        row = authorization_code.row
        if not AuthorizationCode.objects.filter(pk=row.pk, used=False).update(used=True):
            revoke(Q(family=row.family), "code used again")
            raise InvalidGrantError("Invalid 'code' in request.")
        return Bearer.of(row)

    def delete_authorization_code(self, authorization_code: "KnownCode") -> None:
        """Kept as used until it is swept away, so that a second use is noticed."""


class Refresh(grants.RefreshTokenGrant):
    """RFC 6749 §6; each refreshing token serves once."""

    TOKEN_ENDPOINT_AUTH_METHODS = Code.TOKEN_ENDPOINT_AUTH_METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> "KnownToken | None":
        row = IssuedToken.objects.filter(digest=digest(refresh_token), kind="refresh").first()
        if row is None or row.revoked or row.until < datetime.now(UTC):
            return None
        if row.used:
            revoke(Q(family=row.family), "refreshing token used again")
            return None
        return KnownToken(row)

    def authenticate_user(self, refresh_token: "KnownToken") -> "Bearer":
        row = refresh_token.row
        if not IssuedToken.objects.filter(pk=row.pk, used=False, revoked=False).update(used=True):
            revoke(Q(family=row.family), "refreshing token used again")
            raise InvalidGrantError()
        bearer = Bearer.of(row)
        if bearer is None:
            revoke(Q(family=row.family), "account or post ended")
            raise InvalidGrantError()
        return bearer

    def revoke_old_credential(self, refresh_token: "KnownToken") -> None:
        """It was marked as used before the new one was made."""


@dataclass(frozen=True)
class Bearer:
    """For whom tokens are issued: what the code or the former token was issued for."""

    row: AuthorizationCode | IssuedToken
    account: Any
    actor: Any

    @classmethod
    def of(cls, row: AuthorizationCode | IssuedToken) -> "Bearer | None":
        """None where the account, its post or the session has ended."""
        found = claims.acting(row.account, row.holding)
        rows = SignedInSession.objects.filter(account=row.account, ended_at=None)
        alive = row.session and rows.filter(key=int(row.session)).exists()
        return cls(row, *found) if found and alive else None


@dataclass(frozen=True)
class KnownCode:
    """A code in the protocol's words."""

    row: AuthorizationCode

    @property
    def code_challenge(self) -> str:
        return self.row.challenge

    @property
    def code_challenge_method(self) -> str:
        return "S256"

    def get_redirect_uri(self) -> str:
        return self.row.redirect

    def get_scope(self) -> str:
        return self.row.scopes


@dataclass(frozen=True)
class KnownToken:
    """A token in the protocol's words."""

    row: IssuedToken

    def check_client(self, client: Party) -> bool:
        return client.client_id == self.row.client_id

    def get_scope(self) -> str:
        return self.row.scopes

    def get_expires_in(self) -> int:
        return int((self.row.until - self.row.issued_at).total_seconds())

    def is_expired(self) -> bool:
        return self.row.until < datetime.now(UTC)

    def is_revoked(self) -> bool:
        return self.row.revoked


def save(token: dict[str, Any], client: Party, bearer: Bearer) -> None:
    """Keep the hashes of tokens. The refreshing one ends with the working day it began in."""
    row, now = bearer.row, datetime.now(UTC)
    last = row.signed_in_at + REFRESH
    ends = {"access": min(now + ACCESS, last), "refresh": last}
    payload = {"client": client.client_id, "account": bearer.actor.signature, "family": row.family}
    node_evidence.write([node_evidence.entry("trust.tokens_issued", payload)])
    for kind, until in ends.items():
        if f"{kind}_token" in token:
            IssuedToken.objects.create(
                digest=digest(token[f"{kind}_token"]),
                kind=kind,
                family=row.family,
                client_id=client.client_id,
                account=row.account,
                holding=row.holding,
                session=row.session,
                scopes=token["scope"],
                signed_in_at=row.signed_in_at,
                level=row.level,
                issued_at=now,
                until=until,
            )


def identity(client: Party, bearer: Bearer, access: str, scopes: str) -> str:
    """The signed identity token (OpenID Connect Core §2)."""
    row, now = bearer.row, datetime.now(UTC)
    half = hashlib.sha256(access.encode()).digest()[:16]
    told: dict[str, Any] = {
        "iss": settings.PUBLIC_ADDRESS,
        "aud": client.client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + ACCESS).timestamp()),
        "auth_time": int(row.signed_in_at.timestamp()),
        "acr": claims.LEVELS[row.level],
        "at_hash": signing.text(half),
        "sid": leaving.sid(client.row, int(row.session)),
    }
    if isinstance(row, AuthorizationCode) and row.nonce:
        told["nonce"] = row.nonce
    told |= claims.of(client.row, bearer.account, bearer.actor, scopes.split())
    return signing.signed(told, client.row.algorithm)
