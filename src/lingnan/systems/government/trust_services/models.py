"""The register of seals that bodies of government use."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingnan.kernel.registry.api import PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import official


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
