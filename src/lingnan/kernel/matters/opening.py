"""The opening of a case by the body that handles it: evidence, before anything is shown."""

from lingnan.kernel.matters.models import Case
from lingnan.kernel.registry.reading import PSEUDONYM
from lingnan.kernel.runtime.keys import shortened
from lingnan.kernel.trust.api import Actor, node_evidence


def witness(case: Case, who: Actor, material: str = "") -> None:
    """Write down who opened the case (or a material of it); the applicant can see it."""
    payload = {
        "case": case.number,
        "matter": case.matter,
        "body": who.body,
        "role": who.role,
        "actor": who.signature,
        "material": material,
    }
    subjects = [(PSEUDONYM, shortened(case.applicant))]
    node_evidence.write([node_evidence.entry("case.opened", payload, subjects)])


def taken_out(case: Case, who: Actor) -> None:
    """Write down who took the case's evidence out as a file; the applicant can see it."""
    payload = {
        "case": case.number,
        "matter": case.matter,
        "body": who.body,
        "role": who.role,
        "actor": who.signature,
        "material": "",
    }
    subjects = [(PSEUDONYM, shortened(case.applicant))]
    node_evidence.write([node_evidence.entry("case.taken_out", payload, subjects)])


def supervised(case: Case, who: Actor) -> None:
    """Write down which supervisor looked at the times and acts of a case; the applicant sees it."""
    payload = {
        "case": case.number,
        "matter": case.matter,
        "body": who.body,
        "role": who.role,
        "actor": who.signature,
    }
    subjects = [(PSEUDONYM, shortened(case.applicant))]
    node_evidence.write([node_evidence.entry("case.supervised", payload, subjects, case.number)])
