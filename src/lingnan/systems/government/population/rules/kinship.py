"""Relations to the head of a household, coded as GB/T 4761 does (the table is unverified 未经核实).

The codes of groups alone are used: 02 head, 10 spouse, 20 son, 30 daughter, 40 grandchild,
50 parent, 60 grandparent, 70 sibling, 80 other relation, 97 other relative, 99 not related.
"""

HEAD, SPOUSE, SON, DAUGHTER, GRANDCHILD = "02", "10", "20", "30", "40"
PARENT, GRANDPARENT, SIBLING, OTHER, RELATIVE, NONE = "50", "60", "70", "80", "97", "99"
CODES = (
    HEAD, SPOUSE, SON, DAUGHTER, GRANDCHILD, PARENT, GRANDPARENT, SIBLING, OTHER, RELATIVE, NONE,
)  # fmt: skip
CHILD = "child"
# (the new head to the old one, somebody to the old one) → that somebody to the new head.
COMPOSED = {
    (SPOUSE, CHILD): CHILD,
    (SPOUSE, GRANDCHILD): GRANDCHILD,
    (CHILD, SPOUSE): PARENT,
    (CHILD, CHILD): SIBLING,
    (CHILD, PARENT): GRANDPARENT,
    (PARENT, PARENT): SPOUSE,
    (PARENT, CHILD): GRANDCHILD,
    (PARENT, SIBLING): CHILD,
    (SIBLING, SIBLING): SIBLING,
    (SIBLING, PARENT): PARENT,
    (SIBLING, GRANDPARENT): GRANDPARENT,
    (GRANDCHILD, SPOUSE): GRANDPARENT,
    (GRANDPARENT, GRANDPARENT): SPOUSE,
}
INVERSE = {
    SPOUSE: SPOUSE,
    CHILD: PARENT,
    PARENT: CHILD,
    GRANDCHILD: GRANDPARENT,
    GRANDPARENT: GRANDCHILD,
    SIBLING: SIBLING,
    NONE: NONE,
}


def child(sex: str) -> str:
    """Son or daughter, by GB/T 2261.1."""
    return SON if sex == "1" else DAUGHTER


def under_new_head(chosen: str, told: str, sex: str) -> str:
    """What somebody is to the new head: `chosen` and `told` say what both were to the old one.

    `told` is 02 for the old head. Empty stays empty: nothing is guessed about the unknown; what
    does not follow is 97, to be confirmed at the counter, or 99 where either was not related.
    """
    if not chosen or not told:
        return ""
    new, old = _kind(chosen), _kind(told)
    if NONE in (new, old):
        return NONE
    found = INVERSE.get(new) if old == HEAD else COMPOSED.get((new, old))
    return child(sex) if found == CHILD else found or RELATIVE


def _kind(code: str) -> str:
    return CHILD if code in (SON, DAUGHTER) else code
