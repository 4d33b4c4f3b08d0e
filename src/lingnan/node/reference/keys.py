"""The keys that the files of a system may have, each with what it means.

A path is written as in the file: `[]` stands behind a list, `<word>` for a name of the author's
choice. A test looks for every key that the installed systems use.
"""

from collections.abc import Iterator, Mapping
from typing import Any

# path → (needed, meaning). "yes", "no", or when.
Keys = Mapping[str, tuple[str, str]]

MATTER: Keys = {
    "code": ("yes", "identifier: letters, digits, `_`; the purpose that agreements name"),
    "title": ("yes", "title"),
    "summary": ("yes", "title: one or two sentences under the name"),
    "keywords": ("no", "list of texts: what people say when they mean it, for the search"),
    "kind": ("no", "`licence` (default) or `registration`: how a refusal is worded"),
    "function": ("yes", "the one function of the bodies that handle it"),
    "tier": ("yes", "their one tier: `province`, `city`, `county`"),
    "in_force_from": ("yes", "date from which this version holds"),
    "about": ("no", "names of fields that make the line in officials' lists"),
    "deemed_acceptance": ("no", "true: no notice in time means accepted"),
    "on_granted": ("no", "function of `actions.py`: `(case, actor) → dict` of results"),
    "basis[].law": ("yes", "name of the law, without 《》"),
    "basis[].version": ("yes", "date of the text that was read"),
    "basis[].article": ("yes", "number of the article in Chinese numerals"),
    "basis[].title": ("yes", "title: what the article says"),
    "refusal_grounds[].law": ("no", "what a refusal may rest on; without any, the bases"),
    "refusal_grounds[].version": ("with law", "as in basis"),
    "refusal_grounds[].article": ("with law", "as in basis"),
    "refusal_grounds[].title": ("with law", "as in basis"),
    "limits.<name>.unit": ("yes", "`working_day` or `calendar_day`"),
    "limits.<name>.statutory": ("yes", "days that the law gives"),
    "limits.<name>.promised": ("yes", "days that the body promises; never more"),
    "limits.<name>.basis": ("yes", "article, 《law》（version）第n条"),
    "limits.<name>.counts_from": (
        "no",
        "of `decision`: `complete` (last complete filing); else acceptance",
    ),
    "limits.<name>.promise_is_demonstration": (
        "no",
        "true: pages say that the promise is invented",
    ),
    "limits.<name>.when": ("no", "condition on fields: only where it holds is there this limit"),
    "limits.<name>.title": ("no", "of `decision`: title of the limit on the matter's page only"),
    "limits.<name>.variants[].when": ("yes", "condition; the first that holds counts"),
    "limits.<name>.variants[].title": ("no", "title of the variant on the matter's page"),
    "limits.<name>.variants[].unit": ("no", "what differs"),
    "limits.<name>.variants[].statutory": ("no", "what differs"),
    "limits.<name>.variants[].promised": ("no", "what differs"),
    "limits.<name>.variants[].basis": ("no", "what differs"),
    "limits.<name>.variants[].counts_from": ("no", "what differs"),
    "limits.<name>.variants[].promise_is_demonstration": ("no", "what differs"),
    "limits.extension.days": ("with the table", "days; once, by the head, before the limit passes"),
    "limits.extension.basis": ("with the table", "article"),
    "limits.extension.when": ("no", "condition: only where the law has it"),
    "reads[].resource": ("yes", "code of a resource of the catalogue"),
    "reads[].elements": ("yes", "list of its elements, no more than are needed"),
    "reads[].basis": ("yes", "article; the same text stands in the agreement"),
    "reads[].why": ("yes", "title: shown to the applicant"),
    "reads[].necessary": ("no", "true: without a record one cannot go on"),
    "reads[].absent": ("no", "title: what is said then"),
    "reads[].obtain": ("no", "code of the matter that helps then"),
    "materials[].code": ("yes", "identifier; the form posts `file-<code>`"),
    "materials[].title": ("yes", "title"),
    "materials[].hint": ("no", "title"),
    "materials[].basis": ("yes", "article that lets the body ask for it"),
    "materials[].required": ("no", "false: may be left out; true is the default"),
    "materials[].when": ("no", "condition on fields"),
    "materials[].tolerance.days": ("with the table", "days after acceptance"),
    "materials[].tolerance.unit": ("with the table", "`working_day` or `calendar_day`"),
    "materials[].tolerance.basis": ("with the table", "article that allows it"),
    "materials[].tolerance.demonstration": ("no", "true: the days are a demonstration value"),
    "fee.amount": ("no", "yuan; pages show it, nothing is collected"),
    "fee.basis": ("no", "article"),
    "suspensions.<kind>": ("no", "title of a special procedure that may pause the clock"),
    "tasks.<step>.title": ("yes", "title; `<step>` is the id of a user task"),
    "tasks.<step>.role": ("yes", "`clerk`, `reviewer`, `inspector`, `head`"),
    "tasks.<step>.decides": ("one step", "true: this step grants or refuses"),
    "tasks.<step>.officers": ("no", "how many must be named; 1"),
    "tasks.<step>.outcomes.<outcome>": ("unless it decides", "title of a finding"),
    "tasks.<step>.outcomes.<outcome>.zh": ("yes", "of the title"),
    "tasks.<step>.outcomes.<outcome>.en": ("yes", "of the title"),
    "tasks.<step>.outcomes.<outcome>.forbids": ("no", '`"granted"`: no grant after this finding'),
    "certificate.title": ("yes", "title of the document"),
    "certificate.holder_from": ("yes", "field whose value is the holder"),
    "certificate.number_from": ("no", "field or result that is the number"),
    "certificate.number_prefix": ("no", "else: prefix before the number of the case"),
    "certificate.orientation": ("no", "`portrait` (default) or `landscape`"),
    "certificate.statement": ("no", "title: a sentence on the certificate"),
    "certificate.fields[].title": ("yes", "title of a line"),
    "certificate.fields[].from": ("or text", "field or result"),
    "certificate.fields[].text": ("or from", "title"),
    "certificate.fields[].type": ("no", "`date`: written as a date"),
}

