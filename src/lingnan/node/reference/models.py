"""The page of the kernel's models that a system may read: each field with its type and meaning."""

from collections.abc import Mapping
from typing import Any, get_type_hints

from lingnan.kernel.duty import api as duty
from lingnan.kernel.matters import api as matters
from lingnan.kernel.matters.models import Application
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust import api as trust
from lingnan.node.reference.declared import table

TYPES = {
    "BigAutoField": "int",
    "BigIntegerField": "int",
    "BooleanField": "bool",
    "CharField": "str",
    "DateField": "date",
    "DateTimeField": "datetime",
    "JSONField": "JSON",
    "PositiveIntegerField": "int",
    "PositiveSmallIntegerField": "int",
    "TextField": "str",
}
TITLE = "in both languages: `.zh`, `.en`"
DATED = {
    "version": "number of the version as it stands",
    "valid_from": "day from which it holds",
    "recorded_at": "instant at which it was written",
    "ended": "true: holds no more",
}
# model → field → meaning. A field without one stops the page, as does a name that is no field.
MEANINGS: Mapping[Any, Mapping[str, str]] = {
    matters.Case: {
        "key": "its key; never shown",
        "number": "number that everybody knows it by; the reference of its clocks and tasks",
        "definition": "the version of the matter that it began under: `.content`, `.number`",
        "matter": "code of the matter",
        "body": "code of the body that handles it",
        "applicant": "the applicant as that body knows them: a pseudonym, for `introduce`",
        "account": "key of the applicant's account",
        "application": "what was filed; see below",
        "about": "the line in officials' lists, from the fields that `about` names",
        "declared": "field of the form → answer, as filed last; see below",
        "state": "`received`, `correction`, `in_review`, `suspended`, `decided`, `delivered`, "
        "`not_accepted`, `withdrawn`",
        "received_on": "day of filing",
        "finished_on": "day on which it was delivered, not accepted or withdrawn",
        "events_count": "how many events it has",
        "joint": "number of the joint application; empty without one",
        "rated": "whether the applicant has rated it",
    },
    Application: {
        "reference": "of the address `/apply/<reference>/`",
        "account": "key of the applicant's account",
        "definition": "the version of the matter that it began under",
        "body": "code of the body that it is for",
        "subject": "the applicant as that body knows them",
        "answers": "field → answer; the same as `declared` of the case",
        "reads": "list of what was read for it; see below",
        "started_at": "when it was begun",
        "case_number": "set when it is submitted",
        "joint": "the joint application that it is a part of",
        "awaits": "resource → matter of the same joint application that makes its record",
        "awaiting": "true: something is still awaited",
        "promises": "codes of materials that are to follow after acceptance",
    },
    matters.CaseEvent: {
        "id": "number of the row",
        "case": "the case; its events are `case.events`",
        "number": "1, 2, 3 … within the case",
        "kind": "`received`, `accepted`, `step_done`, `decided` …: the keys of `EVENT_WORDS`",
        "at": "legal time",
        "by": "signature of who did it",
        "by_name": "name of who did it",
        "data": "of `step_done`: `step`, `outcome`, `findings`, `officers` (names)",
        "evidence": "number of its entry in the evidence",
    },
    matters.Decision: {
        "case": "the case; from there `case.decision`, once there is one",
        "outcome": "`granted` or `refused`",
        "reasons": "as the applicant reads them",
        "articles": "list of texts: what a refusal rests on, else the bases of the matter",
        "parameters": "matter, version, limit, verified fields, materials that it was made with",
        "reads": "resource, basis, evidence and records (`<record>@<version>`) of each read",
        "declared": "the answers as they were then",
        "result": "what the function of `on_granted` returned",
        "signed_by": "signature of who signed",
        "signed_name": "name of who signed",
        "decided_at": "legal time",
    },
    matters.Certificate: {
        "number": "number on the certificate",
        "code": "by which anybody verifies it: `/verify/<code>/`",
        "case": "the case; from there `case.certificate`, once there is one",
        "account": "key of the account in whose wallet it is",
        "title_zh": "title",
        "title_en": "title",
        "body_zh": "name of the body",
        "body_en": "name of the body",
        "holder": "value of the field that `holder_from` names",
        "sha256": "hash of the sealed file",
        "valid_from": "day of sealing",
        "sealed_at": "when it was sealed, by the machine's clock",
    },
    matters.Rating: {
        "case": "the case",
        "body": "code of the body",
        "matter": "code of the matter",
        "grade": "5 (very satisfied) to 1 (very dissatisfied)",
        "words": "what the applicant says",
        "by_default": "true: nothing was said in time",
        "rated_on": "day",
    },
    trust.Body: {
        "key": "its key; never shown",
        "code": "`gd-<division>-<function>`: what every `body` field holds",
        "name_zh": "name",
        "name_en": "name",
        "tier": "`province`, `city`, `county`",
        "division": "six-digit code of its division",
        "function": "what it is for: [posts](posts.md)",
        "parent": "code of the body above it",
        "undivided": "true: of a city without counties",
        **DATED,
    },
    trust.Account: {
        "key": "what `account` fields hold, and `messages.send` takes",
        "login": "what one signs in with",
        "name": "name of the person",
        "kind": "`resident` or `official`",
        "subject": "of a resident: the pseudonym at *trust*, for `introduce`",
        "is_active": "false: cannot sign in",
        "demonstration": "true: an invented person",
        "about_zh": "who it is, said on the page of signing in",
        "about_en": "the same",
        "password": "hash; none of a system's business",
        "last_login": "when it signed in last",
    },
    trust.Holding: {
        "key": "its key",
        "account": "key of the official's account",
        "body": "code of the body",
        "role": "role of the post",
        "title_zh": "title of the post",
        "title_en": "title of the post",
        **DATED,
    },
    duty.Clock: {
        "key": "its key",
        "reference": "number of the case, or what the system named it by",
        "code": "of a case: `formal_check` (`formal_check:2` after a correction), `decision`, "
        "`delivery`",
        "unit": "`working_day` or `calendar_day`",
        "statutory": "days that the law gives",
        "promised": "days that the body promises",
        "basis": "article",
        "started_on": "day that began it, itself not counted",
    },
    duty.Standing: {
        "clock": "the clock; from there `clock.standing`",
        "reference": "as of the clock",
        "code": "as of the clock",
        "body": "code of the body whom it measures",
        "about": "code of the matter, or what the system gave",
        "state": "`running`, `paused`, `stopped`",
        "started_on": "as of the clock",
        "warning_on": "first day of the warning; None: never",
        "yellow_on": "first day of the yellow card; None: never",
        "red_on": "first day of the red card; None: never",
        "stopped_on": "day on which it was stopped",
        "used": "days used when it was worked out last: at its last event, not today",
        "statutory": "days of the law with an extension",
        "promised": "days promised",
        "card": "the last card of a stopped clock; of another ask `standings.card_now`",
    },
    duty.Task: {
        "key": "its key; pages show it veiled",
        "reference": "number of the case",
        "code": "step of the matter; `formal-check` before acceptance",
        "title_zh": "title",
        "title_en": "title",
        "about": "the line in officials' lists",
        "body": "code of the body",
        "role": "role of the post that has to do it",
        "opened_at": "when it was opened",
        "taken_by": "key of the account that took it; None: nobody yet",
        "done_at": "when it was done; None: open",
        "done_by": "signature of who did it",
        "outcome": "what came of it: the step's outcome, `accepted` …",
        "link": "page where it is done; empty: the page of the case",
    },
}
ANSWER = (
    ("value", "the answer; of a number `int` or `float`, of a date `2026-03-02`, of a ticked box "
     "`yes`, of a choice its `value`; empty: `\"\"`"),
    ("source", "`record`, `typed`, `disputed` (typed against the record), `fallback` (typed, the "
     "holder did not answer), `awaited`"),
    ("resource, record, as_of, read_on, evidence", "of a record: where the value is from"),
    ("record_says", "of a dispute: what the record says"),
    ("absent", "true: typed because there is no record"),
    ("place, division", "of a chosen place: its public code, and the division in which it lies"),
)  # fmt: skip
READ = (
    ("resource, basis, elements", "what was asked, on which article"),
    (
        "state",
        "`found`, `absent` (no such record), `denied` (no agreement), `unavailable`, `stale`",
    ),
    ("rows", "newest first: `values` (element → value), `record`, `version`, `as_of`"),
    ("chosen", "which row the applicant means; without it the first"),
    ("evidence", "number of the entry in the evidence; None: it failed"),
    ("as_of", "when it was read"),
)


