"""What kinds of certificate there are, and what each may be used for (RFC 5280 §4.2.1)."""

from dataclasses import dataclass

TIME_STAMPING = "time_stamping"
"""The only purpose of a time-stamp key, and critical (RFC 3161 §2.3)."""


@dataclass(frozen=True, slots=True)
class Profile:
    """`usage` and `purposes` as X.509 names them; `below`: how many authorities may stand below
    this one (None: it is no authority); `days`: how long it is valid at most."""

    name: str
    usage: frozenset[str]
    days: int
    purposes: tuple[str, ...] = ()
    below: int | None = None
    unchecked: bool = False
    """Whoever trusts it asks nobody whether it was revoked (RFC 6960 §4.2.2.2.1)."""


_AUTHORITY = frozenset({"key_cert_sign", "crl_sign"})
_COMMITS = frozenset({"digital_signature", "non_repudiation"})
_SIGNS = frozenset({"digital_signature"})
DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"
"""id-kp-documentSigning (RFC 9336 §3.1)."""
LOG_HEADS = "2.25.264083051864638042882964226535153404741"
WITNESSING = "2.25.59379771538072037767225063901392941988"
CONSENTING = "2.25.183350801493478650188712982160764042152"
EMPOWERING = "2.25.173328924206569295187437236112265853630"
MESSAGING = "2.25.206028311833021944494397354157513865324"
NAMING = "2.25.198970295002765611183354799852249351823"
"""Numbers of our own (ITU-T X.667): signing heads of a log, having seen one only grow, signing
what people consented to, powers to act for others, messages between nodes, and the directory of
an instance."""

# Two may stand below a root: the link to another root, and an issuing authority.
ROOT = Profile("root", _AUTHORITY, 7300, below=2)
LINK = Profile("link", _AUTHORITY, 7300, below=1)
"""One root's key certified by another root (RFC 4210 §4.4)."""
ISSUING = Profile("issuing", _AUTHORITY, 3650, below=0)
SIGNING = Profile("signing", _COMMITS, 1095, ("client_auth", DOCUMENT_SIGNING))
# With an elliptic key: agreement only (RFC 8813 §3).
ENCRYPTION = Profile("encryption", frozenset({"key_agreement"}), 1095)
SEAL = Profile("seal", _COMMITS, 1095, (DOCUMENT_SIGNING,))
SYSTEM = Profile("system", _SIGNS, 397, ("server_auth", "client_auth"))
LOG = Profile("log_head", _SIGNS, 1095, (LOG_HEADS,))
WITNESS = Profile("witness", _SIGNS, 1095, (WITNESSING,))
CONSENT = Profile("consent", _SIGNS, 1095, (CONSENTING,))
POWER = Profile("power", _SIGNS, 1095, (EMPOWERING,))
MESSAGE = Profile("message", _SIGNS, 397, (MESSAGING,))
DIRECTORY = Profile("directory", _SIGNS, 1095, (NAMING,))
TIME_STAMP = Profile("time_stamp", _SIGNS, 1825, (TIME_STAMPING,))
STATUS = Profile("status", _SIGNS, 90, ("ocsp_signing",), unchecked=True)
# SM2 encrypts by itself, too (GB/T 32918.4).
ENCRYPTION_SM2 = Profile(
    "encryption", frozenset({"key_agreement", "key_encipherment", "data_encipherment"}), 1095
)
