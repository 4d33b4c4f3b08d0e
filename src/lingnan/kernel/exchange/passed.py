"""What an agreement lets pass of an answer: whose subjects, and which of their rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from lingnan.kernel.exchange import limited
from lingnan.kernel.exchange import rows as conditions
from lingnan.kernel.exchange.catalogue import Resource
from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.exchange.use import Denied
from lingnan.kernel.registry.records import significant

Row = Mapping[str, Any]


class Judge:
    """The limits of an agreement on what is answered to one body today."""

    def __init__(self, agreement: Agreement, consumer: str, resource: Resource) -> None:
        self._conditions = conditions.read(agreement.rows)
        self._element, self._subjects = resource.division, agreement.subjects
        limits = bool(self._conditions or self._subjects)
        self._who = conditions.asker(consumer) if limits else conditions.Asker("", None)

    @property
    def limits(self) -> bool:
        return bool(self._conditions or self._subjects)

    def asks(self, rows: Sequence[Row]) -> bool:
        """Whether somebody of whom these rows are may be asked about."""
        if not self._subjects:
            return True
        place = self._subjects
        if place == limited.TERRITORY:
            place = self._who.territory or ""
        begins = significant(place)
        return all(
            begins and str(row["values"].get(self._element) or "").startswith(begins)
            for row in rows
        )

    def row(self, row: Row) -> bool:
        """Whether a row passes."""
        return conditions.let_through(self._conditions, self._who, row["values"])


def rows(
    said: Mapping[Any, Sequence[Row]], agreement: Agreement, consumer: str, resource: Resource
) -> Mapping[Any, Sequence[Row]]:
    """The rows that pass. Raises Denied where somebody may not be asked about."""
    if not agreement.rows and not agreement.subjects:
        return said
    judge = Judge(agreement, consumer, resource)
    if not all(judge.asks(told) for told in said.values()):
        raise Denied("the agreement does not cover the subjects of this division (subjects)",
                     "subjects")  # fmt: skip
    return {whom: [row for row in told if judge.row(row)] for whom, told in said.items()}
