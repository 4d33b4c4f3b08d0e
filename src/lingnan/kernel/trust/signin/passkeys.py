"""Passkeys (WebAuthn Level 2): a key pair of a device, which asks for a finger, a face or a PIN.

A passkey belongs to a name in the address bar; to a bare IP address it cannot belong.
"""

import hashlib
import ipaddress
import json
import time
from typing import Any

import webauthn
from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils import timezone
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.api import read_json
from lingnan.kernel.trust.models import Account, Credential
from lingnan.kernel.trust.signin import factors, sessions
from lingnan.kernel.trust.signin.factors import ISSUER

IN_SESSION = "passkey"
PATIENCE = 300.0
# An answer names a credential of at most 1023 bytes and carries its key; more is none.
MOST = 20_000
UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, OverflowError)


class NotThisPasskey(Exception):
    """`why` is unreadable, unknown, challenge or refused: for the evidence."""

    def __init__(self, why: str, account: Account | None = None) -> None:
        super().__init__(why)
        self.why, self.account = why, account


def site(request: HttpRequest) -> str:
    """The name in the address bar; empty where it is none that a passkey can belong to."""
    name = split_domain_port(request.get_host())[0]
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return name
    return ""


def _origins(request: HttpRequest) -> list[str]:
    told = f"{request.scheme}://{request.get_host()}"
    return list({told, settings.PUBLIC_ADDRESS.rstrip("/")})


def _challenge(request: HttpRequest, purpose: str, challenge: bytes) -> None:
    request.session[IN_SESSION] = [purpose, bytes_to_base64url(challenge), time.time()]


def _challenged(request: HttpRequest, purpose: str) -> bytes:
    """The challenge that is to be answered; it serves once. Raises `NotThisPasskey`."""
    kept = request.session.pop(IN_SESSION, None)
    if not kept or kept[0] != purpose or time.time() - kept[2] > PATIENCE:
        raise NotThisPasskey("challenge")
    return base64url_to_bytes(kept[1])


def _handle(account: Account) -> bytes:
    """How a device knows the account: nothing that can be read."""
    return bytes.fromhex(keys.veil(account.key, "trust.passkey"))


def _known_by(identifier: bytes) -> str:
    return hashlib.sha256(identifier).hexdigest()


def asking(request: HttpRequest) -> str:
    """What the browser is asked to sign in with, as JSON: any passkey of this site."""
    options = webauthn.generate_authentication_options(
        rp_id=site(request), user_verification=UserVerificationRequirement.REQUIRED
    )
    _challenge(request, "signin", options.challenge)
    return webauthn.options_to_json(options)


def offering(request: HttpRequest, account: Account) -> str:
    """What the browser is asked to make a passkey from, as JSON. Those there are excluded."""
    options = webauthn.generate_registration_options(
        rp_id=site(request),
        rp_name=ISSUER,
        user_id=_handle(account),
        user_name=account.login,
        user_display_name=account.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(_parts(row)[0]))
            for row in factors.of_kind(account, "passkey")
        ],
    )
    _challenge(request, "add", options.challenge)
    return webauthn.options_to_json(options)


def add(request: HttpRequest, account: Account, name: str, answer: str) -> None:
    """Keep the passkey that a device has made. Raises `NotThisPasskey`."""
    challenge = _challenged(request, "add")
    try:
        made = webauthn.verify_registration_response(
            credential=answer[:MOST],
            expected_challenge=challenge,
            expected_rp_id=site(request),
            expected_origin=_origins(request),
            require_user_verification=True,
        )
    except UNREADABLE as problem:
        raise NotThisPasskey("refused") from problem
    handle = _known_by(made.credential_id)
    if Credential.objects.filter(kind="passkey", handle=handle).exists():
        raise NotThisPasskey("known")
    sessions.write("trust.credential_added", account, method="passkey", name=name)
    kept = [bytes_to_base64url(made.credential_id), bytes_to_base64url(made.credential_public_key)]
    Credential.objects.create(
        key=keys.new_key(),
        account=account.key,
        kind="passkey",
        name=name,
        handle=handle,
        secret=json.dumps(kept).encode(),
        counter=made.sign_count,
        site=site(request),
        added_at=timezone.now(),
    )


def _parts(row: Credential) -> list[str]:
    """Id and public key of a passkey, in base 64."""
    found: list[str] = json.loads(bytes(row.secret))
    return found


def whose(request: HttpRequest, answer: str) -> Account:
    """Whose passkey has signed this session's challenge. Raises `NotThisPasskey`.

    A signature count that does not grow means a copied key, and is refused (§7.2, step 21).
    """
    challenge = _challenged(request, "signin")
    try:
        said: dict[str, Any] = read_json(answer[:MOST])
        handle = _known_by(base64url_to_bytes(said["rawId"]))
        row = Credential.objects.filter(kind="passkey", handle=handle).first()
        user = base64url_to_bytes(said["response"].get("userHandle") or "")
    except UNREADABLE as problem:
        raise NotThisPasskey("unreadable") from problem
    account = Account.objects.filter(key=row.account, is_active=True).first() if row else None
    if row is None or account is None or user not in (b"", _handle(account)):
        raise NotThisPasskey("unknown")
    try:
        count = webauthn.verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=row.site,
            expected_origin=_origins(request),
            credential_public_key=base64url_to_bytes(_parts(row)[1]),
            credential_current_sign_count=row.counter,
            require_user_verification=True,
        ).new_sign_count
    except UNREADABLE as problem:
        raise NotThisPasskey("refused", account) from problem
    rows = Credential.objects.filter(key=row.key, counter=row.counter)
    if not rows.update(counter=count, used_at=timezone.now()):
        raise NotThisPasskey("refused", account)
    return account