def models() -> list[str]:
    """A table for each model that the doors hand out."""
    lines = [
        "What the doors hand out to be read, with `objects` as usual. Never write to them: use",
        "",
    ]
    lines[0] += " the functions of [the doors](doors.md). A *key* never goes into an address."
    for kind, meanings in MEANINGS.items():
        lines += [f"## `{kind.__name__}`", "", *_model(kind, meanings)]
        if kind is matters.Case:
            lines += ["An answer, `case.declared[name]`:", "", *_keys(ANSWER)]
        if kind is Application:
            lines += ["A read, one of `case.application.reads`:", "", *_keys(READ)]
    return lines


def _keys(rows: tuple[tuple[str, str], ...]) -> list[str]:
    return table(("key", "meaning"), ([f"`{name}`", meaning] for name, meaning in rows))


def _model(kind: Any, meanings: Mapping[str, str]) -> list[str]:
    fields = {field.name: field for field in kind._meta.concrete_fields}
    odd = set(fields) ^ set(meanings)
    if odd:
        raise LookupError(f"{kind.__name__}: meaning and field do not match: {sorted(odd)}")
    rows = [[f"`{name}`", _type(fields[name]), said] for name, said in meanings.items()]
    rows += [
        [f"`{name}`", "`Title`", TITLE]
        for name, member in vars(kind).items()
        if isinstance(member, property)
        and get_type_hints(member.fget, {"Title": Title})["return"] is Title
    ]
    return table(("field", "type", "meaning"), rows)


def _type(field: Any) -> str:
    if field.related_model is not None:
        text = field.related_model.__name__
    else:
        text = TYPES.get(field.get_internal_type(), field.get_internal_type())
    return f"`{text}`" + (" or None" if field.null else "")
