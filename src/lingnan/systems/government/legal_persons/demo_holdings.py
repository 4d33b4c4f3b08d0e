"""Who holds the synthetic enterprises: one group with a chain and a ring, and many plain firms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lingnan.kernel.exchange.api import give
from lingnan.kernel.runtime.api import Columns, Person, World
from lingnan.systems.government.legal_persons.holdings import YUAN, mark_of, outsider

FUND = "海外创业投资基金（演示）"
# Company → its holders in percent: a number is a company of the group, a letter a resident,
# FUND and "rep" (the representative of the company itself) are outside parties. 0 is held by a
# chain up to resident "a"; 1 heads a group of 0 and 2; 4 and 5 hold each other; 5 is known in part.
GROUP: tuple[tuple[tuple[int | str, int], ...], ...] = (
    ((1, 60), (2, 25), ("b", 15)),
    ((3, 80), (FUND, 20)),
    ((1, 51), ("rep", 49)),
    (("a", 70), (4, 30)),
    ((5, 55), ("rep", 45)),
    ((4, 40), ("b", 35)),
)


@dataclass
class Shareholders:
    """Holdings for chunks of enterprises; the first six of the province are the group."""

    residents: dict[str, Person]
    known_as: dict[int, str]
    group: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, world: World) -> Shareholders:
        logins = sorted(login for login in world.featured if login.startswith("resident-"))
        chosen = [world.featured[login] for login in logins[:2]]
        residents = dict(zip("ab", chosen, strict=False))
        return cls(residents, give("person", "legal_persons", [one.key for one in chosen]))

    def of_chunk(self, chunk: Columns) -> Iterator[dict[str, Any]]:
        """Of two firms in three the representative holds all, of the third two thirds."""
        names = ("code", "name", "representative", "capital", "division", "registered_on")
        for place, values in enumerate(zip(*(chunk[name] for name in names), strict=True)):
            firm = dict(zip(names, values, strict=True))
            if len(self.group) < len(GROUP):
                self.group.append(firm)
                continue
            whole = int(firm["capital"]) * YUAN
            most = whole if place % 3 else whole * 2 // 3
            yield self._outside(firm, 1, firm["representative"], most)
            if most < whole:
                yield self._outside(firm, 2, FUND, whole - most)

    def of_group(self) -> Iterator[dict[str, Any]]:
        """The group's holdings; in a province of fewer firms they are plain ones."""
        whole = len(self.group) == len(GROUP) and len(self.residents) == 2
        for firm, holders in zip(self.group, GROUP, strict=False):
            capital = int(firm["capital"]) * YUAN
            if not whole:
                yield self._outside(firm, 1, firm["representative"], capital)
                continue
            for number, (holder, percent) in enumerate(holders, 1):
                yield self._of_group(firm, number, holder, capital * percent // 100)

    def _of_group(
        self, firm: dict[str, Any], number: int, holder: int | str, amount: int
    ) -> dict[str, Any]:
        if isinstance(holder, int):
            held = self.group[holder]
            known = {"kind": "enterprise", "holder_code": held["code"]}
            return self._row(firm, number, mark_of(held["code"]), held["name"], amount) | known
        if holder in self.residents:
            person = self.residents[holder]
            row = self._row(firm, number, self.known_as[person.key], person.name, amount)
            return row | {"kind": "person"}
        name = firm["representative"] if holder == "rep" else holder
        return self._outside(firm, number, name, amount)

    def _outside(self, firm: dict[str, Any], number: int, name: str, amount: int) -> dict[str, Any]:
        return self._row(firm, number, outsider(name, firm["division"]), name, amount) | {
            "kind": "outside"
        }

    def _row(
        self, firm: dict[str, Any], number: int, holder: str, name: str, amount: int
    ) -> dict[str, Any]:
        """Half of it is paid: a company has five years for that (公司法 (2023-12-29) Art. 47)."""
        return {
            "number": f"{firm['code']}-{number:03d}",
            "company": firm["code"],
            "holder": holder,
            "holder_name": name,
            "subscribed": amount,
            "paid": amount // 2,
            "division": firm["division"],
            "valid_from": firm["registered_on"],
        }
