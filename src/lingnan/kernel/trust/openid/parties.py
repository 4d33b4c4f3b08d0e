"""The systems at which people may sign in: their register, and as the protocol asks for them.

`WORDS` says to people what each scope lets a system learn.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from authlib.oauth2.rfc6749 import ClientMixin
from django.contrib.auth.hashers import check_password, make_password
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.runtime.temporal.action import action
from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.openid import signing
from lingnan.kernel.trust.openid.models import RelyingParty

WORDS: dict[str, Promise] = {
    "openid": _("a number for you that only this body's systems know you by"),
    "profile": _("your name, and whether you sign in as a resident or as an official"),
    "post": _("the post under which you act: your body, its division, and your role"),
}
SCOPES = tuple(WORDS)
LOCAL = ("127.0.0.1", "localhost", "[::1]")


class NotFit(ValueError):
    """An address, scope or level that a system may not be registered with. `field` says which."""

    def __init__(self, field: str, value: str) -> None:
        super().__init__(f"{field}: {value}")
        self.field, self.value = field, value


@dataclass(frozen=True)
class Wanted:
    """What a system is registered with. `public`: it can keep no secret."""

    body: str
    name_zh: str
    name_en: str
    redirects: Sequence[str]
    logouts: Sequence[str] = ()
    backchannel: str = ""
    scopes: Sequence[str] = SCOPES
    level: int = 1
    public: bool = False
    algorithm: str = "RS256"


class Party(ClientMixin):
    """A registered system in the protocol's words (RFC 6749 §2)."""

    def __init__(self, row: RelyingParty) -> None:
        self.row, self.client_id = row, row.client_id

    @property
    def client_metadata(self) -> dict[str, list[str]]:
        return {"post_logout_redirect_uris": self.row.logouts.split()}

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """None: the address is always named, and exactly one that is registered."""

    def get_allowed_scope(self, scope: str | None) -> str:
        allowed = self.row.scopes.split()
        return " ".join(one for one in SCOPES if one in allowed and one in (scope or "").split())

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.row.redirects.split()

    def check_client_secret(self, client_secret: str) -> bool:
        return bool(self.row.secret) and check_password(client_secret, self.row.secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        if not self.row.secret:
            return method == "none" and endpoint != "introspection"
        return method in ("client_secret_basic", "client_secret_post")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in ("authorization_code", "refresh_token")


def party(client_id: str) -> Party | None:
    row = RelyingParty.objects.filter(client_id=client_id, ended=False).first()
    return Party(row) if row else None


def registered() -> list[RelyingParty]:
    return list(RelyingParty.objects.filter(ended=False).order_by("body", "key"))


def register(wanted: Wanted, by: str) -> tuple[RelyingParty, str]:
    """Register a system: the row, and its secret, which is told this once ("" where public).

    Raises NotFit; EvidenceUnavailable.
    """
    _check(wanted)
    told = secrets.token_urlsafe(32) if not wanted.public else ""
    client_id = secrets.token_hex(12)
    payload = {"client": client_id, "body": wanted.body, "scopes": list(wanted.scopes), "by": by}
    node_evidence.write([node_evidence.entry("trust.party_registered", payload)])
    with action(by=by, reason="system registered for sign-in") as act:
        row = act.create(
            RelyingParty,
            client_id=client_id,
            body=wanted.body,
            name_zh=wanted.name_zh,
            name_en=wanted.name_en,
            redirects="\n".join(wanted.redirects),
            logouts="\n".join(wanted.logouts),
            backchannel=wanted.backchannel,
            secret=make_password(told) if told else "",
            scopes=" ".join(one for one in SCOPES if one in wanted.scopes),
            level=wanted.level,
            algorithm=wanted.algorithm,
        )
    return row, told


def renew_secret(row: RelyingParty, by: str) -> str:
    """A new secret, told this once; the old one ends at once."""
    told = secrets.token_urlsafe(32)
    payload = {"client": row.client_id, "by": by}
    node_evidence.write([node_evidence.entry("trust.party_secret_renewed", payload)])
    with action(by=by, reason="secret renewed") as act:
        act.change(row, secret=make_password(told))
    return told


def end(row: RelyingParty, by: str) -> None:
    """Nobody signs in at the system by this node any more; its tokens are void."""
    payload = {"client": row.client_id, "by": by}
    node_evidence.write([node_evidence.entry("trust.party_ended", payload)])
    with action(by=by, reason="system taken off") as act:
        act.end(row)


def _check(wanted: Wanted) -> None:
    told = [wanted.backchannel] if wanted.backchannel else []
    for field, addresses in (
        ("redirects", wanted.redirects), ("logouts", wanted.logouts), ("backchannel", told),
    ):  # fmt: skip
        for address in addresses:
            if not _fit(address):
                raise NotFit(field, address)
    if not wanted.redirects:
        raise NotFit("redirects", "")
    if "openid" not in wanted.scopes or not set(SCOPES) >= set(wanted.scopes):
        raise NotFit("scopes", " ".join(wanted.scopes))
    if wanted.algorithm not in signing.KEYS:
        raise NotFit("algorithm", wanted.algorithm)
    if wanted.level not in (1, 2, 3):
        raise NotFit("level", str(wanted.level))


def _fit(address: str) -> bool:
    """Encrypted, or on the reader's own machine; whole, and without a fragment (RFC 9700 §2.1)."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = not any(c.isspace() or not c.isprintable() for c in address) and "*" not in address
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOCAL)
    return plain and safe and bool(host) and not parts.fragment and "@" not in parts.netloc
