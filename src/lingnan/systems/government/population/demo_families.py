"""Who is whose child, in the households of the people whom a visitor may choose. All synthetic.

The world of the demonstration says who lives together, not who is related: here each resident whom
one may sign in as heads a household, and minors young enough are entered as the head's children.
"""

from lingnan.kernel.runtime.api import Columns, World
from lingnan.systems.government.population.rules import guardianship, kinship

APART = 18


class Families:
    def __init__(self, world: World) -> None:
        chosen = world.featured.items()
        heads = [one for login, one in chosen if login.startswith("resident-")]
        self._heads = {one.household: one for one in heads}
        self._today = world.start

    def relations(self, chunk: Columns) -> list[str]:
        """The relation to the head, "" where nothing is entered, for each row of a chunk."""
        names = ("key", "household", "birth_date", "sex")
        found = []
        for key, household, born, sex in zip(*(chunk[name] for name in names), strict=True):
            head = self._heads.get(household)
            if head is None:
                found.append("")
            elif key == head.key:
                found.append(kinship.HEAD)
            else:
                young = born >= guardianship.birthday(head.birth_date, APART)
                minor = not guardianship.of_age(born, self._today)
                found.append(kinship.child(sex) if young and minor else "")
        return found
