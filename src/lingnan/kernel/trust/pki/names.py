"""Whom a certificate names (RFC 5280 §4.1.2.6)."""

from dataclasses import dataclass

from asn1crypto import x509

MOST = 64
"""Characters of a name (X.520 upper bounds)."""


@dataclass(frozen=True, slots=True)
class Name:
    """A body, official, firm, resident, system or node; what is empty is left out.

    `organisation_identifier` is a body's code or a firm's unified social credit code;
    `serial_number` tells namesakes apart and is never an identity number.
    """

    common: str
    organisation: str = ""
    organisation_identifier: str = ""
    unit: str = ""
    serial_number: str = ""

    def __post_init__(self) -> None:
        for text in (self.common, self.organisation, self.unit, self.serial_number):
            if len(text) > MOST or not text.isprintable():
                raise ValueError(f"A name is at most {MOST} printable characters.")
        if not self.common:
            raise ValueError("A certificate names somebody.")

    def der(self) -> x509.Name:
        told = {
            "country_name": "CN",
            "organization_name": self.organisation,
            "organization_identifier": self.organisation_identifier,
            "organizational_unit_name": self.unit,
            "serial_number": self.serial_number,
            "common_name": self.common,
        }
        return x509.Name.build({kind: text for kind, text in told.items() if text})
