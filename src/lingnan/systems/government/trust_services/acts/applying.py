"""An application for a certificate: what is asked for, and that it may be asked for."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from lingnan.kernel.duty.api import tasks
from lingnan.kernel.runtime.api import Title, action, legal_time
from lingnan.kernel.trust.api import (
    Actor,
    Algorithm,
    Body,
    Name,
    key_certificates,
    key_profiles,
    key_requests,
)
from lingnan.systems.government.trust_services.acts.refusals import Refused
from lingnan.systems.government.trust_services.models import CertificateApplication

OFFICER = "certificate_officer"
CHECK, ISSUE = "certificate_check", "certificate_issue"
TITLES = {
    CHECK: Title("核验证书申请人身份", "Check who applies for a certificate"),
    ISSUE: Title("签发数字证书", "Issue a certificate"),
}
# A name of letters, digits and hyphens in labels (RFC 1123 §2.1), never a lone label.
HOST = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}")
MOST_HOSTS = 10
RENEWABLE = timedelta(days=30)
PROFILES = {"resident": key_profiles.SIGNING, "official": key_profiles.SIGNING,
            "firm": key_profiles.SIGNING, "system": key_profiles.SYSTEM,
            "node": key_profiles.SYSTEM}  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """What is asked for. `request` is None where the node keeps the key of a system.

    `division` is that of the holder: its city's data body handles the application.
    """

    kind: str
    holder: str
    name: str
    organisation: str
    organisation_code: str
    division: str
    days: int
    request: key_requests.Request | None
    algorithm: str = "p256"
    hosts: tuple[str, ...] = ()
    encryption: bool = False
    renews: str = ""
    from_register: bool = False


def resident(who: Actor, name: str | None, division: str) -> dict[str, Any]:
    """Whom a resident's certificate names: by the register of residents where it answers, else by
    the account; never an identity number. `division` is that of the office that checks."""
    return {
        "holder": key_certificates.holders(who.account)[0],
        "name": name or who.name,
        "organisation": "",
        "organisation_code": "",
        "division": division,
        "from_register": name is not None,
    }


def official(who: Actor) -> dict[str, str]:
    """Whom an official's own certificate names, for the post under which the official acts."""
    body = Body.objects.get(code=who.body)
    return {
        "holder": key_certificates.holder_of_official(who.account),
        "name": who.name,
        "organisation": body.name_zh[:64],
        "organisation_code": body.code,
        "division": body.division,
    }


def firm(code: str, name: str) -> dict[str, str]:
    """Whom a firm's certificate names. Signs 3 to 8 of the credit code are the division where it
    is registered (GB 32100-2015)."""
    told = {"name": name, "organisation": name, "organisation_code": code}
    return told | {"holder": f"firm-{code}", "division": code[2:8]}


def system(who: Actor, kind: str, name: str, hosts: tuple[str, ...]) -> dict[str, Any]:
    """Whom the certificate of a system of the applicant's body names, or of a node."""
    body = Body.objects.get(code=who.body)
    told = {"holder": f"{kind}-{hosts[0]}"[:64], "name": name, "hosts": hosts}
    told |= {"organisation": body.name_zh[:64], "organisation_code": body.code}
    return told | {"division": body.division}


def algorithm_of(request: key_requests.Request) -> str:
    return "sm2" if request.key.algorithm is Algorithm.SM2 else "p256"


def hosts_of(text: str) -> tuple[str, ...]:
    """Host names, one a line or between blanks. Raises `Refused`."""
    found = tuple(dict.fromkeys(text.lower().split()))
    if not 0 < len(found) <= MOST_HOSTS or not all(HOST.fullmatch(one) for one in found):
        raise Refused("hosts")
    return found


def handler_of(division: str) -> Body:
    """The data body that handles what is of a division: its city's, or the province's."""
    rows = Body.objects.filter(function="data", ended=False)
    city = rows.filter(tier="city", division=f"{division[:4]}00").first()
    found = city or rows.filter(tier="province").first()
    if found is None:
        raise Refused("missing")
    return found


def file(wish: Wish, who: Actor) -> CertificateApplication:
    """File it, with the task of the check of identity. Raises `Refused`."""
    _may_be_asked(wish)
    handler = handler_of(wish.division)
    try:
        with transaction.atomic():
            with action(by=who.signature, reason="certificate applied for") as act:
                made = act.create(
                    CertificateApplication,
                    number=_number(),
                    kind=wish.kind,
                    holder=wish.holder,
                    name=wish.name,
                    organisation=wish.organisation,
                    organisation_code=wish.organisation_code,
                    hosts=" ".join(wish.hosts),
                    algorithm=wish.algorithm,
                    own_key=wish.request is not None,
                    encryption=wish.encryption,
                    days=wish.days,
                    request=wish.request.pem if wish.request else "",
                    key_mark=wish.request.mark if wish.request else "",
                    renews=wish.renews,
                    from_register=wish.from_register,
                    applicant=who.account,
                    applicant_name=who.name,
                    handler=handler.code,
                    division=handler.division,
                    filed_on=legal_time.today(),
                    state="filed",
                )
            open_task(made, CHECK)
    except IntegrityError as problem:
        # Somebody was quicker with the same key or for the same holder.
        raise Refused("duplicate") from problem
    return made


def open_task(made: CertificateApplication, code: str) -> None:
    link = address(made.number)
    tasks.open_task(made.number, code, TITLES[code], made.name, made.handler, OFFICER, link)


def address(number: str) -> str:
    return f"/desk/certification/applications/{number}/"


def withdraw(made: CertificateApplication, who: Actor) -> None:
    """The applicant takes it back. Raises `Refused`."""
    if made.applicant != who.account:
        raise Refused("not_yours")
    if made.state not in made.OPEN:
        raise Refused("done")
    with transaction.atomic():
        with action(by=who.signature, reason="application withdrawn") as act:
            act.change(made, state="withdrawn")
        tasks.withdraw(made.number, who.signature)


def certificates_of(holder: str) -> Sequence[key_certificates.IssuedCertificate]:
    """Those of a holder that hold now, the one that ends last first."""
    rows = key_certificates.rows().filter(holder=holder, state="good")
    rows = rows.exclude(authority__in=list(key_certificates.revoked_authorities()))
    return list(rows.filter(not_after__gt=timezone.now()).order_by("-not_after"))


def _may_be_asked(wish: Wish) -> None:
    try:
        Name(wish.name, wish.organisation, wish.organisation_code)
    except ValueError as problem:
        raise Refused("name") from problem
    if not 0 < wish.days <= PROFILES[wish.kind].days:
        raise Refused("days")
    rows = CertificateApplication.objects.filter(state__in=(*CertificateApplication.OPEN, "issued"))
    if wish.request and rows.filter(key_mark=wish.request.mark).exists():
        raise Refused("reused")
    same = rows.filter(holder=wish.holder, algorithm=wish.algorithm)
    if same.filter(state__in=CertificateApplication.OPEN).exists():
        raise Refused("duplicate")
    held = {one.serial for one in certificates_of(wish.holder)}
    issued = set(same.filter(state="issued").values_list("serial", flat=True)) & held
    if wish.renews:
        if wish.renews not in issued:
            raise Refused("gone")
    elif issued:
        raise Refused("held")


def _number() -> str:
    signs = "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(6))
    return f"ZS{legal_time.today():%Y%m%d}{signs}"
