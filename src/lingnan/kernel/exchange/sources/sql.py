"""One SELECT for every database: names quoted, values apart from it."""

from typing import Any

from lingnan.kernel.exchange.sources.driver import Question


def quoted(name: str, quote: str) -> str:
    """A name as an identifier, whatever characters it has."""
    return f"{quote}{name.replace(quote, quote * 2)}{quote}"


def select(question: Question, quote: str, mark: str) -> tuple[str, list[Any]]:
    """The statement and its values. `mark` stands where a value goes in; a percent sign in a name
    is doubled where the driver reads it."""

    def name(one: str) -> str:
        said = quoted(one, quote)
        return said.replace("%", "%%") if mark == "%s" else said

    table = ".".join(name(part) for part in question.table.parts)
    text = f"SELECT {', '.join(name(one) for one in question.read)} FROM {table}"
    values: list[Any] = []
    if question.values is not None:
        marks = ", ".join([mark] * len(question.values))
        text += f" WHERE {name(question.key)} IN ({marks})"
        values += question.values
        if question.after:
            order = ", ".join(name(one) for one in question.order)
            text += f" AND ({order}) > ({', '.join([mark] * len(question.after))})"
            values += question.after
        if question.order:
            text += f" ORDER BY {', '.join(name(one) for one in question.order)}"
    return f"{text} LIMIT {int(question.limit)}", values
