"""The registers of the certification authority: seals, applications, recoveries, ceremonies.

Certificates themselves stand in the register of trust (`key_certificates`): here is what people
asked for and did. No private key is in any of it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.registry.api import PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import official
from lingnan.systems.government.trust_services.kept import CeremonyMinutes as CeremonyMinutes

OFFICERS = official("certificate_officer", "key_custodian", functions=("data",))
IDENTITY = "《电子签名法》（2019-04-23）第二十条"


class ElectronicSeal(Record):
    """An electronic seal and the certificate behind it. Its private key is never here."""

    STATES = [
        ("valid", _("valid")),
        ("suspended", _("suspended")),
        ("revoked", _("revoked")),
    ]
    body = models.CharField(_("body code"), max_length=40, db_index=True)
    body_name = models.CharField(_("body"), max_length=80)
    serial = models.CharField(_("certificate serial"), max_length=64, unique=True)
    not_before = models.DateTimeField(_("valid from"))
    not_after = models.DateTimeField(_("valid until"))
    state = models.CharField(_("state"), max_length=10, choices=STATES)

    record = RecordType(
        title=Title("电子印章", "Electronic seals"),
        holder="data",
        readers=official(functions=("data",)),
        elements={"seal.certificate_serial": "serial", "seal.state": "state"},
        identifier="serial",
        columns=("body_name", "serial", "not_after", "state"),
        panels=(
            PanelOf(
                Title("印章", "Seal"),
                ("body_name", "body", "serial", "not_before", "not_after", "state"),
            ),
        ),
        search=("body_name", "serial"),
        basis="《电子签名法》（2019-04-23）第十三条",
    )

    def __str__(self) -> str:
        return self.body_name


class CertificateApplication(Record):
    """Somebody asks for a certificate: filed, checked by one officer, issued by another."""

    KINDS = [
        ("resident", pgettext_lazy("certificate", "Resident")),
        ("official", pgettext_lazy("certificate", "Official of a body")),
        ("firm", pgettext_lazy("certificate", "Firm")),
        ("system", pgettext_lazy("certificate", "System of a body")),
        ("node", pgettext_lazy("certificate", "Node of the platform")),
    ]
    ALGORITHMS = [("p256", _("ECDSA P-256")), ("sm2", _("SM2 with SM3"))]
    STATES = [
        ("filed", pgettext_lazy("certificate", "waits for the check of identity")),
        ("checked", pgettext_lazy("certificate", "waits for its issue")),
        ("issued", pgettext_lazy("certificate", "issued")),
        ("refused", pgettext_lazy("certificate", "refused")),
        ("withdrawn", pgettext_lazy("certificate", "withdrawn")),
    ]
    OPEN = ("filed", "checked")
    number = models.CharField(_("number of the application"), max_length=40, unique=True)
    kind = models.CharField(_("kind of holder"), max_length=10, choices=KINDS)
    holder = models.CharField(max_length=64, db_index=True, editable=False)
    name = models.CharField(_("name in the certificate"), max_length=64, db_index=True)
    organisation = models.CharField(_("organisation in the certificate"), max_length=64, blank=True)
    organisation_code = models.CharField(_("code of the organisation"), max_length=40, blank=True)
    hosts = models.CharField(_("host names"), max_length=400, blank=True)
    algorithm = models.CharField(_("algorithm"), max_length=8, choices=ALGORITHMS)
    own_key = models.BooleanField(_("the holder keeps the key"), default=True)
    encryption = models.BooleanField(_("with an encryption certificate"), default=False)
    days = models.PositiveIntegerField(_("days of validity"))
    request = models.TextField(blank=True, editable=False)
    key_mark = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    renews = models.CharField(_("serial that is renewed"), max_length=40, blank=True)
    applicant = models.BigIntegerField(db_index=True, editable=False)
    applicant_name = models.CharField(_("applied by"), max_length=60)
    handler = models.CharField(_("handling body"), max_length=40)
    division = models.CharField(_("division of the handling body"), max_length=12, db_index=True)
    filed_on = models.DateField(_("filed on"))
    state = models.CharField(_("state of the application"), max_length=10, choices=STATES)
    checked_by = models.BigIntegerField(null=True, editable=False)
    checked_name = models.CharField(_("identity checked by"), max_length=60, blank=True)
    found = models.CharField(_("what the check found"), max_length=400, blank=True)
    issued_name = models.CharField(_("issued by"), max_length=60, blank=True)
    refusal = models.CharField(_("reason of the refusal"), max_length=400, blank=True)
    serial = models.CharField(max_length=40, blank=True, db_index=True, editable=False)
    encryption_serial = models.CharField(max_length=40, blank=True, db_index=True, editable=False)
    handed_at = models.DateTimeField(_("encryption key handed over"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, editable=False)
    from_register = models.BooleanField(_("name read from the register"), default=False)
    followed = models.BooleanField(_("told of the holder's changes"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key_mark"],
                condition=models.Q(state__in=("filed", "checked", "issued"))
                & ~models.Q(key_mark=""),
                name="certificate_key_once",
            ),
            models.UniqueConstraint(
                fields=["holder", "algorithm"],
                condition=models.Q(state__in=("filed", "checked")),
                name="certificate_application_once",
            ),
        ]

    record = RecordType(
        title=Title("数字证书申请", "Applications for certificates"),
        holder="data",
        readers=OFFICERS,
        elements={
            "key_certificate_application.number": "number",
            "key_certificate_application.state": "state",
        },
        identifier="number",
        columns=("number", "name", "kind", "filed_on", "state"),
        panels=(
            PanelOf(
                Title("申请", "Application"),
                ("number", "kind", "name", "organisation", "organisation_code", "hosts",
                 "algorithm", "own_key", "encryption", "days", "renews", "applicant_name",
                 "filed_on"),
            ),
            PanelOf(
                Title("办理", "Handling"),
                ("handler", "division", "state", "checked_name", "found", "issued_name", "refusal",
                 "handed_at"),
            ),
        ),
        search=("number", "name"),
        filters=("kind", "state"),
        scope="division",
        basis=IDENTITY,
    )  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def host_names(self) -> tuple[str, ...]:
        return tuple(self.hosts.split())


class KeyRecovery(Record):
    """An encryption key is wanted once more: two custodians approve, neither of them the asker."""

    STATES = [
        ("asked", pgettext_lazy("key recovery", "waits for the first custodian")),
        ("approved_once", pgettext_lazy("key recovery", "waits for the second custodian")),
        ("approved", pgettext_lazy("key recovery", "approved, not handed over yet")),
        ("handed", pgettext_lazy("key recovery", "handed over")),
        ("refused", pgettext_lazy("key recovery", "refused")),
    ]
    OPEN = ("asked", "approved_once", "approved")
    number = models.CharField(_("number of the recovery"), max_length=40, unique=True)
    serial = models.CharField(_("serial of the encryption certificate"), max_length=40)
    name = models.CharField(_("whose key"), max_length=64, db_index=True)
    grounds = models.CharField(_("why the key is needed"), max_length=400)
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    handler = models.CharField(_("handling body"), max_length=40)
    division = models.CharField(_("division of the handling body"), max_length=12, db_index=True)
    asked_by = models.BigIntegerField(editable=False)
    asked_name = models.CharField(_("asked by"), max_length=60)
    asked_on = models.DateField(_("asked on"))
    first_by = models.BigIntegerField(null=True, editable=False)
    first_name = models.CharField(_("first custodian"), max_length=60, blank=True)
    second_by = models.BigIntegerField(null=True, editable=False)
    second_name = models.CharField(_("second custodian"), max_length=60, blank=True)
    refused_name = models.CharField(_("refused by"), max_length=60, blank=True)
    refusal = models.CharField(_("reason of the refusal"), max_length=400, blank=True)
    state = models.CharField(_("state of the recovery"), max_length=14, choices=STATES)
    handed_at = models.DateTimeField(_("handed over at"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["serial"],
                condition=models.Q(state__in=("asked", "approved_once", "approved")),
                name="key_recovery_once",
            ),
        ]

    record = RecordType(
        title=Title("密钥恢复", "Key recoveries"),
        holder="data",
        readers=OFFICERS,
        elements={"key_recovery.number": "number", "key_recovery.state": "state"},
        identifier="number",
        columns=("number", "name", "asked_on", "state"),
        panels=(
            PanelOf(
                Title("请求", "Request"),
                ("number", "serial", "name", "grounds", "legal_basis", "asked_name", "asked_on"),
            ),
            PanelOf(
                Title("双人审批", "Two custodians"),
                ("handler", "division", "state", "first_name", "second_name", "refused_name",
                 "refusal", "handed_at"),
            ),
        ),
        search=("number", "name"),
        filters=("state",),
        scope="division",
        basis="《电子签名法》（2019-04-23）第二十四条",
    )  # fmt: skip

    def __str__(self) -> str:
        return self.number


class KeyCeremony(Record):
    """Two custodians open or renew an issuing authority; what they did stands in its minutes."""

    KINDS = [
        ("open", pgettext_lazy("key ceremony", "A new authority")),
        ("renew", pgettext_lazy("key ceremony", "The next generation of an authority")),
        ("revoke", pgettext_lazy("key ceremony", "Revocation of an authority")),
        ("root", pgettext_lazy("key ceremony", "The next root")),
    ]
    STATES = [
        ("begun", pgettext_lazy("key ceremony", "waits for the second custodian")),
        ("confirmed", pgettext_lazy("key ceremony", "waits for the witness")),
        ("making", pgettext_lazy("key ceremony", "confirmed, not finished")),
        ("done", pgettext_lazy("key ceremony", "done")),
        ("cancelled", pgettext_lazy("key ceremony", "cancelled")),
    ]
    UNDER_WAY = ("begun", "confirmed", "making")
    number = models.CharField(_("number of the ceremony"), max_length=40, unique=True)
    kind = models.CharField(_("what for"), max_length=10, choices=KINDS)
    label = models.CharField(_("label of the authority"), max_length=40, db_index=True)
    occasion = models.CharField(_("occasion"), max_length=400)
    division = models.CharField(_("division of the authority"), max_length=12, db_index=True)
    begun_by = models.BigIntegerField(editable=False)
    begun_name = models.CharField(_("first custodian"), max_length=60)
    begun_at = models.DateTimeField(_("begun at"))
    ended_by = models.BigIntegerField(null=True, editable=False)
    ended_name = models.CharField(_("second custodian"), max_length=60, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    state = models.CharField(_("state of the ceremony"), max_length=10, choices=STATES)
    witness_by = models.BigIntegerField(null=True, editable=False)
    witness_name = models.CharField(_("witness"), max_length=60, blank=True)
    witnessed_at = models.DateTimeField(_("witnessed at"), null=True, blank=True)
    why = models.CharField(_("reason of the revocation"), max_length=30, blank=True)
    successor = models.CharField(_("label of the successor"), max_length=40, blank=True)
    void = models.PositiveIntegerField(_("certificates that became void"), default=0)
    fingerprint = models.CharField(_("fingerprint"), max_length=80, blank=True)
    root_fingerprint = models.CharField(_("fingerprint of the root"), max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["label", "kind"],
                condition=models.Q(state__in=("begun", "confirmed", "making", "done")),
                name="key_ceremony_once",
            ),
        ]

    record = RecordType(
        title=Title("密钥仪式", "Key ceremonies"),
        holder="data",
        readers=OFFICERS,
        elements={"key_ceremony.number": "number", "key_ceremony.state": "state"},
        identifier="number",
        columns=("number", "label", "begun_at", "state"),
        panels=(
            PanelOf(
                Title("仪式", "Ceremony"),
                ("number", "kind", "label", "occasion", "why", "successor", "void", "division",
                 "state"),
            ),
            PanelOf(
                Title("参加人", "Who took part"),
                ("begun_name", "begun_at", "ended_name", "ended_at", "witness_name",
                 "witnessed_at"),
            ),
            PanelOf(Title("指纹", "Fingerprints"), ("fingerprint", "root_fingerprint")),
        ),
        search=("number", "label"),
        filters=("state",),
        scope="division",
        basis="《商用密码管理条例》（2023-04-27）第二十二条、第二十三条",
    )  # fmt: skip

    def __str__(self) -> str:
        return self.number
