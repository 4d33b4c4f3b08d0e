"""Subjects of whom a node knows names alone, because another one holds who they are.

Of each is kept what the consumer calls them and what the holder's system does, 16 bytes each; by
the latter, shortened, the index finds them, as the evidence does.
"""

from typing import TYPE_CHECKING, Any

from lingnan.kernel.registry.reading import PSEUDONYM

if TYPE_CHECKING:
    import numpy as np

KIND, NAME = PSEUDONYM, 16


def kept(consumers: bytes, holders: bytes) -> bytes:
    """Both names of each, side by side. Raises ValueError where they are not as many."""
    import numpy as np

    pairs = [np.frombuffer(names, np.uint8).reshape(-1, NAME) for names in (consumers, holders)]
    return np.concatenate(pairs, axis=1).tobytes()


def of_consumer(kept_: bytes) -> bytes:
    """The consumer's names, one after the other."""
    return _half(kept_, 0)


def of_holder(kept_: bytes) -> list[str]:
    """The holder's names, in hexadecimal."""
    return listed(_half(kept_, 1))


def listed(names: bytes) -> list[str]:
    """Names that stand one after the other, in hexadecimal."""
    text, step = names.hex(), 2 * NAME
    return [text[at : at + step] for at in range(0, len(text), step)]


def keys(kept_: bytes) -> "np.ndarray[Any, Any]":
    """By what each is found (`runtime.keys.shortened` of the holder's name)."""
    import numpy as np

    numbers = np.frombuffer(_half(kept_, 1), np.dtype(">u8")).reshape(-1, 2)[:, 0]
    return (numbers >> np.uint64(1)).astype(np.int64)


def _half(kept_: bytes, which: int) -> bytes:
    import numpy as np

    rows = np.frombuffer(kept_, np.uint8).reshape(-1, 2 * NAME)
    return rows[:, which * NAME : (which + 1) * NAME].tobytes()
