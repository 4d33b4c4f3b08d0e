"""The door of trust."""

from lingnan.kernel.trust import node_evidence, node_seals
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
from lingnan.kernel.trust.certification import authorities as key_authorities
from lingnan.kernel.trust.certification import publishing as key_publishing
from lingnan.kernel.trust.certification import reconciling as key_reconciling
from lingnan.kernel.trust.certification import register as key_certificates
from lingnan.kernel.trust.checkpoints import making as checkpoints
from lingnan.kernel.trust.counts import counts
from lingnan.kernel.trust.evidence.api import EvidenceUnavailable
from lingnan.kernel.trust.keystore import escrow as key_escrow
from lingnan.kernel.trust.keystore.keys import Algorithm, KeyStoreUnavailable
from lingnan.kernel.trust.models import Account, Body, Holding, IssuedCertificate
from lingnan.kernel.trust.pki import profiles as key_profiles
from lingnan.kernel.trust.pki import requests as key_requests
from lingnan.kernel.trust.pki.names import Name
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
    "Algorithm",
    "Body",
    "EvidenceUnavailable",
    "Holding",
    "IssuedCertificate",
    "KeyStoreUnavailable",
    "Name",
    "Place",
    "actor",
    "actor_of",
    "address_of",
    "allow",
    "checkpoints",
    "colleagues",
    "counts",
    "key_authorities",
    "key_certificates",
    "key_escrow",
    "key_profiles",
    "key_publishing",
    "key_reconciling",
    "key_requests",
    "node_evidence",
    "node_seals",
    "official",
    "refuse_noughts_posted",
    "superiors",
]
