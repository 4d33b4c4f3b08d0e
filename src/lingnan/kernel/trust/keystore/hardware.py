"""Keys in a module of their own (PKCS#11 v2.40): they are made there, sign there, and never leave.

The library is an extra of the package (`lingnan[pkcs11]`). Only P-256 keys: modules that know SM2
number it in ways of their own. A module's session belongs to one process, and is used by one thread
at a time.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from .files import alone
from .folder import LABEL
from .keys import Algorithm, KeyDamaged, KeyMissing, KeyStoreUnavailable, PublicKey

SCHEME = "pkcs11"


@dataclass(frozen=True, slots=True)
class Token:
    """Which token of which module, as `pkcs11:/path/to/module.so?token=label` names it."""

    module: str
    label: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises `KeyStoreUnavailable` for anything else."""
        parts = urlsplit(text)
        labels = parse_qs(parts.query).get("token", [])
        if parts.scheme != SCHEME or not parts.path.startswith("/") or len(labels) != 1:
            raise KeyStoreUnavailable("LINGNAN_KEYSTORE is pkcs11:/module.so?token=label.")
        return cls(parts.path, labels[0])


class HardwareKey:
    """A key in a token; only its public part is here."""

    def __init__(self, store: "HardwareKeyStore", label: str, public: PublicKey) -> None:
        self._store, self._label, self._public = store, label, public

    @property
    def label(self) -> str:
        return self._label

    @property
    def public(self) -> PublicKey:
        return self._public

    def sign(self, data: bytes) -> bytes:
        return self._store.sign(self._label, data)


class HardwareKeyStore:
    """Several processes may share one token; by a lock in `folder` one of them makes at a time."""

    def __init__(self, token: Token, pin: Path, folder: Path) -> None:
        self._token, self._pin, self._folder = token, pin, folder
        self._lock, self._session, self._process = threading.RLock(), None, 0

    def make(self, label: str, algorithm: Algorithm = Algorithm.P256) -> HardwareKey:
        if not LABEL.fullmatch(label):
            raise ValueError("A key's label is 1 to 100 letters, digits, - _ or .")
        if algorithm is not Algorithm.P256:
            raise KeyStoreUnavailable("Keys in a module are on P-256 only.")
        with alone(self._folder), self._at_work() as (pkcs11, session):
            if label in self._labels(pkcs11, session):
                raise ValueError(f"The key {label} is there already.")
            _generate(pkcs11, session, label)
        return self.open(label)

    def open(self, label: str) -> HardwareKey:
        with self._at_work() as (pkcs11, session):
            self._private(pkcs11, session, label)
            found = _one(pkcs11, session, pkcs11.ObjectClass.PUBLIC_KEY, label)
            from pkcs11.util.ec import encode_ec_public_key

            return HardwareKey(self, label, PublicKey(Algorithm.P256, encode_ec_public_key(found)))

    def labels(self) -> list[str]:
        with self._at_work() as (pkcs11, session):
            return self._labels(pkcs11, session)

    def destroy(self, label: str) -> None:
        with alone(self._folder), self._at_work() as (pkcs11, session):
            self._private(pkcs11, session, label).destroy()
            _one(pkcs11, session, pkcs11.ObjectClass.PUBLIC_KEY, label).destroy()

    def sign(self, label: str, data: bytes) -> bytes:
        """As `SigningKey.sign`. The digest is reckoned here: many modules sign digests alone."""
        with self._at_work() as (pkcs11, session):
            key = self._private(pkcs11, session, label)
            raw = key.sign(sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA)
            from pkcs11.util.ec import encode_ecdsa_signature

            made: bytes = encode_ecdsa_signature(raw)
            return made

    def _labels(self, pkcs11: Any, session: Any) -> list[str]:
        wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY}
        return sorted(str(key.label) for key in session.get_objects(wanted))

    def _private(self, pkcs11: Any, session: Any, label: str) -> Any:
        return _one(pkcs11, session, pkcs11.ObjectClass.PRIVATE_KEY, label)

    @contextmanager
    def _at_work(self) -> Iterator[tuple[Any, Any]]:
        """The library and this process's session; its faults as `KeyStoreUnavailable`."""
        try:
            import pkcs11
        except ImportError as problem:
            raise KeyStoreUnavailable("Keys in a module need lingnan[pkcs11].") from problem
        with self._lock:
            try:
                yield pkcs11, self._opened(pkcs11)
            except pkcs11.exceptions.PKCS11Error as problem:
                # A session that broke is opened anew the next time.
                self._session = None
                raise KeyStoreUnavailable(f"The token answers: {problem!r}") from problem

    def _opened(self, pkcs11: Any) -> Any:
        if self._session is None or self._process != os.getpid():
            try:
                pin = self._pin.read_text().strip()
                library = pkcs11.lib(self._token.module)
                if self._session is not None:
                    library.reinitialize()
                token = library.get_token(token_label=self._token.label)
            except (OSError, RuntimeError) as problem:
                raise KeyStoreUnavailable(f"The module cannot be used: {problem}") from problem
            try:
                self._session = token.open(rw=True, user_pin=pin)
            except pkcs11.exceptions.UserAlreadyLoggedIn:
                # A login holds for the whole process.
                self._session = token.open(rw=True)
            self._process = os.getpid()
        return self._session


def _generate(pkcs11: Any, session: Any, label: str) -> None:
    """A pair whose private part neither leaves the token nor can be read in it."""
    from pkcs11.util.ec import encode_named_curve_parameters

    attribute = pkcs11.Attribute
    curve = {attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
    session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True).generate_keypair(
        id=label.encode(),
        label=label,
        store=True,
        private_template={
            attribute.SENSITIVE: True,
            attribute.EXTRACTABLE: False,
            attribute.SIGN: True,
        },
    )


def _one(pkcs11: Any, session: Any, kind: Any, label: str) -> Any:
    wanted = {pkcs11.Attribute.CLASS: kind, pkcs11.Attribute.LABEL: label}
    found = list(session.get_objects(wanted))
    if not found:
        raise KeyMissing(label)
    if len(found) > 1:
        raise KeyDamaged(f"The token has {len(found)} keys of the label {label}.")
    return found[0]
