"""The file of a power for those whom it names and before whom it is used; and checking one here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from asn1crypto import pem
from django.http import HttpResponse

from lingnan.kernel.trust import node_evidence, node_seals
from lingnan.kernel.trust.acting import checking
from lingnan.kernel.trust.acting.granting import HOLDER, witness
from lingnan.kernel.trust.acting.models import Power
from lingnan.kernel.trust.acting.standing import acting_of
from lingnan.kernel.trust.actors import Actor, actor_of
from lingnan.kernel.trust.certification import authorities, register
from lingnan.kernel.trust.models import Account, IssuedCertificate
from lingnan.kernel.trust.pki import profiles

CONTENT_TYPE = "application/json"
SHOWN = "power.shown"
MOST = 50


@dataclass(frozen=True)
class Verified:
    """What checking a file found here. `power` is the one that it is of, `over` why that does not
    stand, "" where it does. `changed` names the parts of a file that are not as they were made."""

    found: checking.Found
    power: Power | None = None
    over: str = ""
    changed: tuple[str, ...] = ()


def can_be_shown(power: Power) -> bool:
    """Whether it was signed by a key that counts for it: those of before had a system's."""
    return _signer(power.certificate) is not None


def file_of(power: Power) -> bytes:
    """The signed text with the certificates above its key. Raises KeyError where none counts."""
    row = _signer(power.certificate)
    if row is None:
        raise KeyError(power.number)
    chain = [register.loaded(row), *authorities.chain(row.authority)]
    armored = b"".join(pem.armor("CERTIFICATE", one.dump()) for one in chain).decode()
    return checking.written(power.document, power.signature, armored)


def shown_to(power: Power, who: Actor, case: str) -> bytes:
    """The file for an official before whom it is used, in a case: both named see that it was
    shown. Raises KeyError."""
    made = file_of(power)
    told = {"body": who.body, "role": who.role, "case": case, "name": str(who.body_title)}
    witness(SHOWN, power.number, power.principal, power.agent, who, told)
    return made


def answer(made: bytes, number: str) -> HttpResponse:
    """The file as it is handed out."""
    response = HttpResponse(made, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{number}.json"'
    response["Cache-Control"] = "no-store"
    return response


def used_in(case: str) -> list[Power]:
    """The powers by which acts on a case were done, by the evidence of the case."""
    found = node_evidence.reader().by_reference(case, None, MOST, ("case.event",))
    numbers = {str((one.payload or {}).get("power", "")) for one in found} - {""}
    return list(Power.objects.filter(number__in=numbers).order_by("key"))


def verify(content: bytes) -> Verified:
    """A file that somebody was shown: under this node's roots, by its register, and as the power
    stands now."""
    found = checking.verify(content, node_seals.roots())
    if found.said is None:
        return Verified(found, changed=_changed(found.parts or {}))
    parts, number = found.parts or {}, found.said["number"]
    power = Power.objects.filter(number=number, document=parts.get("document", "")).first()
    row = _signer(power.certificate) if power is not None else None
    if power is None or row is None or register.why_not(row):
        return Verified(checking.answered(found, False, False, ""))
    account = Account.objects.filter(key=power.agent).first()
    over = acting_of(power, actor_of(account) if account is not None else None).over
    return Verified(checking.answered(found, True, not over, found.said["last"]), power, over)


def _changed(parts: Mapping[str, str]) -> tuple[str, ...]:
    """Which parts of a changed file are not as they were made here, the text's by their names.

    Told to nobody but who had the file: either the text or its signature is still as it was.
    """
    document, signature = parts.get("document", ""), parts.get("signature", "")
    if Power.objects.filter(document=document, signature=signature).exclude(document="").exists():
        return ("chain",)
    if Power.objects.filter(document=document).exclude(document="").exists():
        return ("signature",)
    power = Power.objects.filter(signature=signature).exclude(signature="").first()
    if power is None:
        return ()
    was, now = _named(power.document), _named(document)
    names = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
    return tuple(names) if now and names else ("document",)


def _named(document: str) -> dict[str, Any]:
    try:
        said = json.loads(document)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _signer(serial: str) -> IssuedCertificate | None:
    rows = IssuedCertificate.objects.filter(serial=serial, holder=HOLDER)
    return rows.filter(profile=profiles.POWER.name).first()
