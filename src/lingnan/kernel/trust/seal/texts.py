"""Values of a PDF as text (ISO 32000-2 §7.3), of the kinds that our own documents have."""

from collections.abc import Mapping

from pyhanko.pdf_utils import generic


class CannotLast(ValueError):
    """The document is not built so that a tail can follow it."""


def dictionary(told: Mapping[str, generic.PdfObject]) -> bytes:
    inside = b"".join(name.encode() + b" " + text(told[name]) for name in told)
    return b"<<" + inside + b">>"


def text(value: generic.PdfObject) -> bytes:
    """A value of a catalogue or form. Raises `CannotLast` for kinds that ours do not have."""
    if isinstance(value, generic.IndirectObject):
        return b"%d %d R" % (value.idnum, value.generation)
    if isinstance(value, generic.DictionaryObject):
        return dictionary({name: value.raw_get(name) for name in value})
    if isinstance(value, generic.ArrayObject):
        return b"[" + b" ".join(text(value.raw_get(n)) for n in range(len(value))) + b"]"
    if isinstance(value, generic.NameObject):
        return str(value).encode()
    if isinstance(value, generic.BooleanObject):
        return b"true" if value.value else b"false"
    if isinstance(value, generic.NumberObject):
        return b"%d" % int(value)
    if isinstance(value, generic.ByteStringObject):
        return b"<" + value.hex().encode() + b">"
    if isinstance(value, generic.TextStringObject):
        return b"<" + value.original_bytes.hex().encode() + b">"
    raise CannotLast(f"a {type(value).__name__} in the catalogue")
