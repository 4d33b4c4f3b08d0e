"""The door of trust."""

from lingnan.kernel.trust import (
    explaining,
    node_bundles,
    node_evidence,
    node_ofd,
    node_seals,
    proofs,
)
from lingnan.kernel.trust.access import (
    OFFICIAL,
    OPERATOR,
    PUBLIC,
    RESIDENT,
    SIGNED_IN,
    Access,
    actor,
    allow,
    at_level,
    guarded,
    official,
    refuse_noughts_posted,
)
from lingnan.kernel.trust.actors import SYSTEM, Actor, actor_of, colleagues, in_words, superiors
from lingnan.kernel.trust.attempts import address_of
from lingnan.kernel.trust.certification import authorities as key_authorities
from lingnan.kernel.trust.certification import publishing as key_publishing
from lingnan.kernel.trust.certification import reconciling as key_reconciling
from lingnan.kernel.trust.certification import register as key_certificates
from lingnan.kernel.trust.checkpoints import making as checkpoints
from lingnan.kernel.trust.consents import api as consents
from lingnan.kernel.trust.counts import counts
from lingnan.kernel.trust.delegation import lending, separation
from lingnan.kernel.trust.evidence.api import EvidenceUnavailable, ShownEntry
from lingnan.kernel.trust.keystore import escrow as key_escrow
from lingnan.kernel.trust.keystore.keys import Algorithm, KeyStoreUnavailable
from lingnan.kernel.trust.models import Account, Body, Consent, Holding, IssuedCertificate
from lingnan.kernel.trust.openid import parties as relying_parties
from lingnan.kernel.trust.pki import profiles as key_profiles
from lingnan.kernel.trust.pki import requests as key_requests
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.places import Place
from lingnan.kernel.trust.seal.api import Check
from lingnan.kernel.trust.signin.standing import OnlyInPerson, StepUpNeeded
from lingnan.kernel.trust.witnesses import asking as witnesses

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
    "Algorithm",
    "Body",
    "Check",
    "Consent",
    "EvidenceUnavailable",
    "Holding",
    "IssuedCertificate",
    "KeyStoreUnavailable",
    "Name",
    "OnlyInPerson",
    "Place",
    "ShownEntry",
    "StepUpNeeded",
    "actor",
    "actor_of",
    "address_of",
    "allow",
    "at_level",
    "checkpoints",
    "colleagues",
    "consents",
    "counts",
    "explaining",
    "guarded",
    "in_words",
    "key_authorities",
    "key_certificates",
    "key_escrow",
    "key_profiles",
    "key_publishing",
    "key_reconciling",
    "key_requests",
    "lending",
    "node_bundles",
    "node_evidence",
    "node_ofd",
    "node_seals",
    "official",
    "proofs",
    "refuse_noughts_posted",
    "relying_parties",
    "separation",
    "superiors",
    "witnesses",
]
