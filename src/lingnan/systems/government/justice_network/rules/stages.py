"""The stages of a case and the acts that lead from one to another (`parameters/acts.toml`)."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "parameters"
FIRST = "investigation"
STAGES = (
    "investigation", "arrest_review", "prosecution_review", "supplementary", "first_instance",
    "trial_supplementary", "judged", "appealed", "second_instance", "effective", "execution",
    "closed", "not_prosecuted", "dropped",
)  # fmt: skip
ENDED = frozenset({"closed", "not_prosecuted", "dropped"})


class WrongStage(ValueError):
    """The act is not for this stage, this body or this post, or was done often enough."""


@dataclass(frozen=True)
class Act:
    """What may be done; see the head of the parameters for what each field says."""

    code: str
    zh: str
    en: str
    function: str
    roles: tuple[str, ...]
    stages: tuple[str, ...]
    to: str
    basis: str
    receiver: str = ""
    back: bool = False
    approval: bool = False
    reasons: bool = False
    outcome: bool = False
    verdict: bool = False
    frees: bool = False
    held: str = ""
    most: int = 0
    before: str = ""
    over: str = ""
    document: str = ""
    document_en: str = ""
    served: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()


@cache
def acts() -> Mapping[str, Act]:
    said = tomllib.loads((FOLDER / "acts.toml").read_text(encoding="utf-8"))
    return {row["code"]: _act(row) for row in said["acts"]}


def _act(row: Mapping[str, Any]) -> Act:
    told: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row.items()
    }
    return Act(**told)


def allowed(
    stage: str, function: str, role: str, done: Iterable[str], held: Iterable[str] = ()
) -> list[Act]:
    """What a post may begin now: `done` are the acts of the case so far, `held` the measures that
    its persons are under."""
    counted, measures = Counter(done), set(held)
    return [
        one
        for one in acts().values()
        if stage in one.stages
        and (function, True) == (one.function, role in one.roles)
        and not (one.most and counted[one.code] >= one.most)
        and (not one.held or one.held in measures)
    ]


def may_send(act: Act, function: str, role: str) -> bool:
    """Whether a post may send what another prepared."""
    return act.approval and function == act.function and role == "head"


def demand(act: Act, stage: str, done: Iterable[str]) -> None:
    """Raises WrongStage where an act is not for this stage or was done often enough."""
    if stage not in act.stages or (act.most and Counter(done)[act.code] >= act.most):
        raise WrongStage(act.code)
