"""What every part of an agreement's limits raises where its words are not of its grammar."""


class NotATerm(ValueError):
    """`field` names the limit: uses, rows, subjects, rate, volume or onward."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field
