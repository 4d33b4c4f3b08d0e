"""What a check of a seal found, question by question, each resting on those before it.

Each question has a code; its words stand in `explaining`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography import x509 as strong
from pyhanko.sign.ades.report import AdESIndeterminate

from lingnan.kernel.trust import clocks
from lingnan.kernel.trust.pki.strength import weakness

from .appended import Archived
from .report import Check, Outcome, Problem

CODES = ("pdf", "sealed", "unchanged", "nothing_added", "envelope", "issuer", "purpose",
         "valid_then", "not_revoked", "time", "strength", "clock", "lasting")  # fmt: skip
_FAILS: dict[Problem | None, str] = {
    "not_a_pdf": "pdf",
    "no_signature": "sealed",
    "changed": "unchanged",
    "appended": "nothing_added",
    "unusual_container": "envelope",
}
_TRUST = ("issuer", "purpose", "valid_then", "not_revoked")
_INDICATES = {
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: "issuer",
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: "purpose",
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: "valid_then",
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: "valid_then",
    AdESIndeterminate.EXPIRED: "valid_then",
    AdESIndeterminate.NOT_YET_VALID: "valid_then",
    AdESIndeterminate.REVOKED_NO_POE: "not_revoked",
    AdESIndeterminate.REVOKED_CA_NO_POE: "not_revoked",
}


def of_trust(status: Any) -> str:
    """Which question of trust a seal fails; empty where none. What the library does not tell
    apart is a matter of the issuer."""
    if status.trusted:
        return ""
    return _INDICATES.get(status.trust_problem_indic, "issuer")


def found(
    problem: Problem | None,
    status: Any,
    stamp: Any,
    moment: datetime | None,
    latest: datetime | None = None,
    later: Sequence[Archived] = (),
) -> tuple[Check, ...]:
    """Every question with its answer; `status` and `stamp` are the library's, where it came so
    far, `moment` that of which the questions about certificates are asked; `latest` is the latest
    time that is told, `later` are the archive time-stamps."""
    failed = _FAILS.get(problem, "")
    answers: dict[str, Check] = {}
    for code in CODES[:5]:
        if code == failed:
            answers[code] = Check(code, "failed")
            break
        answers[code] = Check(code, "passed")
    if not failed and moment is not None:
        for check in _trust(status, stamp, moment):
            answers[check.code] = check
        clock = clocks.told(latest or moment)
        answers["clock"] = Check("clock", "failed" if problem == "ahead" else "passed", clock)
        answers["lasting"] = _lasting(later)
    return tuple(answers.get(code, Check(code, "not_checked")) for code in CODES)


def _trust(status: Any, stamp: Any, moment: datetime) -> list[Check]:
    failed, at = of_trust(status), {"at": moment.isoformat()}
    told = {
        "issuer": {"path": _path(status)},
        "purpose": {"name": _name(status.signing_cert)},
        "valid_then": at | _span(status.signing_cert),
        "not_revoked": at,
    }
    checks = []
    outcome: Outcome = "passed"
    for code in _TRUST:
        if code == failed:
            checks.append(Check(code, "failed", told[code]))
            outcome = "not_checked"
        elif outcome == "not_checked":
            checks.append(Check(code, outcome))
        elif code == "not_revoked" and stamp is None:
            checks.append(Check(code, "not_checked", told[code]))
        else:
            checks.append(Check(code, outcome, told[code]))
    return [*checks, _time(stamp, at), _strength(status)]


def _time(stamp: Any, at: dict[str, str]) -> Check:
    if stamp is None:
        return Check("time", "not_checked", at)
    told = at | {"name": _name(stamp.signing_cert)}
    return Check("time", "passed" if stamp.trusted else "failed", told)


def _lasting(later: Sequence[Archived]) -> Check:
    """How long it can be checked as the standard asks for; without an archive time-stamp as long as
    the certificates hold."""
    if not later:
        return Check("lasting", "not_checked", {"count": "0"})
    last = later[-1]
    told = {
        "count": str(len(later)),
        "at": last.at.isoformat(),
        "until": last.until.isoformat(),
        "name": _name(last.signing_cert),
    }
    return Check("lasting", "passed" if all(one.trusted for one in later) else "failed", told)


def _strength(status: Any) -> Check:
    path = status.validation_path
    chain = list(path.iter_certs(include_root=True)) if path else [status.signing_cert]
    weak = [weakness(strong.load_der_x509_certificate(one.dump())) for one in chain]
    return Check("strength", "failed" if any(weak) else "passed")


def _path(status: Any) -> str:
    """From the signer up to the root, by their names."""
    path = status.validation_path
    if path is None:
        return _name(status.signing_cert)
    return " ← ".join(_name(one) for one in reversed(list(path.iter_certs(include_root=True))))


def _span(certificate: Any) -> dict[str, str]:
    return {
        "since": certificate.not_valid_before.isoformat(),
        "until": certificate.not_valid_after.isoformat(),
    }


def _name(certificate: Any) -> str:
    return str(certificate.subject.native.get("common_name", ""))
