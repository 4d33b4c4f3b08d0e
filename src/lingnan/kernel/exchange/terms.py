"""What an agreement says of who reads what for which purpose, and a digest of it.

《个人信息保护法》（2021-08-20）第十四条第二款、第二十三条: where purpose, way or kind of data
changes, consent is asked for anew. A consent names the digest under which it was given; as soon
as the agreement says anything else, or another body holds an element, it covers no use any more.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from lingnan.kernel.exchange import limited
from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.registry.api import elements, holding
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import consents

DECISIVE = ("resource", "consumer", "purpose", "basis")


def said(agreement: Agreement) -> dict[str, Any]:
    """All that is decisive, with who holds each element today. The term is not: it may be cut."""
    plain: dict[str, Any] = {name: getattr(agreement, name) for name in DECISIVE}
    system = agreement.resource.partition(".")[0]
    plain["elements"] = sorted(set(agreement.elements))
    plain["holders"] = {code: _holder(code, system) for code in plain["elements"]}
    return plain | limits(agreement, limited.DECISIVE)


def limits(agreement: Any, names: Sequence[str]) -> dict[str, Any]:
    """What limits the uses, or widens them, beyond what every agreement says: one that says nothing
    of it has the text, and the digest, that it always had."""
    said = {name: getattr(agreement, name) for name in names}
    said |= {name: sorted(set(said[name])) for name in ("uses", "onward") if name in said}
    return {name: value for name, value in said.items() if value != limited.LIMITS[name]}


def _holder(element: str, system: str) -> str:
    """function/body of who holds an element today; the system where no register has it."""
    row = holding.holder_on(element, legal_time.today())
    if row is not None:
        return f"{row.function}/{row.body}"
    declared = elements().get(element)
    return f"{declared[0].record.holder}/" if declared else system


def digest(agreement: Agreement) -> str:
    """64 hexadecimal digits (SHA-256 of canonical JSON)."""
    return hashlib.sha256(consents.signing.canonical(said(agreement)).encode()).hexdigest()


def document(agreement: Agreement) -> dict[str, Any]:
    """What a version of an agreement says, to be signed."""
    until = agreement.valid_until
    return (
        said(agreement)
        | limits(agreement, tuple(limited.LIMITS))
        | {
            "number": agreement.number,
            "valid_until": until.isoformat() if until else None,
            "consent": agreement.consent,
            "stated_at": legal_time.now().isoformat(),
        }
    )
