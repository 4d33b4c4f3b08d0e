"""Links between the generations of a root, so that who trusts one of them can reach the other.

Of each pair the older root certifies the newer's key and the newer the older's (RFC 4210 §4.4);
the roots have names of their own, so these are cross-certificates (RFC 5280 §3.2). They are
published beside the authorities: `authorities/links/<above>-signs-<below>.cer`.
"""

from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import x509
from django.conf import settings

from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.certification import authorities
from lingnan.kernel.trust.keystore.files import alone, write_whole
from lingnan.kernel.trust.keystore.keys import PublicKey
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.issuing import Wanted
from lingnan.kernel.trust.pki.names import Name

BETWEEN = "-signs-"


def make(newer: str, by: str) -> list[str]:
    """Both links between a root and the one before it, each once; their names. A root that may
    have one authority below it only signs no other root, and is left out. Raises as `issuer`."""
    number = authorities.generation(newer) - 1
    older = f"{authorities.family(newer)}-g{number}".removesuffix("-g1")
    return [name for pair in ((older, newer), (newer, older)) if (name := _made(*pair, by))]


def names() -> list[str]:
    """The links that there are."""
    return sorted(path.stem for path in _folder().glob("*.cer"))


def certificate(name: str) -> x509.Certificate:
    """Raises KeyError."""
    if name not in names():
        raise KeyError(name)
    return x509.Certificate.load((_folder() / f"{name}.cer").read_bytes(), strict=True)


def known(own: str = authorities.ROOT) -> tuple[x509.Certificate, ...]:
    """Every generation of a root with the links between them, for who trusts any one of them;
    nothing where there is only one. Raises as `issuer`."""
    generations = authorities.roots(own)
    if len(generations) == 1:
        return ()
    between = [name for name in names() if authorities.family(name.partition(BETWEEN)[0]) == own]
    roots = (authorities.issuer(label).certificate for label in generations)
    return (*roots, *map(certificate, between))


def _folder() -> Path:
    return Path(settings.DATA) / "keys" / "authorities" / "links"


def _made(above: str, below: str, by: str) -> str:
    name, issuer, own = f"{above}{BETWEEN}{below}", *map(authorities.issuer, (above, below))
    path = _folder() / f"{name}.cer"
    if (issuer.certificate.max_path_length or 0) <= (profiles.LINK.below or 0):
        return ""
    with alone(_folder()):
        if path.exists():
            return name
        made = issuer.issue(_wanted(own.certificate, own.key.public))
        told = {"name": name, "fingerprint": authorities.fingerprint(made), "by": by}
        told["serial"] = f"{made.serial_number:x}"
        node_evidence.write([node_evidence.entry("authority.linked", told)])
        write_whole(path, made.dump(), 0o644)
    return name


def _wanted(own: x509.Certificate, key: PublicKey) -> Wanted:
    """A link ends no later than either of the two."""
    told = own.subject.native
    days = min((own.not_valid_after - datetime.now(UTC)).days, profiles.LINK.days)
    return Wanted(Name(told["common_name"], told["organization_name"]), key, profiles.LINK, days)
