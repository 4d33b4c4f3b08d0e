"""Uses within this node, counted as messages are, so that what a member asks is whole."""

import time
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from lingnan.kernel.exchange import elsewhere
from lingnan.kernel.exchange.traffic import counting
from lingnan.kernel.exchange.traffic.counting import Line, counter
from lingnan.kernel.exchange.use import Answer, ExchangeFailure, Use

_KINDS = {"denied": counting.DENIED, "unavailable": counting.UNAVAILABLE,
          "stale": counting.UNAVAILABLE}  # fmt: skip
_T = TypeVar("_T")
Found = list[Answer] | ExchangeFailure


class Asked(Protocol):
    """A use of any kind."""

    @property
    def consumer(self) -> str: ...

    @property
    def resource(self) -> str: ...


_A = TypeVar("_A", bound=Asked)


def one(use: _A, ask: Callable[[_A], _T]) -> _T:
    """What `ask` says; raises as it does. A part of a set counts as one."""
    began = time.monotonic()
    try:
        found = ask(use)
    except ExchangeFailure as failure:
        _count(use, _KINDS.get(failure.code, counting.FAILED), began)
        raise
    except Exception:
        _count(use, counting.FAILED, began)
        raise
    _count(use, counting.OK, began)
    return found


def many(uses: Sequence[Use], ask: Callable[[Sequence[Use]], list[Found]]) -> list[Found]:
    """What `ask` says of all. Each has waited for all; those asked of other nodes their gateway
    counts."""
    began = time.monotonic()
    found = ask(uses)
    here: dict[str, bool] = {}
    for use, said in zip(uses, found, strict=True):
        system = use.resource.partition(".")[0]
        if system not in here:
            here[system] = elsewhere.carried(system)
        if here[system]:
            kind = counting.OK
            if isinstance(said, ExchangeFailure):
                kind = _KINDS.get(said.code, counting.FAILED)
            _count(use, kind, began)
    return found


def _count(use: Asked, outcome: str, began: float) -> None:
    line = Line(counting.HERE, use.consumer, use.resource, "", "", outcome)
    counter.add(line, time.monotonic() - began)
