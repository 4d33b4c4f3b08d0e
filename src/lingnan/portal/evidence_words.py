"""Kinds and fields of the evidence in words: what an operator may read of an entry."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from lingnan.kernel.exchange.api import purposes, resources
from lingnan.kernel.matters.api import published
from lingnan.kernel.matters.wording import EVENTS
from lingnan.kernel.registry.api import record_types
from lingnan.kernel.trust.api import body_titles, post_titles
from lingnan.kernel.trust.signin import wording as signin
from lingnan.kernel.ui import api as ui
from lingnan.portal.evidence_kinds import BETWEEN
from lingnan.portal.operators import at

KINDS = {
    **signin.KINDS,
    **BETWEEN,
    "trust.account_opened": lazy("Account of an official opened"),
    "trust.account_locked": lazy("Account locked"),
    "trust.account_unlocked": lazy("Account unlocked"),
    "trust.post_proposed": lazy("Post proposed"),
    "trust.post_decided": lazy("Post decided on"),
    "trust.post_confirmed": lazy("Post agreed to by a second person"),
    "trust.post_refused": lazy("Post refused by a second person"),
    "trust.post_withdrawn": lazy("Appointment taken back"),
    "trust.post_begun": lazy("Post begun"),
    "trust.post_ended": lazy("Post ended"),
    "exchange.read": lazy("Use of the exchange"),
    "exchange.denied": lazy("Use of the exchange refused"),
    "exchange.set": lazy("Use of the exchange about many"),
    "exchange.set_part": lazy("Part of a use about many answered"),
    "exchange.set_erased": lazy("Whom a use about many concerned erased"),
    "exchange.counted": lazy("Figures counted under an agreement"),
    "exchange.told": lazy("Told of a change"),
    "exchange.introduced": lazy("Somebody introduced between nodes"),
    "case.event": lazy("Event of a case"),
    "case.opened": lazy("Case opened"),
    "case.supervised": lazy("Case opened by supervision"),
    "case.taken_out": lazy("Evidence of a case taken out as a file"),
    "certificate.as_ofd": lazy("Certificate made as OFD"),
    "looked.taken_out": lazy("Own lines taken out as evidence"),
    "licence.issued": lazy("Licence issued"),
    "report.issued": lazy("Report issued"),
    "list.noticed": lazy("Notices of an entry on a list"),
    "record.listed": lazy("Records in a list"),
    "record.exported": lazy("Records taken out in a file"),
    "record.imported": lazy("Records taken in from a file"),
    "comparison.sent": lazy("File to compare sent"),
    "comparison.opened": lazy("File compared opened"),
    "comparison.asked": lazy("File compared with a register"),
    "comparison.exported": lazy("Result of a comparison downloaded"),
    "comparison.removed": lazy("File compared removed"),
    "import.sent": lazy("File of rows sent"),
    "import.opened": lazy("File of rows opened"),
    "import.checking": lazy("File of rows checked"),
    "import.taking": lazy("File of rows to be taken in"),
    "import.confirmed": lazy("File of rows confirmed"),
    "import.errors": lazy("Bad rows of a file taken out"),
    "import.dropped": lazy("File of rows dropped"),
    "record.opened": lazy("Record opened"),
    "record.emergency": lazy("Record opened in an emergency"),
    "emergency.opened": lazy("Emergency declared to open a record"),
    "emergency.not_found": lazy("Emergency declared, no such record"),
    "emergency.justified": lazy("Emergency access found justified"),
    "emergency.unjustified": lazy("Emergency access found not justified"),
    "emergency.delayed": lazy("Message about an emergency access delayed"),
    "record.entered": lazy("Record entered"),
    "record.proposed": lazy("Entry proposed"),
    "record.confirmed": lazy("Entry confirmed"),
    "record.refused": lazy("Entry refused"),
    "record.counted": lazy("Records counted"),
    "record.measured": lazy("Quality of records measured"),
    "holder.transferred": lazy("Holder of an element changed"),
    "record.uses": lazy("Uses of a record read"),
    "doubt.raised": lazy("Doubt raised"),
    "key_certificate.issued": lazy("Key certificate issued"),
    "key_certificate.suspended": lazy("Key certificate suspended"),
    "key_certificate.revoked": lazy("Key certificate revoked"),
    "key_certificate.good": lazy("Key certificate back in force"),
    "authority.made": lazy("Certification authority made"),
    "authority.linked": lazy("Roots certified by each other"),
    "key_ceremony.begun": lazy("Key ceremony begun"),
    "key_ceremony.confirmed": lazy("Key ceremony confirmed"),
    "key_ceremony.witnessed": lazy("Key ceremony witnessed"),
    "key_ceremony.resumed": lazy("Key ceremony gone on with"),
    "key_ceremony.cancelled": lazy("Key ceremony stopped"),
    "key_ceremony.minutes": lazy("Minutes of a key ceremony sealed"),
    "key_recovery.asked": lazy("Recovery of a key asked for"),
    "key_recovery.approved": lazy("Recovery of a key approved"),
    "key_recovery.refused": lazy("Recovery of a key refused"),
    "encryption_key.handed_over": lazy("Encryption key handed over"),
    "consent.given": lazy("Consent given"),
    "consent.used": lazy("Consent used"),
    "consent.denied": lazy("Use refused, the consent does not cover it"),
    "consent.revoked": lazy("Consent revoked"),
    "consent.asked": lazy("Consent asked for"),
    "consent.reminded": lazy("Reminder of a consent asked for"),
    "consent.withdrawn": lazy("Request for a consent withdrawn"),
    "consent.refused": lazy("Consent refused"),
    "agreement.asked": lazy("Agreement asked for"),
    "agreement.withdrawn": lazy("Request for an agreement withdrawn"),
    "agreement.granted": lazy("Agreement granted by the holder"),
    "agreement.refused": lazy("Agreement refused by the holder"),
    "agreement.concluded": lazy("Agreement concluded"),
    "agreement.changed": lazy("Agreement changed"),
    "agreement.ended": lazy("Agreement ended"),
    "source.joined": lazy("Source of a body joined"),
    "source.changed": lazy("Connection to a source changed"),
    "source.left": lazy("Source of a body taken off"),
    "source.previewed": lazy("First rows of a table looked at"),
    "source.sent": lazy("Table sent for publication"),
    "source.published": lazy("Table published"),
    "source.refused": lazy("Publication of a table refused"),
    "source.retracted": lazy("Table retracted"),
    "source.suspended": lazy("Table suspended, it has changed"),
    "source.resumed": lazy("Table answers again"),
    "objection.raised": lazy("Objection to a use raised"),
    "objection.said": lazy("Grounds of an objection added"),
    "objection.opened": lazy("Objection to a use opened"),
    "objection.lawful": lazy("Objection answered: the use was lawful"),
    "objection.unlawful": lazy("Objection answered: the use was not lawful"),
    "objection.overdue": lazy("Objection overdue, passed to the auditors"),
    "objection.withdrawn": lazy("Objection to a use withdrawn"),
    "governance.asked": lazy("Explanation of an access asked for"),
    "governance.explained": lazy("Access explained"),
    "governance.confirmed": lazy("Explanation confirmed"),
    "governance.rejected": lazy("Explanation not confirmed"),
    "governance.justified": lazy("Access found justified"),
    "governance.unjustified": lazy("Access found not justified"),
    "governance.searched": lazy("Evidence searched by an auditor"),
    "governance.scanned": lazy("Evidence looked through at an auditor's wish"),
    "governance.consent_read": lazy("Consent read by an auditor"),
    "governance.protected_read": lazy("List of persons under protection read"),
    "governance.protected_proposed": lazy("Protection of a person proposed"),
    "governance.protected_confirmed": lazy("Protection of a person confirmed"),
    "governance.protected_dropped": lazy("Protection of a person not confirmed"),
    "governance.protected_ending": lazy("End of a protection proposed"),
    "governance.protected_ended": lazy("Protection of a person ended"),
    "exchange.holder_registered": lazy("Node of a holder registered"),
    "exchange.holder_stopped": lazy("Node of a holder taken out"),
    "exchange.giver_registered": lazy("Node of givers registered"),
    "exchange.giver_stopped": lazy("Node of givers taken out"),
    "governance.traced": lazy("Trace of responsibility read"),
    "trust.signin": lazy("Sign-in"),
    "trust.signin_failed": lazy("Failed sign-in"),
    "operating.clock": lazy("Clock moved"),
    "operating.evidence_checked": lazy("Evidence checked"),
    "operating.told_again": lazy("Dead letter tried again"),
    "operating.told_given_up": lazy("Dead letter given up"),
    "operating.alert_acknowledged": lazy("Alert acknowledged"),
    "handover.taken": lazy("Handover taken"),
    "handover.acknowledged": lazy("Handover acknowledged by its receiver"),
    "handover.returned": lazy("Handover came back to its sender unanswered"),
    "handover.fetched": lazy("Files fetched by a body's system"),
    "files.begun": lazy("Files to be handed over begun"),
    "files.handed": lazy("Files handed over"),
    "files.cancelled": lazy("Files not to be handed over"),
    "files.removed": lazy("Files that came removed"),
    "files.fetched": lazy("File that came downloaded"),
    "operating.handed_again": lazy("Handover tried again"),
    "operating.handed_given_up": lazy("Handover given up"),
    "operating.followed_again": lazy("Following asked for again"),
    "operating.following_given_up": lazy("Following given up"),
    "operating.following_replayed": lazy("Following told again"),
    "evidence.erased": lazy("Personal payload erased"),
}
# What an operator may read of a payload, in this order, and what it is called.
FIELDS = {
    "consumer": lazy("Body"),
    "body": lazy("Body"),
    "sender": pgettext_lazy("transit", "From"),
    "receiver": pgettext_lazy("transit", "To"),
    "role": lazy("Post"),
    "resource": lazy("Resource"),
    "record_type": lazy("Register"),
    "matter": lazy("Matter"),
    "event": lazy("Event"),
    "purpose": lazy("Purpose"),
    "basis": lazy("Legal basis"),
    "agreement": pgettext_lazy("exchange", "Agreement"),
    "elements": lazy("Elements"),
    "versions": lazy("Versions"),
    "method": lazy("Way of signing in"),
    "level": lazy("Level of assurance"),
    "document": lazy("Document"),
    "problem": lazy("What failed"),
    "reason": lazy("Reason"),
    "faults": lazy("Faults found"),
    "serial": lazy("Serial number of the certificate"),
    "legal_time": lazy("Legal time"),
    "from": pgettext_lazy("clock", "From"),
    "to": pgettext_lazy("clock", "To"),
}


def kind(code: str) -> str:
    return str(KINDS.get(code, code))


class Said:
    """Values of payloads in the reader's words; names are read once for a page."""

    def __init__(self) -> None:
        bodies = body_titles()
        matters = {code: str(title) for code, title in purposes().items()}
        matters |= {matter.code: str(matter.title) for _definition, matter in published()}
        self.names: Mapping[str, Mapping[str, str]] = {
            "consumer": bodies,
            "body": bodies,
            "sender": bodies,
            "receiver": bodies,
            "matter": matters,
            "purpose": matters,
            "role": post_titles(),
            "resource": {code: str(r.title) for code, r in resources().items()},
            "record_type": {m._meta.label_lower: str(m.record.title) for m in record_types()},
            "event": {code: str(title) for code, title in EVENTS.items()},
            "method": {code: str(title) for code, title in signin.METHODS.items()},
            "document": {code: str(title) for code, title in signin.DOCUMENTS.items()},
        }

    def of(self, name: str, value: Any) -> str:
        if isinstance(value, list):
            return ui.listed(value)
        text = str(value)
        if name in ("legal_time", "from", "to"):
            return at(text)
        return self.names.get(name, {}).get(text, text)

    def items(self, payload: Mapping[str, Any]) -> Iterable[ui.Item]:
        for name, title in FIELDS.items():
            if payload.get(name) not in (None, "", []):
                yield ui.Item(str(title), self.of(name, payload[name]))