FORM: Keys = {
    "sections[].title": ("yes", "title"),
    "sections[].fields[].name": ("yes", "identifier; the same name is the same question elsewhere"),
    "sections[].fields[].type": (
        "yes",
        "`text`, `textarea`, `number`, `date`, `radio`, `select`, `checkbox`, `place`",
    ),
    "sections[].fields[].title": ("yes", "title"),
    "sections[].fields[].hint": ("no", "title"),
    "sections[].fields[].required": ("no", "false: may be empty; true is the default"),
    "sections[].fields[].unit": ("no", "title behind a number"),
    "sections[].fields[].options[].value": ("radio, select", "what is kept"),
    "sections[].fields[].options[].title": ("radio, select", "title"),
    "sections[].fields[].limits.max_length": ("no", "of texts; 200"),
    "sections[].fields[].limits.min": ("no", "of numbers"),
    "sections[].fields[].limits.max": ("no", "of numbers"),
    "sections[].fields[].limits.format": ("no", "`phone`, `resident_number`, `credit_code`"),
    "sections[].fields[].element": ("with from", "element that answers"),
    "sections[].fields[].from": (
        "or because",
        "resource that has it; among the reads; a place's register",
    ),
    "sections[].fields[].because": ("or from", "title: why no record can answer"),
    "sections[].fields[].own": ("false", "no record ever could: the applicant decides it"),
}

EVENT: Keys = {
    "code": ("yes", "identifier"),
    "title": ("yes", "title"),
    "summary": ("yes", "title"),
    "keywords": ("no", "as of a matter"),
    "in_force_from": ("yes", "date from which this version holds"),
    "lead": ("yes", "function of the county's body that leads; its clock runs for the whole"),
    "basis[].law": ("yes", "as of a matter"),
    "basis[].version": ("yes", "as of a matter"),
    "basis[].article": ("yes", "as of a matter"),
    "basis[].title": ("yes", "as of a matter"),
    "limits.joint.unit": ("yes", "`working_day` or `calendar_day`"),
    "limits.joint.statutory": ("yes", "days that the law gives for the whole"),
    "limits.joint.promised": ("yes", "never more"),
    "limits.joint.basis": ("yes", "article"),
    "limits.joint.promise_is_demonstration": ("no", "true: pages say that the promise is invented"),
    "limits.extension.days": ("no", "days"),
    "limits.extension.basis": ("no", "article"),
    "members[].matter": ("yes", "code of a matter; who makes a record stands before who awaits it"),
    "members[].awaits.<resource>": ("no", "the member whose grant makes what this resource tells"),
    "members[].deferred": ("no", "true: filed only when all that it awaits is there"),
    "sections[].title": ("yes", "title"),
    "sections[].fields": ("yes", "names of fields, each once, in the order of the page"),
}

SYSTEM: Keys = {
    "id": ("yes", "the folder's name"),
    "status": (
        "yes",
        "`begun`, or `built`: the hard core works on real formats and the real rules",
    ),
    "title": ("yes", "title"),
    "department": ("yes", "title: whose system it is"),
    "subsystem": ("yes", "subsystem code on the exchange; the id"),
    "plan_paragraph": ("yes", "where the plan names it"),
    "standards": ("yes", "list of the standards that the code follows; may be empty"),
}

FILES: Mapping[str, Keys] = {
    "matter.toml": MATTER,
    "form.json": FORM,
    "event.toml": EVENT,
    "system.toml": SYSTEM,
}


def paths(content: Any, at: str = "") -> Iterator[str]:
    """The path of every value of a file; a title counts as one value."""
    if isinstance(content, dict) and set(content) != {"zh", "en"}:
        for key, value in content.items():
            yield from paths(value, f"{at}\0{key}" if at else key)
    elif isinstance(content, list) and any(isinstance(one, dict) for one in content):
        for one in content:
            yield from paths(one, f"{at}[]")
    else:
        yield at


def known(path: str, keys: Keys) -> str | None:
    """The key of the table that a path is, or None."""
    parts = path.split("\0")
    for key in keys:
        wanted = key.split(".")
        if len(wanted) == len(parts) and all(map(_fits, wanted, parts)):
            return key
    return None


def _fits(wanted: str, part: str) -> bool:
    return wanted == part or (wanted.startswith("<") and not part.endswith("[]"))


def unknown(content: Any, keys: Keys) -> list[str]:
    """What a file says that nobody reads."""
    found = {path for path in paths(content) if known(path, keys) is None}
    return sorted(path.replace("\0", ".") for path in found)
