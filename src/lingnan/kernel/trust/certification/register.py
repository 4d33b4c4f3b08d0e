"""What the authorities issued, and its state: the register of certificates.

电子签名法 (2019) Art. 21: what a certificate says; Art. 24: kept five years after it ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import pem, x509
from django.db import transaction
from django.db.models import Q, QuerySet

from lingnan.kernel.runtime import keys
from lingnan.kernel.runtime.temporal.action import action
from lingnan.kernel.trust import clocks, node_evidence
from lingnan.kernel.trust.certification import authorities
from lingnan.kernel.trust.keystore.keys import KeyStoreUnavailable, PublicKey, SigningKey
from lingnan.kernel.trust.models import IssuedCertificate
from lingnan.kernel.trust.pki.issuing import Wanted
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.pki.profiles import Profile
from lingnan.kernel.trust.pki.revoking import Reason, Revoked
from lingnan.kernel.trust.pki.status import Unknown

RENEW_DAYS = 30
OFFICIAL = "official-"
ISSUED = "key_certificate.issued"
AUTHORITIES = ("issuing", "root")


def holder_of_official(account: int) -> str:
    """What the register calls the official of an account."""
    return OFFICIAL + keys.veil(account, "trust.account")


def holders(account: int) -> tuple[str, str]:
    """What the register may call the holder of an account: a person, an official."""
    return keys.veil(account, "trust.account"), holder_of_official(account)


def account_of(holder: str) -> int | None:
    """The account behind a holder; None where it is a body, a firm, a system or a node."""
    return keys.unveil(holder.removeprefix(OFFICIAL), "trust.account")


class NotPossible(Exception):
    """A state that cannot follow the present one: what is revoked stays so."""


@dataclass(frozen=True)
class Certified:
    """A certificate with the key that this node keeps for its holder."""

    certificate: x509.Certificate
    key: SigningKey
    authority: str

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The certificates above its own."""
        return authorities.chain(self.authority)


def certify(
    authority: str, holder: str, name: Name, public: PublicKey, profile: Profile,
    by: str, key_label: str = "", hosts: tuple[str, ...] = (), days: int | None = None,
) -> x509.Certificate:  # fmt: skip
    """A certificate, in the evidence as a whole and then in the register. Nobody may have it
    before both: what was cut off between them is revoked by `reconciling`. Raises
    `KeyStoreUnavailable`, `EvidenceUnavailable`, and ValueError as `Issuer.issue`."""
    wanted = Wanted(name, public, profile, days, hosts)
    made = authorities.issuer(authority).issue(wanted)
    told = {
        "serial": f"{made.serial_number:x}",
        "authority": authority,
        "profile": profile.name,
        "holder": holder,
        "key_label": key_label,
        "pem": pem.armor("CERTIFICATE", made.dump()).decode(),
    }
    node_evidence.write([node_evidence.entry(ISSUED, told | {"by": by})])
    with action(by=by, reason=f"certificate issued: {profile.name}") as act:
        act.create(IssuedCertificate, **row_of(told))
    return made


def row_of(told: Mapping[str, str]) -> dict[str, Any]:
    """What the register says of a certificate, by what the evidence says."""
    made = x509.Certificate.load(pem.unarmor(told["pem"].encode())[2])
    return {
        "serial": told["serial"],
        "authority": told["authority"],
        "profile": told["profile"],
        "holder": told["holder"],
        "name": made.subject.native["common_name"],
        "key_label": told["key_label"],
        "not_before": made.not_valid_before,
        "not_after": made.not_valid_after,
        "pem": told["pem"],
    }


def kept_for(
    holder: str, name: Name, profile: Profile, authority: str, by: str = "node"
) -> Certified:
    """The holder's present certificate and its key here: issued anew where there is none, it
    names somebody else, it no longer holds, or it ends soon. Raises `KeyStoreUnavailable`,
    `ClocksDiffer`."""
    found = _present(holder, name, profile, authority)
    if found is not None:
        # What is signed by it now would be believed by nobody.
        clocks.demand(f"the certificate of {name.common}", found.certificate.not_valid_before)
        return found
    store = authorities.keys()
    label = f"{profile.name}-{holder}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
    # Whoever verifies with SM2 alone reads an SM2 authority's answers too.
    key = store.make(label, authorities.issuer(authority).key.public.algorithm)
    made = certify(authority, holder, name, key.public, profile, by, label)
    return Certified(made, key, authority)


