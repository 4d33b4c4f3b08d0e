"""Writing what was entered: who may, whether it is in time, and whether a second one confirms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lingnan.kernel.registry import reading, rights
from lingnan.kernel.registry.editing import elsewhere
from lingnan.kernel.registry.editing.entry import WHOLE, Errors, validated
from lingnan.kernel.registry.holders import holding
from lingnan.kernel.registry.records import Record, significant
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.runtime.temporal.history import as_of
from lingnan.kernel.trust.api import Actor

Kind = Literal["new", "change", "end"]
FIRST, LAST = date(1900, 1, 1), date(2099, 12, 31)
EVERY = "*"
LEAST, LONGEST = 2, 200
VALID_FROM, VALID_TO, REASON = "valid_from", "valid_to", "reason"


@dataclass(frozen=True)
class Entered:
    """What is to be written: clean values, from when, until when, why, on which version."""

    kind: Kind
    values: Mapping[str, Any]
    valid_from: date
    valid_to: date | None
    reason: str
    version: int = 0


class Refused(Exception):
    """The entry cannot be written; `errors` say why by field."""

    def __init__(self, errors: Errors) -> None:
        super().__init__("; ".join(f"{name}: {said[0]}" for name, said in errors.items()))
        self.errors = errors


@dataclass(frozen=True)
class Typed:
    """What somebody typed: fields of the register, days, a reason, the version it is about.

    `base` is the day as of which the form was filled (empty: today): only what was typed otherwise
    than held then is a change, so that a correction of the past takes nothing of today along.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    valid_from: str = ""
    valid_to: str = ""
    reason: str = ""
    version: int = 0
    base: str = ""


def may_edit(model: type[Record], who: Actor) -> bool:
    """Whether a post enters records of this register."""
    editors = model.record.editors
    return editors is not None and editors.permits(who) and model.record.readers.permits(who)


def entered_by(model: type[Record], who: Actor, kind: Kind) -> list[str]:
    """The fields of the form that a post fills in: none that are withheld from it.

    What only an act changes is stated for a new record and asked no more.
    """
    asked = [name for name in model.record.entered if rights.sees(model, who, name)]
    return asked if kind == "new" else [name for name in asked if name not in model.record.by_act]


def checked(
    model: type[Record], who: Actor, kind: Kind, typed: Typed, record: Record | None
) -> Entered:
    """What was typed as it would be written. Raises Refused with every error at once."""
    errors: Errors = elsewhere.refused(model, kind, {}, record)
    if errors:
        raise Refused(errors)
    start = _day(typed.valid_from, VALID_FROM, errors) or legal_time.today()
    until = _day(typed.valid_to, VALID_TO, errors) if kind == "change" else None
    if until and until <= start:
        errors[VALID_TO] = [_("The last day comes after the first.")]
    reason = typed.reason.strip()
    if not LEAST <= len(reason) <= LONGEST or "\x00" in reason:
        errors[REASON] = [_("Say in a few words why, up to 200 characters.")]
    values: dict[str, Any] = {}
    if kind != "end":
        values, wrong = _values(model, who, typed, record)
        errors = wrong | errors
    if not errors:
        fields = [*model.record.elements.values()] if kind == "end" else list(values)
        errors = holding.refused(model, who, fields)
    if errors:
        raise Refused(errors)
    return Entered(kind, values, start, until, reason, typed.version)


def _day(text: str, name: str, errors: Errors) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = None
    if day is None or not FIRST <= day <= LAST:
        errors[name] = [_("Please give a day as year, month and day, such as 2011-06-30.")]
    return day


def _values(
    model: type[Record], who: Actor, typed: Typed, record: Record | None
) -> tuple[dict[str, Any], Errors]:
    """The values that are new, and what is wrong with them."""
    kind: Kind = "new" if record is None else "change"
    allowed, acts = set(entered_by(model, who, kind)), model.record.by_act
    by_act = {name for name in acts if name not in allowed and rights.sees(model, who, name)}
    given = {name: value for name, value in typed.values.items() if name in allowed | by_act}
    clean, errors = validated(model, given, record)
    for name in set(typed.values) - set(given):
        errors[name] = [_("This register has no such field.")]
    if record is not None:
        held = base_of(record, typed.base)
        clean = {name: value for name, value in clean.items() if value != getattr(held, name)}
    errors |= elsewhere.of_fields(model, by_act & (set(clean) | set(errors)))
    if record is not None and not clean and not errors:
        errors[WHOLE] = [_("Nothing is changed.")]
    scope = model.record.scope
    if scope in clean and not str(clean[scope]).startswith(significant(who.division)):
        errors.setdefault(scope, []).append(_("This lies outside the division of your body."))
    return clean, errors


def base_of(record: Record, day: str) -> Any:
    """The row with which a form is filled: what held on a day, else what holds today."""
    on = _day(day, "base", {})
    return (as_of(type(record), record.key, on) if on else None) or record


def needs_confirming(model: type[Record], entered: Entered) -> bool:
    """Whether a second official has to confirm what is entered."""
    named = model.record.confirmed
    if EVERY in named:
        return True
    # An end takes every fact away, and a new record states each for the first time.
    return bool(named) and (entered.kind != "change" or bool(named & set(entered.values)))


def enter(model: type[Record], who: Actor, entered: Entered, record: Record | None) -> Record:
    """`write` by one official alone, in the evidence first. Raises what `write` raises."""
    stated = {code for code, name in model.record.elements.items() if name in entered.values}
    more = {"elements": sorted(stated), "act": entered.kind}
    reading.witness("record.entered", model, who, record, more)
    return write(model, entered, record, by=who.signature, reason=entered.reason)


def write(
    model: type[Record], entered: Entered, record: Record | None, *, by: str, reason: str
) -> Record:
    """Do it. Raises Conflict, or Refused where the database knows better than the check."""
    # A proposal may be older than what the register says of acts today.
    errors = elsewhere.refused(model, entered.kind, entered.values, record)
    if errors:
        raise Refused(errors)
    try:
        with transaction.atomic(), action(by=by[:200], reason=reason[:400]) as act:
            if record is None:
                return act.create(model, valid_from=entered.valid_from, **entered.values)
            # The version that was read is the one to be changed: the action compares.
            record.version = entered.version
            if entered.kind == "end":
                return act.end(record, on=entered.valid_from)
            if entered.valid_to is not None:
                return act.correct(
                    record,
                    valid_from=entered.valid_from,
                    valid_to=entered.valid_to,
                    **entered.values,
                )
            return act.change(record, valid_from=entered.valid_from, **entered.values)
    except ValidationError as error:
        raise Refused(_by_field(error)) from None
    except IntegrityError:
        said = _("Another record has this already, or a rule of the register forbids it.")
        raise Refused({WHOLE: [said]}) from None


def _by_field(error: ValidationError) -> Errors:
    if hasattr(error, "error_dict"):
        return {name: list(said) for name, said in error.message_dict.items()}
    return {WHOLE: list(error.messages)}
