"""By what a register may be counted."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["choice", "division", "township", "age", "year"]


@dataclass(frozen=True)
class Dimension:
    """A field by which statistics may count.

    field  a field of the record type that is `projected`
    kind   choice: a field with choices, or a yes or no · division: a code of GB/T 2260, counted by
           city or by county · age: completed years on the day asked for, of a date, in bands of
           five (as the tables of the national census are, 100 and more being one) · year: of a date
           · township: a code of GB/T 10114, counted for one county or one city at a time
    within for a township: the field with its county's code, itself a dimension of kind division
    """

    field: str
    kind: Kind = "choice"
    within: str = ""
