"""Keys in a folder: one file each, PKCS#8 wrapped under the folder's wrapping key.

A file is JSON: `version`, `label`, `algorithm`, `wrapped_by` (the mark of the wrapping key),
`public` and `private` (base64). Label, algorithm and public key are bound to the private part:
a file put under another name does not open.
"""

import base64
import json
import re
from pathlib import Path
from typing import Any

from . import pairs
from .files import alone, sync_folder, write_whole
from .keys import Algorithm, KeyDamaged, KeyMissing, KeyStoreUnavailable, PublicKey
from .wrapping import WrappingKey

VERSION = 1
LABEL = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}")


class FolderKey:
    """A key of a folder, unwrapped into this process's memory when it is opened."""

    def __init__(self, label: str, public: PublicKey, private: bytes) -> None:
        self._label, self._public = label, public
        self._sign = pairs.signer(public.algorithm, private)

    @property
    def label(self) -> str:
        return self._label

    @property
    def public(self) -> PublicKey:
        return self._public

    def sign(self, data: bytes) -> bytes:
        return self._sign(data)


class FolderKeyStore:
    """Several processes may share one folder."""

    def __init__(self, folder: Path, wrapping: WrappingKey) -> None:
        self._folder, self._wrapping = folder, wrapping
        self._opened: dict[str, FolderKey] = {}

    def make(self, label: str, algorithm: Algorithm = Algorithm.P256) -> FolderKey:
        path = self._path(label)
        private = pairs.make(algorithm)
        public = pairs.public_of(algorithm, private)
        with alone(self._folder):
            if path.exists():
                raise ValueError(f"The key {label} is there already.")
            write_whole(path, self._sealed(label, public, private), 0o600)
        self._opened[label] = FolderKey(label, public, private)
        return self._opened[label]

    def open(self, label: str) -> FolderKey:
        if label not in self._opened:
            self._opened[label] = self._read(label)
        return self._opened[label]

    def labels(self) -> list[str]:
        if not self._folder.exists():
            return []
        return sorted(path.stem for path in self._folder.glob("*.key"))

    def destroy(self, label: str) -> None:
        path = self._path(label)
        with alone(self._folder):
            self._opened.pop(label, None)
            try:
                path.unlink()
            except FileNotFoundError as problem:
                raise KeyMissing(label) from problem
            sync_folder(self._folder)

    def _path(self, label: str) -> Path:
        if not LABEL.fullmatch(label):
            raise ValueError("A key's label is 1 to 100 letters, digits, - _ or .")
        return self._folder / f"{label}.key"

    def _sealed(self, label: str, public: PublicKey, private: bytes) -> bytes:
        wrapped = self._wrapping.wrap(private, _name(label, public))
        told = {
            "version": VERSION,
            "label": label,
            "algorithm": public.algorithm.value,
            "wrapped_by": self._wrapping.mark,
            "public": base64.b64encode(public.der).decode(),
            "private": base64.b64encode(wrapped).decode(),
        }
        return json.dumps(told, indent=1).encode()

    def _read(self, label: str) -> FolderKey:
        return FolderKey(label, *self._unwrapped(label))

    def _unwrapped(self, label: str) -> tuple[PublicKey, bytes]:
        path = self._path(label)
        try:
            told: Any = json.loads(path.read_bytes())
            public = PublicKey(Algorithm(told["algorithm"]), base64.b64decode(told["public"]))
            wrapped, mark = base64.b64decode(told["private"]), told["wrapped_by"]
        except FileNotFoundError as problem:
            raise KeyMissing(label) from problem
        except OSError as problem:
            raise KeyStoreUnavailable(f"The key {label} cannot be read.") from problem
        except (ValueError, TypeError, KeyError) as problem:
            raise KeyDamaged(f"The file of the key {label} says nothing sound.") from problem
        if mark != self._wrapping.mark:
            raise KeyDamaged(f"The key {label} is wrapped under another key than this node has.")
        return public, self._wrapping.unwrap(wrapped, _name(label, public))


def _name(label: str, public: PublicKey) -> bytes:
    """What the wrapped key is bound to."""
    return b"\0".join(
        (b"lingnan key 1", label.encode(), public.algorithm.value.encode(), public.der)
    )
