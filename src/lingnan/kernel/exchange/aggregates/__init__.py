"""Aggregate uses: how many, or how much, and of nobody in particular.

A consumer with an agreement for aggregates sends a `Question` and gets a `Table`, both plain values
(`plain`, `read`), so that between nodes it is one service of the holder's system (`across`):

    aggregate  {"question": Question.plain(), "agreement": true}
               →  Table.plain(), {"bad": field} or {"failure", "detail", "term"}

By which agreement it was counted is told to whom asks for that: a node of the release before would
not read it. Under which agreements a body may ask, and by what, its node asks the holder's for
(`telling`, `offered`), each time somebody is to choose.

What stands between a question and its answer:

- small counts, and sums that one subject dominates, are withheld, and as many others as it takes
  that nobody can work them out from the totals (`registry.statistics.disclosure`);
- a cell that was withheld from this consumer before stays so in every later table of that day, and
  what was told before is not counted on to hide anything (`earlier`);
- a question whose subjects differ from those of an answered one by fewer than the least count, so
  that the difference of two tables would tell of few, is refused (`earlier`).

Not covered, and said to data officers: tables of different days, and what may be put together from
many overlapping tables of different dimensions; two consumers who compare their tables.
"""
