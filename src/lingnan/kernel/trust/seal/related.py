"""Which answers of a document belong to which of its signatures: the validation-related information
(VRI) of its security store (ISO 32000-2 §12.8.4.4, ETSI EN 319 142-1 §5.4.2; unverified: the text
of the latter was not at hand).

A signature is named by the SHA-1 of its contents as they stand, which is a name and no proof. So a
tail can tell it of the signatures before it, never of its own time-stamp.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .texts import CannotLast, text

_KINDS = ("/Cert", "/OCSP", "/CRL")


def references(numbers: Sequence[int]) -> bytes:
    """An array of references to objects."""
    return b"[" + b" ".join(b"%d 0 R" % one for one in numbers) + b"]"


Numbers = Sequence[Sequence[int]]


def written(form: Any, store: Mapping[str, Any], old: Numbers, new: Numbers) -> bytes:
    """What the store told before stays as it is. Each signature without an entry gets one: of what
    was in the store and was told of none; where there is nothing such of all that was in it; of a
    seal that came without any answer of what is new. Raises `CannotLast`."""
    told = store.get("/VRI", {})
    candidates = (list(_untold(told, old)), old, new)
    mine = next(numbers for numbers in candidates if any(numbers) or numbers is new)
    lines = [name.encode() + b" " + text(told.raw_get(name)) for name in told]
    for name in _names(form):
        if name not in told:
            lines.append(name.encode() + b" " + _entry(mine))
    return b"<<" + b"".join(lines) + b">>"


def _entry(numbers: Numbers) -> bytes:
    pairs = zip(_KINDS, numbers, strict=True)
    parts = [kind.encode() + b" " + references(some) for kind, some in pairs if some]
    return b"<</Type /VRI" + b"".join(parts) + b">>"


def _untold(told: Mapping[str, Any], store: Numbers) -> Iterator[list[int]]:
    for kind, numbers in zip(_KINDS, store, strict=True):
        known = {one.idnum for entry in told.values() for one in entry.get(kind, ())}
        yield [one for one in numbers if one not in known]


def _names(form: Any) -> Iterator[str]:
    """Of each signature of the document, in the order of their fields."""
    for field in form["/Fields"]:
        try:
            held: bytes = field.get_object()["/V"].raw_get("/Contents").original_bytes
        except (KeyError, AttributeError, TypeError) as problem:
            raise CannotLast("a field that is no signature") from problem
        yield "/" + hashlib.sha1(held, usedforsecurity=False).hexdigest().upper()
