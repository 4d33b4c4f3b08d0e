"""By what a register may be counted."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["choice", "division", "age", "year"]


@dataclass(frozen=True)
class Dimension:
    """A field by which statistics may count.

    field  a field of the record type that is `projected`
    kind   choice: a field with choices, or a yes or no · division: a code of GB/T 2260, counted by
           city or by county · age: completed years on the day asked for, of a date, in bands of
           five (as the tables of the national census are, 100 and more being one) · year: of a date
    """

    field: str
    kind: Kind = "choice"
