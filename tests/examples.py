"""How many examples a property needs: all on one database, a third of them on the second."""

from django.db import connection

from tests.conftest import FULL


def examples(number: int) -> int:
    """The rule is pure and tried in full on SQLite; what PostgreSQL can say otherwise is how it
    takes, keeps and orders a value, and fewer examples show that; `--full` tries all on both."""
    return number if FULL or connection.vendor == "sqlite" else max(5, number // 3)
