"""Roles that one person must not hold together.

House rules: no statute was at hand that names these pairs. That a proposal is confirmed by another
person than its proposer holds besides, by account, whatever the posts.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVERY = "*"


@dataclass(frozen=True)
class Apart:
    """Two roles (EVERY: any other role) and why they are kept apart."""

    one: str
    other: str
    why: Promise

    def meets(self, one: str, other: str) -> bool:
        pairs = ((one, other), (other, one))
        return any(a == self.one and self.other in (EVERY, b) and a != b for a, b in pairs)


APART = (
    Apart("records_officer", "head", _("who enters a record must not be who confirms it")),
    Apart("supervisor", EVERY, _("who supervises must not handle what is supervised")),
    Apart("operator", EVERY, _("who runs the machines must not act in what they record")),
    Apart("certificate_officer", "key_custodian", _("who issues must not keep the keys")),
)
SENSITIVE = frozenset({role for rule in APART for role in (rule.one, rule.other)} - {EVERY})
"""Roles that are given by two people: each could undo the separation alone."""


def conflicts(roles: Collection[str]) -> Iterator[tuple[str, str, Promise]]:
    """The pairs among roles of one person that are kept apart, and why."""
    for one, other in combinations(sorted(set(roles)), 2):
        for rule in APART:
            if rule.meets(one, other):
                yield one, other, rule.why
