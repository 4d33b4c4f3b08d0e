"""The door of trust."""

from lingnan.kernel.trust import (
    archives,
    clocks,
    explaining,
    node_bundles,
    node_evidence,
    node_ofd,
    node_seals,
    node_signatures,
    proofs,
)
from lingnan.kernel.trust.access import (
    ANY,
    APPLICANT,
    OFFICIAL,
    OPERATOR,
    PUBLIC,
    RESIDENT,
    SIGNED_IN,
    Access,
    OutsideScope,
    actor,
    allow,
    at_level,
    guarded,
    official,
    refuse_noughts_posted,
    under,
    within,
)
from lingnan.kernel.trust.acting import api as acting
from lingnan.kernel.trust.actors import SYSTEM, Actor, actor_of, colleagues, in_words, superiors
from lingnan.kernel.trust.archiving import keeping as sealed_documents
from lingnan.kernel.trust.archiving import sweeping as sealed_earlier
from lingnan.kernel.trust.attempts import address_of
from lingnan.kernel.trust.certification import authorities as key_authorities
from lingnan.kernel.trust.certification import channels as key_channels
from lingnan.kernel.trust.certification import links as key_links
from lingnan.kernel.trust.certification import publishing as key_publishing
from lingnan.kernel.trust.certification import reconciling as key_reconciling
from lingnan.kernel.trust.certification import register as key_certificates
from lingnan.kernel.trust.checkpoints import making as checkpoints
from lingnan.kernel.trust.clocks import ClocksDiffer
from lingnan.kernel.trust.consents import api as consents
from lingnan.kernel.trust.counts import counts
from lingnan.kernel.trust.delegation import lending, separation
from lingnan.kernel.trust.evidence.api import EvidenceUnavailable, Shown
from lingnan.kernel.trust.keystore import escrow as key_escrow
from lingnan.kernel.trust.keystore.keys import Algorithm, KeyStoreUnavailable
from lingnan.kernel.trust.models import (
    Account,
    Appointment,
    Body,
    Consent,
    Holding,
    IssuedCertificate,
)
from lingnan.kernel.trust.naming import body_titles, post_titles
from lingnan.kernel.trust.openid import leaving as logout_notices
from lingnan.kernel.trust.openid import parties as relying_parties
from lingnan.kernel.trust.people import accounts as people_accounts
from lingnan.kernel.trust.people import appointing, spans
from lingnan.kernel.trust.people import ending as post_endings
from lingnan.kernel.trust.pki import profiles as key_profiles
from lingnan.kernel.trust.pki import requests as key_requests
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.places import Place
from lingnan.kernel.trust.seal.api import Check
from lingnan.kernel.trust.signin.standing import OnlyInPerson, StepUpNeeded
from lingnan.kernel.trust.witnesses import asking as witnesses

__all__ = [
    "ANY",
    "APPLICANT",
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
    "Appointment",
    "Body",
    "Check",
    "ClocksDiffer",
    "Consent",
    "EvidenceUnavailable",
    "Holding",
    "IssuedCertificate",
    "KeyStoreUnavailable",
    "Name",
    "OnlyInPerson",
    "OutsideScope",
    "Place",
    "Shown",
    "StepUpNeeded",
    "acting",
    "actor",
    "actor_of",
    "address_of",
    "allow",
    "appointing",
    "archives",
    "at_level",
    "body_titles",
    "checkpoints",
    "clocks",
    "colleagues",
    "consents",
    "counts",
    "explaining",
    "guarded",
    "in_words",
    "key_authorities",
    "key_certificates",
    "key_channels",
    "key_escrow",
    "key_links",
    "key_profiles",
    "key_publishing",
    "key_reconciling",
    "key_requests",
    "lending",
    "logout_notices",
    "node_bundles",
    "node_evidence",
    "node_ofd",
    "node_seals",
    "node_signatures",
    "official",
    "people_accounts",
    "post_endings",
    "post_titles",
    "proofs",
    "refuse_noughts_posted",
    "relying_parties",
    "sealed_documents",
    "sealed_earlier",
    "separation",
    "spans",
    "superiors",
    "under",
    "within",
    "witnesses",
]
