"""What nobody shares, found without anybody's asking: questions of forms, and refused wishes."""

from dataclasses import dataclass

from lingnan.kernel.exchange.api import AgreementWish, resources
from lingnan.kernel.matters.api import published
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.resource_exchange.demand.models import Need

MOST = 400


@dataclass(frozen=True)
class Lacking:
    """Something that is asked of people, or was refused to a body.

    origin   as `Need.origin` has it
    why      what the form says why no element exists; the holder's answer to a wish
    matters  codes of the matters that ask for it
    """

    origin: str
    title: Title
    why: Title
    matters: tuple[tuple[str, Title], ...]
    basis: str

    @property
    def kind(self) -> str:
        return self.origin.partition(":")[0]


def found() -> list[Lacking]:
    """What nobody has posted yet: questions by how many matters ask them, then wishes."""
    posted = set(
        Need.objects.filter(ended=False).exclude(origin="").values_list("origin", flat=True)
    )
    rows = [*_questions(), *_wishes()]
    return [one for one in rows if one.origin not in posted][:MOST]


def named(origin: str) -> Lacking | None:
    return next((one for one in found() if one.origin == origin), None)


def _questions() -> list[Lacking]:
    """Fields of published matters that no record answers, each once by what it is called."""
    by_name: dict[str, list[tuple[str, str, Title, Title]]] = {}
    for _definition, matter in published():
        for field in matter.form.fields():
            # What one declares or decides oneself nobody could hold.
            if not (field.resource or field.own or field.type == "checkbox"):
                why = field.because or Title("", "")
                row = (matter.code, field.name, field.title, why)
                by_name.setdefault(field.title.zh, []).append(row)
    titles = {matter.code: matter.title for _definition, matter in published()}
    rows = [
        Lacking(
            f"form:{asked[0][0]}:{asked[0][1]}", asked[0][2], asked[0][3],
            tuple((code, titles[code]) for code in sorted({row[0] for row in asked})), "",
        )
        for asked in by_name.values()
    ]  # fmt: skip
    return sorted(rows, key=lambda one: (-len(one.matters), one.origin))


def _wishes() -> list[Lacking]:
    refused = AgreementWish.objects.filter(state__in=("refused", "upheld"), ended=False)
    known = resources()
    return [
        Lacking(
            f"wish:{wish.number}",
            known[wish.resource].title if wish.resource in known else Title(*[wish.resource] * 2),
            Title(wish.answer, wish.answer), (), wish.basis,
        )
        for wish in refused.order_by("-key")[:MOST]
    ]  # fmt: skip
