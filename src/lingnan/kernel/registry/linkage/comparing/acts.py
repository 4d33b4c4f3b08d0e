"""What an official does with a file that is compared, and in which state it may be done."""

from __future__ import annotations

from collections.abc import Mapping

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


def do(one: Comparison, who: Actor, posted: Mapping[str, str]) -> str:
    """Do what is asked; "" or why it cannot be. What the state does not allow is left undone."""
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
    return ""


def _move(one: Comparison, state: str, **more: object) -> None:
    """From the state that the page showed, and from no other."""
    Comparison.objects.filter(pk=one.ref, state=one.state).update(state=state, **more)


def _set_up(
    one: Comparison, who: Actor, model: type[Record], posted: Mapping[str, str], compare: bool
) -> str:
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
        return words.of_file(unfit.code)
    one.save(update_fields=["reading", "mapping"])
    # Read in another way the columns are others: they are looked at before anything is compared.
    if anew or not compare:
        return ""
    if not one.mapping:
        return _("Say which column gives what: without one nothing can be compared.")
    told("comparison.asked", one, who, {"columns": sorted(one.mapping.values())})
    _move(one, "comparing")
    return ""
