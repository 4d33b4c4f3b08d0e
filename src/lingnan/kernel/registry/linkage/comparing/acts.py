"""What an official does with a file that is compared, and in which state it may be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from lingnan.kernel.registry.importing.acts import mapped, read_as
from lingnan.kernel.registry.importing.columns import ABOVE
from lingnan.kernel.registry.importing.sheets import Unfit
from lingnan.kernel.registry.linkage.comparing import found, keeping, rights, words
from lingnan.kernel.registry.linkage.comparing.sending import find_columns, told
from lingnan.kernel.registry.linkage.models import Comparison
from lingnan.kernel.registry.records import Record
from lingnan.kernel.trust.api import Actor

AGAIN = ("done", "failed")
# One at a time is worked at: who has more waiting keeps everybody else's from their turn.
AT_ONCE = 3


@dataclass(frozen=True)
class Fault:
    """Why something cannot be done, in words, and as a status of HTTP."""

    text: str
    status: int = 422


def do(one: Comparison, who: Actor, posted: Mapping[str, str]) -> Fault | None:
    """Do what is asked, or say why it cannot be. What the state does not allow is left undone."""
    asked, model = posted.get("do", ""), rights.model_of(one)
    if one.state == "uploaded" and asked in ("show", "compare"):
        return _set_up(one, who, model, posted, asked == "compare")
    if one.state in AGAIN and asked == "columns":
        for path in found.place(one.ref).parent.glob("found.sqlite3*"):
            path.unlink(missing_ok=True)
        _move(one, "uploaded", counts={}, fault="", share=0.0, ended_at=None)
    elif one.state != "removed" and asked == "remove":
        told("comparison.removed", one, who, {})
        keeping.remove(one)
    return None


def _move(one: Comparison, state: str, **more: object) -> None:
    """From the state that the page showed, and from no other."""
    Comparison.objects.filter(pk=one.ref, state=one.state).update(state=state, **more)


def _set_up(
    one: Comparison, who: Actor, model: type[Record], posted: Mapping[str, str], compare: bool
) -> Fault | None:
    """How the file is read, and its columns, as chosen by hand; then the work, when asked for."""
    reading, head = read_as(one, posted), posted.get("head", "")
    if head.isdecimal() and len(head) < 3 and int(head) <= ABOVE:
        reading |= {"head_chosen": int(head)} if int(head) != reading.get("head") else {}
    anew = reading != one.reading
    try:
        if anew:
            one.reading = reading
            find_columns(one, model, who)
        else:
            one.mapping = mapped(one, rights.fields(model, who), posted)
    except Unfit as unfit:
        return Fault(words.of_file(unfit.code))
    one.save(update_fields=["reading", "mapping"])
    # Read in another way the columns are others: they are looked at before anything is compared.
    if anew or not compare:
        return None
    if not one.mapping:
        return Fault(_("Say which column gives what: without one nothing can be compared."))
    told("comparison.asked", one, who, {"columns": sorted(one.mapping.values())})
    return None if _in_turn(one) else Fault(_too_many(), 429)


def _in_turn(one: Comparison) -> bool:
    """Hand a comparison to the worker, unless as many of its sender's as may wait do already."""
    mine = Comparison.objects.filter(account=one.account, state__in=("uploaded", "comparing"))
    with transaction.atomic():
        # All of one person's are held, so that two asked for at once count each other.
        states = dict(mine.select_for_update().order_by("pk").values_list("pk", "state"))
        if states.get(one.ref) != "uploaded":
            return True
        if list(states.values()).count("comparing") >= AT_ONCE:
            return False
        _move(one, "comparing", counts={})
    return True


def _too_many() -> str:
    text = _(
        "%(n)s of your files wait or are being compared. This one is kept as it is: compare it "
        "when one of them is done, or remove one."
    )
    return text % {"n": AT_ONCE}
