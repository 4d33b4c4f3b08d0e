"""What an official is to somebody whose data they see: a pure rule over plain facts.

Registers say who is of one household. Relatives elsewhere stand in no register here: of them the
rule says nothing, and never guesses by a name.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """Somebody as the registers know them.

    person     a mark of the person; empty where an official has not said which resident they are
    household  a mark of the household; empty where none is on record
    family     whether those of that household live together as a family
    body       where they hold a post, for an official
    """

    person: str
    household: str = ""
    family: bool = False
    bodies: frozenset[str] = frozenset()


def kinship(official: Known, body: str, subject: Known) -> str:
    """ "self", "household", "colleague" or "": the nearest that is known.

    A collective household (a dormitory, a barracks) makes nobody kin.
    """
    if official.person and official.person == subject.person:
        return "self"
    together = official.household and official.household == subject.household
    if official.person and together and official.family and subject.family:
        return "household"
    return "colleague" if body and body in subject.bodies else ""
