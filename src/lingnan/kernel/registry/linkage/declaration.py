"""How records of a type are compared, to find those of one and the same subject."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["name", "number", "date", "address", "code", "division", "phone"]


@dataclass(frozen=True)
class Compared:
    """A field that is compared, and how: its kind decides the levels (see `levels`).

    `twins` of a name: the date and address in which twins agree, who differ in the given name.
    """

    field: str
    kind: Kind
    twins: tuple["Compared", ...] = ()


@dataclass(frozen=True)
class Linkage:
    """What is compared, and from which weight on a pair is shown and proposed.

    compared    fields and how they are compared; at most one `number`
    blocks      only pairs that agree in all columns of one of these are compared; the columns
                are those that `preparing` makes: `<field>_n` and so on
    parameters  a dated JSON file of m and u probabilities, made by `linkage_estimate`
    review      weight (log2 of the odds) from which an official is asked
    propose     weight from which “the same” is proposed; below `review` a pair is dropped
    number, birth, sex  fields of which a merge of two living people is recognised ("": none)
    """

    compared: tuple[Compared, ...]
    blocks: tuple[tuple[str, ...], ...]
    parameters: Path
    review: float = 2.0
    propose: float = 8.0
    number: str = ""
    birth: str = ""
    sex: str = ""
