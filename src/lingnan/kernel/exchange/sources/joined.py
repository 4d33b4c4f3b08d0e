"""A published table as a resource of the exchange: whom it is asked about, and how it answers.

The exchange names whom it asks about by the answering subsystem's own pseudonyms; a department's
table knows people by their identity number and organisations by their credit code. The number is
read from its one home over the exchange, as a use by the body that publishes, under an agreement
of that body and with evidence of its own (decision 0021). What has no home elsewhere is a thing:
the body's own code for it is given a key the first time it is found.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lingnan.kernel.exchange import catalogue, gateway, pseudonyms
from lingnan.kernel.exchange.catalogue import Answers, Resource
from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.exchange.purposes import purpose
from lingnan.kernel.exchange.sources import asking
from lingnan.kernel.exchange.sources.asking import Lookup
from lingnan.kernel.exchange.use import Denied, Unavailable, Use
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import superiors

NUMBERS = {"person": "person.identity_number", "organisation": "organisation.credit_code"}
"""By which element a table knows whom it is about."""
PURPOSE = purpose(
    "joined_table",
    Title(
        "在本部门已有数据表中查找本人记录", "To find somebody's rows in a department's own table"
    ),
)


class Things(Protocol):
    """Keys of what only this table has a code for."""

    def key_of(self, code: str) -> int: ...

    def codes_of(self, keys: Sequence[int]) -> Mapping[int, str]: ...


@dataclass(frozen=True)
class Joined:
    """A table of a body, published as `code`.

    subject   "person", "organisation" or "thing"
    elements  data element → column
    lookup    how the source is asked now. Raises Unavailable, with the reason, while it is
              suspended or retracted; KeyStoreUnavailable
    things    of a subject "thing" alone
    """

    code: str
    body: str
    subject: str
    elements: Mapping[str, str]
    lookup: Callable[[], Lookup]
    things: Things | None = None

    @property
    def subsystem(self) -> str:
        return self.code.partition(".")[0]


def answers(joined: Joined) -> Answers:
    """The function by which its resource answers."""

    def answer(asked: Sequence[Any]) -> Mapping[Any, Sequence[Mapping[str, Any]]]:
        if not asked:
            return {}
        lookup = joined.lookup()
        codes = codes_of(joined, asked)
        found = asking.rows(lookup, sorted(set(codes.values())))
        return {
            name: [row_of(joined, row) for row in found.get(codes[name], ())]
            for name in asked
            if name in codes
        }

    return answer


def row_of(joined: Joined, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row of a source as the exchange carries it: it has no versions, it is as of now."""
    return {
        "values": {element: row[column] for element, column in joined.elements.items()},
        "record": joined.code,
        "version": 0,
        "as_of": legal_time.today().isoformat(),
    }


def codes_of(joined: Joined, names: Sequence[str]) -> dict[str, str]:
    """By what the table knows whom this subsystem calls so; nobody's number is left out quietly:
    of whom the register has none there is no row. Raises ExchangeFailure."""
    if joined.things is not None:
        keys = pseudonyms.resolve(joined.subject, joined.subsystem, names)
        codes = joined.things.codes_of(list(keys.values()))
        return {name: codes[key] for name, key in keys.items() if key in codes}
    own = pseudonyms.translate(joined.subject, joined.subsystem, joined.body, list(names))
    register, element = home(joined.subject)
    said = gateway.single(
        Use(
            resource=register.code,
            consumer=joined.body,
            purpose=PURPOSE,
            basis=leave(joined.body, joined.subject).basis,
            case=joined.code,
            actor=f"table {joined.code}",
            subjects=tuple(own.values()),
            elements=(element,),
        )
    )
    numbers = {one.subject: str(one.values().get(element) or "") for one in said}
    return {name: numbers[own[name]] for name in names if numbers.get(own[name])}


def home(subject: str) -> tuple[Resource, str]:
    """The register that holds the number of such subjects, and the element. Raises Unavailable."""
    element = NUMBERS[subject]
    for one in catalogue.declared().values():
        if one.keyed and one.subject == subject and element in one.elements:
            return one, element
    raise Unavailable(f"no register here holds {element}")


def key_of(joined: Joined, code: str) -> int | None:
    """The key of whom or what a code means; None of what nobody knows. Raises ExchangeFailure,
    SourceFailure."""
    if joined.things is None:
        find = home(joined.subject)[0].find
        return find(code) if find is not None and len(code) <= 40 else None
    # Only what the table has is given a key: else whoever asks could fill the node with them.
    found = asking.rows(joined.lookup(), [code])
    return joined.things.key_of(code) if found.get(code) else None


def leave(body: str, subject: str) -> Agreement:
    """The agreement by which a body may read the numbers. Raises Denied."""
    register, element = home(subject)
    today = legal_time.today()
    rows = Agreement.objects.filter(
        resource=register.code, consumer__in=superiors(body) or [body], purpose=PURPOSE,
        ended=False, consent=False, valid_from__lte=today,
    )  # fmt: skip
    for one in rows.order_by("number"):
        if element in one.elements and (one.valid_until is None or one.valid_until >= today):
            return one
    raise Denied(f"no agreement lets {body} read {element} for {PURPOSE}")
