"""Counting for somebody who asks: what a post may count, and the evidence of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lingnan.kernel.registry import moments, rights
from lingnan.kernel.registry.exporting import may_export
from lingnan.kernel.registry.projection.held import NoCopy
from lingnan.kernel.registry.reading import context_of
from lingnan.kernel.registry.records import Record
from lingnan.kernel.registry.statistics import tables
from lingnan.kernel.registry.statistics.axes import axes
from lingnan.kernel.registry.statistics.tables import Counted
from lingnan.kernel.registry.statistics.townships import NoPlace
from lingnan.kernel.runtime.api import Moment, legal_time
from lingnan.kernel.trust.api import Actor, node_evidence

NAMES, PLACE = ("by", "and", "also"), "within"


class BadQuestion(ValueError):
    """What cannot be counted; `words` say why, `status` is that of the answer."""

    def __init__(self, name: str, words: str, status: int = 422) -> None:
        super().__init__(words)
        self.name, self.words, self.status = name, words, status


@dataclass(frozen=True)
class Question:
    """What somebody wants counted: codes of axes, the moment, and the place of townships."""

    axes: tuple[str, ...]
    moment: Moment
    within: str = ""


def asked(model: type[Record], told: Mapping[str, str]) -> Question | None:
    """What an address asks for; None when it asks for nothing yet. Raises BadQuestion."""
    codes = [told.get(name, "").strip() for name in NAMES]
    wanted = tuple(code for code in codes if code)
    try:
        moment = moments.asked(told).moment
    except moments.BadMoment as error:
        raise BadQuestion(error.name, error.words) from None
    if not wanted:
        return None
    if len(set(wanted)) < len(wanted):
        raise BadQuestion(NAMES[1], _("Choose each dimension once."))
    return Question(wanted, moment or Moment(legal_time.today()), told.get(PLACE, "").strip())


def answer(model: type[Record], who: Actor, question: Question, kind: str) -> Counted:
    """The table, within the post's division, the evidence first. Raises BadQuestion.

    Whoever of the holder may export sees all counts; for all others small ones are withheld.
    """
    known = {axis.code: axis for axis in axes(model, rights.withheld(model, who))}
    if not known.keys() >= set(question.axes):
        raise BadQuestion(NAMES[0], _("This register is not counted by that."))
    by_township = any(known[code].dimension.kind == "township" for code in question.axes)
    if question.within and not by_township:
        raise BadQuestion(PLACE, _("A place is chosen for tables by township only."))
    _witness(model, who, question, kind)
    try:
        return tables.table(
            model,
            question.axes,
            question.moment.valid,
            disclosure=not may_export(model, who),
            division=who.division,
            known=question.moment.known,
            within=question.within,
        )
    except NoPlace:
        words = _("Choose the county or city of your division whose townships are counted.")
        raise BadQuestion(PLACE, words) from None
    except tables.Unfit:
        words = _("Townships are counted by one more dimension at most, and by no other place.")
        raise BadQuestion(NAMES[1], words) from None
    except tables.TooLarge:
        words = _("This table would have too many cells. Choose fewer or coarser dimensions.")
        raise BadQuestion(NAMES[0], words) from None
    except NoCopy:
        words = _("The copy from which is counted is being made. Please try again in a minute.")
        raise BadQuestion("", words, 503) from None


def _witness(model: type[Record], who: Actor, question: Question, kind: str) -> None:
    known = question.moment.known
    payload = {
        "record_type": context_of(model),
        "body": who.body,
        "role": who.role,
        "actor": who.signature,
        "dimensions": list(question.axes),
        "valid": question.moment.valid.isoformat(),
        "known": known.isoformat() if known else "",
    }
    if question.within:
        payload["within"] = question.within
    node_evidence.write([node_evidence.entry(kind, payload)])
