"""Levels of agreement of each kind of field, as conditions of DuckDB over prepared columns.

The first that holds counts; a field that is empty on one side says nothing. Each level has a
name, by which parameters are stored and by which pages put it into words.
"""

from lingnan.kernel.registry.linkage.declaration import Compared, Kind

ELSE, NULL, TWIN = "different", "empty", "twin"
FAMILY = '"{f}_f_l" = "{f}_f_r"'
LEVELS: dict[Kind, tuple[tuple[str, str], ...]] = {
    "name": (
        ("exact", '"{f}_l" = "{f}_r"'),
        ("variant", '"{f}_n_l" = "{f}_n_r"'),
        ("sound", '"{f}_p_l" = "{f}_p_r"'),
        ("reordered", '"{f}_s_l" = "{f}_s_r"'),
        ("one_character", 'length("{f}_n_l") > 1 AND levenshtein("{f}_n_l", "{f}_n_r") = 1'),
    ),
    "number": (
        ("exact", '"{f}_l" = "{f}_r"'),
        ("upgraded", '"{f}_n_l" = "{f}_n_r"'),
        # Two numbers whose check characters are right are two numbers, however near.
        ("both_valid", '"{f}_ok_l" AND "{f}_ok_r"'),
        ("near", 'damerau_levenshtein("{f}_n_l", "{f}_n_r") <= 1'),
    ),
    "date": (
        ("exact", '"{f}_l" = "{f}_r"'),
        ("swapped", '"{f}_l" = "{f}_w_r"'),
        ("one_digit", 'hamming("{f}_l", "{f}_r") = 1'),
        ("year", 'left("{f}_l", 4) = left("{f}_r", 4)'),
    ),
    "address": (
        ("exact", '"{f}_n_l" = "{f}_n_r"'),
        ("contained", 'ends_with("{f}_n_l", "{f}_n_r") OR ends_with("{f}_n_r", "{f}_n_l")'),
        ("few", 'levenshtein("{f}_n_l", "{f}_n_r") <= 2'),
        ("overlap", 'jaccard("{f}_n_l", "{f}_n_r") >= 0.8'),
        ("some", 'jaccard("{f}_n_l", "{f}_n_r") >= 0.5'),
    ),
    "code": (("exact", '"{f}_l" = "{f}_r"'),),
    # Codes of GB/T 2260 and what GB/T 10114 adds: each longer one lies within its beginning.
    "division": (
        ("exact", '"{f}_l" = "{f}_r"'),
        ("part", 'starts_with("{f}_l", "{f}_r") OR starts_with("{f}_r", "{f}_l")'),
        ("county", 'left("{f}_l", 6) = left("{f}_r", 6)'),
        ("city", 'left("{f}_l", 4) = left("{f}_r", 4)'),
    ),
    "phone": (
        ("exact", '"{f}_n_l" = "{f}_n_r"'),
        ("near", 'damerau_levenshtein("{f}_n_l", "{f}_n_r") <= 1'),
    ),
}


# At these levels two may be twins, whose dates and addresses are written with slips as others' are.
AGREES: dict[Kind, tuple[str, ...]] = {
    "date": ("exact", "swapped"),
    "address": ("exact", "contained", "few"),
}


def names(compared: Compared) -> list[str]:
    """Levels from the best to none."""
    found = [name for name, _sql in LEVELS[compared.kind]] + [ELSE]
    if compared.twins:
        found.insert(found.index("one_character"), TWIN)
    return found


def condition(compared: Compared, level: str) -> str:
    if level == TWIN:
        return " AND ".join([FAMILY.replace("{f}", compared.field), *map(_agree, compared.twins)])
    return dict(LEVELS[compared.kind])[level].replace("{f}", compared.field)


def _agree(compared: Compared) -> str:
    said = " OR ".join(condition(compared, level) for level in AGREES[compared.kind])
    return f"({said})"


def empty(compared: Compared) -> str:
    return f'"{compared.field}_l" IS NULL OR "{compared.field}_r" IS NULL'
