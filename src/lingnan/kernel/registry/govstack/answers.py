"""How the interface answers: what came of a writing, and why something was refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.utils.translation import gettext as _
from ninja import Status

from lingnan.kernel.registry.editing import proposals
from lingnan.kernel.registry.editing.writing import Refused
from lingnan.kernel.registry.govstack import finding, naming
from lingnan.kernel.registry.govstack.shapes import Content, Detail, Fault, Pending
from lingnan.kernel.registry.govstack.writing import Done
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.api import Conflict
from lingnan.kernel.trust.api import Actor

REFUSALS: dict[int, Any] = {404: Detail, 409: Detail, 422: Fault}


def answering(view: Callable[..., Any]) -> Callable[..., Any]:
    """What the registry refuses, as an answer."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Any:
        said: Any
        try:
            said = view(*args, **kwargs)
        except Refused as error:
            said = 422, Fault(detail=_("Nothing was found or written."), errors=error.errors)
        except Conflict:
            said = 409, Detail(detail=_("Somebody changed this record meanwhile"))
        except finding.Ambiguous:
            words = _("Several records fit, or more than 100. Say more of what is meant.")
            said = 409, Detail(detail=words)
        return Status(*said) if isinstance(said, tuple) else said

    return answered


def pending(done: Done) -> tuple[int, Pending] | None:
    """202 where a second official has to confirm what was asked for."""
    if not done[1]:
        return None
    links = [proposals.link(one) for one in done[1]]
    return 202, Pending(detail=_("A second official confirms this."), proposals=links)


def written(model: type[Record], who: Actor, done: Done) -> tuple[int, Content | Pending]:
    """The record as it now stands, or what waits."""
    waits = pending(done)
    if waits is not None:
        return waits
    fresh = model.objects.get(key=done[0][0].key)
    return 200, Content(content=naming.content(model, who, fresh))
