"""Statistics of a register for programs."""

from django.http import HttpRequest
from ninja import Field, Query, Schema
from ninja.errors import HttpError

from lingnan.kernel.registry.statistics.pages import countable
from lingnan.kernel.registry.statistics.reading import BadQuestion, answer, asked


class StatisticsQuery(Schema):
    """What is to be counted, by codes of dimensions; the names are those of the page's address."""

    by: str = Field("", description="the first dimension, by its code")
    and_: str = Field("", alias="and", description="a second dimension")
    also: str = Field("", description="a third dimension")
    within: str = Field("", description="the county or city whose townships are counted, by code")
    on: str = Field("", description="the day counted, such as 2026-03-02; by default today")
    known: str = Field("", description="the day up to which was known")


class RowOut(Schema):
    """The codes of a row and its counts; null where a count is withheld."""

    categories: list[str]
    counts: list[int | None]


class TableOut(Schema):
    """A table of counts; the last count of each row is its total, `totals` those of the columns.

    `known_on` and `made_at` say up to when the copy knows from which was counted.
    """

    dimensions: list[str]
    across: str
    columns: list[str]
    rows: list[RowOut]
    totals: list[int | None]
    valid: str
    known_on: str
    made_at: str
    disclosure_control: bool


def table_of(
    request: HttpRequest, system: str, name: str, query: Query[StatisticsQuery]
) -> TableOut:
    """Count what `by`, `and` and `also` name, of the day `on`, by what was `known`.

    Townships are counted of one place, `within`, and by one more dimension at most. 422 says in
    words what cannot be counted, 503 that the copy from which is counted is being made.
    """
    model, who = countable(request, system, name)
    try:
        question = asked(model, query.model_dump(by_alias=True))
        if question is None:
            raise BadQuestion("by", "by")
        found = answer(model, who, question, "record.counted")
    except BadQuestion as error:
        raise HttpError(error.status, error.words) from None
    return TableOut(
        dimensions=[axis.code for axis in found.axes],
        across=found.across.code if found.across else "",
        columns=list(found.columns),
        rows=[
            RowOut(categories=list(row), counts=list(counts))
            for row, counts in zip(found.rows, found.cells, strict=False)
        ],
        totals=list(found.cells[-1]) if found.cells else [],
        valid=found.day.isoformat(),
        known_on=found.state.known_on.isoformat(),
        made_at=found.state.made_at,
        disclosure_control=found.guarded,
    )
