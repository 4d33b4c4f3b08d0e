"""The door of trust."""

from lingnan.kernel.trust import node_evidence, node_seals, proofs
from lingnan.kernel.trust.access import (
    OFFICIAL,
    OPERATOR,
    PUBLIC,
    RESIDENT,
    SIGNED_IN,
    Access,
    actor,
    allow,
    official,
    refuse_noughts_posted,
)
from lingnan.kernel.trust.actors import SYSTEM, Actor, actor_of, colleagues, superiors
from lingnan.kernel.trust.attempts import address_of
from lingnan.kernel.trust.certification import register as key_certificates
from lingnan.kernel.trust.checkpoints import making as checkpoints
from lingnan.kernel.trust.consents import api as consents
from lingnan.kernel.trust.counts import counts
from lingnan.kernel.trust.evidence.api import EvidenceUnavailable
from lingnan.kernel.trust.models import Account, Body, Consent, Holding
from lingnan.kernel.trust.places import Place

__all__ = [
    "OFFICIAL",
    "OPERATOR",
    "PUBLIC",
    "RESIDENT",
    "SIGNED_IN",
    "SYSTEM",
    "Access",
    "Account",
    "Actor",
    "Body",
    "Consent",
    "EvidenceUnavailable",
    "Holding",
    "Place",
    "actor",
    "actor_of",
    "address_of",
    "allow",
    "checkpoints",
    "colleagues",
    "consents",
    "counts",
    "key_certificates",
    "node_evidence",
    "node_seals",
    "official",
    "proofs",
    "refuse_noughts_posted",
    "superiors",
]
