"""What extensions a certificate of a path must have, may have, and must not have.

Stricter than a browser: the authorities that are trusted here are few, and follow RFC 5280.
"""

import ipaddress
from typing import Any

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import Criticality, DNSName, ExtensionPolicy, IPAddress, Policy

_ANY = Criticality.AGNOSTIC
_OF_HOSTS = frozenset({ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH})


def subject(host: str) -> DNSName | IPAddress:
    """A host as the verifier takes it. Raises ValueError."""
    try:
        return IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return DNSName(host)


def reason(said: str) -> str:
    """The code of `refusals` that the verifier's words stand for."""
    for word, code in (("purpose:", "purpose"), ("leaf certificate has no matching", "name"),
                       ("name:", "name")):  # fmt: skip
        if word in said:
            return code
    return "untrusted"


def of_authorities() -> ExtensionPolicy:
    """For the certificates of authorities, roots too."""
    return (
        ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, Criticality.CRITICAL, _is_authority)
        .may_be_present(x509.KeyUsage, _ANY, _signs_certificates)
        .require_present(x509.SubjectKeyIdentifier, Criticality.NON_CRITICAL, _numbered)
        .may_be_present(x509.AuthorityKeyIdentifier, Criticality.NON_CRITICAL, _issued)
        .may_be_present(x509.NameConstraints, Criticality.CRITICAL, _constrains)
        .may_be_present(x509.PolicyConstraints, Criticality.CRITICAL, None)
        .may_be_present(x509.ExtendedKeyUsage, _ANY, _no_purposes_of_a_root)
        .may_be_present(x509.AuthorityInformationAccess, Criticality.NON_CRITICAL, _read)
    )


def of_others(purpose: x509.ObjectIdentifier, host: str | None) -> ExtensionPolicy:
    """For the certificate at the end of the path."""

    def fits(policy: Policy, certificate: x509.Certificate, said: x509.ExtendedKeyUsage) -> None:
        if purpose not in said or ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in said:
            raise ValueError("purpose: the certificate is for something else")

    def commits(policy: Policy, certificate: x509.Certificate, said: x509.KeyUsage | None) -> None:
        if said is not None and said.key_cert_sign:
            raise ValueError("purpose: the key of an authority")

    policy = (
        ExtensionPolicy.permit_all()
        .may_be_present(x509.BasicConstraints, _ANY, _is_no_authority)
        .may_be_present(x509.KeyUsage, _ANY, commits)
        .require_present(x509.AuthorityKeyIdentifier, Criticality.NON_CRITICAL, _issued)
        .require_present(
            x509.ExtendedKeyUsage,
            Criticality.NON_CRITICAL if purpose in _OF_HOSTS else _ANY,
            fits,
        )
        .require_not_present(x509.NameConstraints)
        .may_be_present(x509.AuthorityInformationAccess, Criticality.NON_CRITICAL, _read)
        .may_be_present(x509.SubjectKeyIdentifier, Criticality.NON_CRITICAL, _numbered)
    )
    if host is None:
        return policy.may_be_present(x509.SubjectAlternativeName, _ANY, _named)
    return policy.require_present(x509.SubjectAlternativeName, _ANY, _named)


def _is_authority(policy: Policy, certificate: x509.Certificate, said: Any) -> None:
    if not said.ca:
        raise ValueError("no authority")


def _is_no_authority(policy: Policy, certificate: x509.Certificate, said: Any) -> None:
    if said is not None and said.ca:
        raise ValueError("purpose: an authority's own certificate")


def _signs_certificates(policy: Policy, certificate: x509.Certificate, said: Any) -> None:
    if said is not None and not said.key_cert_sign:
        raise ValueError("an authority whose key may not sign certificates")


def _numbered(policy: Policy, certificate: x509.Certificate, said: Any) -> None:
    """RFC 5280 §4.1.2.2: positive, at most 20 octets."""
    if not 0 < certificate.serial_number < 1 << 160:
        raise ValueError("a serial number that no authority may give")


def _issued(policy: Policy, certificate: x509.Certificate, said: Any) -> None:
    """RFC 5280 §4.2.1.1; only a root may leave it out."""
    own = certificate.subject == certificate.issuer
    if said is None:
        if not own:
            raise ValueError("it does not say whose key signed it")
        return
    if said.key_identifier is None:
        raise ValueError("it does not say whose key signed it")
    if own and (said.authority_cert_issuer or said.authority_cert_serial_number):
        raise ValueError("a root that names another issuer")
    if own and said.key_identifier != _key_identifier(certificate):
        raise ValueError("a root that names another key")


def _key_identifier(certificate: x509.Certificate) -> bytes | None:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except x509.ExtensionNotFound:
        return None
    return found.value.digest


def _no_purposes_of_a_root(policy: Policy, certificate: x509.Certificate, said: Any) -> None:
    if said is not None and certificate.subject == certificate.issuer:
        raise ValueError("a root that is limited to purposes")


def _constrains(policy: Policy, certificate: x509.Certificate, said: Any) -> None:
    """RFC 5280 §4.2.1.10: one of the two is there, and says something."""
    if said is not None and not said.permitted_subtrees and not said.excluded_subtrees:
        raise ValueError("a constraint of names that says nothing")


def _read(policy: Policy, certificate: x509.Certificate, said: Any) -> None:
    """That it can be read is all that is asked."""


def _named(policy: Policy, certificate: x509.Certificate, said: Any) -> None:
    """RFC 5280 §4.2.1.6: who is named nowhere else is named critically here."""
    if said is None or certificate.subject:
        return
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    if not found.critical:
        raise ValueError("name: nobody is named in a way that must be read")