def _present(holder: str, name: Name, profile: Profile, own: str) -> Certified | None:
    soon = datetime.now(UTC) + timedelta(days=min(RENEW_DAYS, profile.days // 3))
    rows = IssuedCertificate.objects.filter(
        holder=holder, profile=profile.name, state="good", name=name.common, not_after__gt=soon
    )
    # What a revoked authority issued is void; but it goes on answering for itself.
    rows = rows.exclude(authority__in=[one for one in revoked_authorities() if one != own])
    of_sm2 = Q(authority__startswith=authorities.SM2)
    rows = rows.filter(of_sm2 if own.startswith(authorities.SM2) else ~of_sm2)
    for row in rows.exclude(key_label="").order_by("-not_after", "-key")[:3]:
        try:
            key = authorities.keys().open(row.key_label)
        except KeyStoreUnavailable:
            # A key that is lost or damaged signs no more; the next one takes its place.
            continue
        return Certified(loaded(row), key, row.authority)
    return None


def loaded(row: IssuedCertificate) -> x509.Certificate:
    return x509.Certificate.load(pem.unarmor(row.pem.encode())[2])


def rows() -> QuerySet[IssuedCertificate]:
    """The whole register, to be read."""
    return IssuedCertificate.objects.all()


def history(row: IssuedCertificate) -> list[Any]:
    """Every version of a certificate's entry, oldest first: state, reason, changed_by."""
    return list(row.Version.objects.filter(key=row.key).order_by("version"))


def of_profile(profile: str) -> list[IssuedCertificate]:
    """Every certificate of a kind, oldest first: authorities' own kinds, seals; not people's."""
    return list(IssuedCertificate.objects.filter(profile=profile).order_by("key"))


def set_state(serial: str, state: str, reason: Reason | None, by: str) -> IssuedCertificate:
    """Suspend, take back into force, or revoke for good. Raises `NotPossible`, `Unknown`."""
    now = datetime.now(UTC)
    with transaction.atomic():
        row = IssuedCertificate.objects.select_for_update().filter(serial=serial).first()
        if row is None:
            raise Unknown
        if row.state == "revoked" or row.state == state:
            raise NotPossible(row.state)
        why = reason.value if reason else ""
        told = {"serial": serial, "state": state, "why": why}
        node_evidence.write([node_evidence.entry(f"key_certificate.{state}", told | {"by": by})])
        with action(by=by, reason=f"certificate {state}") as act:
            return act.change(row, state=state, because=why, state_at=now)


def why_not(row: IssuedCertificate) -> str:
    """Why a certificate does not hold by the register: suspended, revoked, or authority (who
    certified it was revoked); empty where it holds."""
    if row.state != "good":
        return row.state
    return "authority" if authority_revoked(row.authority) is not None else ""


def authority_revoked(label: str) -> IssuedCertificate | None:
    """The certificate of an authority, where it was revoked."""
    rows = IssuedCertificate.objects.filter(holder=label, profile__in=AUTHORITIES)
    return rows.filter(state="revoked").first()


def revoked_authorities() -> dict[str, IssuedCertificate]:
    """The issuing authorities and roots that were revoked, by label. All below them is void."""
    rows = IssuedCertificate.objects.filter(holder__in=authorities.labels(), state="revoked")
    rows = rows.filter(profile__in=AUTHORITIES)
    return {row.holder: row for row in rows}


def status(authority: str, serial: int) -> Revoked | None:
    """Why a certificate does not hold, or None where it does. Raises `Unknown`."""
    row = IssuedCertificate.objects.filter(serial=f"{serial:x}", authority=authority).first()
    if row is None:
        raise Unknown
    return _revoked(row, _void(authority))


def revoked(authority: str, now: datetime) -> list[Revoked]:
    """Those of an authority that do not hold and have not ended; all of one that was revoked
    (RFC 6960 §2.7 lets the answers say so, too)."""
    rows = IssuedCertificate.objects.filter(authority=authority, not_after__gte=now)
    void = _void(authority)
    if void is None:
        rows = rows.exclude(state="good")
    found = [_revoked(row, void) for row in rows.order_by("key")]
    return [one for one in found if one is not None]


def _void(authority: str) -> Revoked | None:
    """How an authority was revoked; its own services go on telling it."""
    row = authority_revoked(authority)
    return _revoked(row) if row is not None else None


def _revoked(row: IssuedCertificate, void: Revoked | None = None) -> Revoked | None:
    if row.state == "good" or row.state_at is None:
        if void is None or row.profile == "status":
            return None
        return Revoked(int(row.serial, 16), void.at, void.reason)
    return Revoked(int(row.serial, 16), row.state_at, Reason(row.because or "unspecified"))


__all__ = [
    "Certified",
    "NotPossible",
    "Reason",
    "Unknown",
    "authority_revoked",
    "certify",
    "history",
    "kept_for",
    "of_profile",
    "revoked",
    "revoked_authorities",
    "rows",
    "set_state",
    "status",
    "why_not",
]
