"""Codes of the rules in words."""

from collections.abc import Mapping

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from lingnan.kernel.trust.api import Body
from lingnan.kernel.ui import api as ui

STATUS_KINDS: dict[str, ui.Kind] = {
    "candidate": "soft", "recorded": "info", "qualified": "info", "standard": "ok",
    "retired": "soft",
}  # fmt: skip


def breach(code: str) -> str:
    """What is wrong with a definition, and what to do."""
    return {
        "absent": _("There is no definition yet."),
        "only_name": _("The definition only repeats the name; say what it is."),
        "negative": _("Say what it is, not what it is not."),
        "short": _("The definition is too short to say what the element is."),
        "use": _("Say what it is; what it is used for does not belong into a definition."),
        "circular": _("The element is defined by itself, or by one that is defined by it."),
    }[code]


def kind(code: str) -> str:
    """What does not conform, in a few words."""
    return {
        "unregistered": _("element is not in the register"),
        "retired": _("element is retired"),
        "datatype": _("datatype differs from the register"),
        "length": _("longer than the element allows"),
        "values": _("values that the element does not have"),
        "held_values": _("records say what the element does not allow"),
        "homonym": _("one name for two elements"),
        "undefined": _("definition is missing or does not define"),
        "other_name": _("called otherwise than in the register"),
        "unbound": _("fields without an element"),
    }[code]


def fact(facts: Mapping[str, object], name: str) -> object:
    """A fact of a finding in the reader's language, where it has two."""
    english = (get_language() or "").startswith("en")
    return facts.get(f"{name}_en", facts.get(name, "")) if english else facts.get(name, "")


def to_do(code: str, facts: Mapping[str, object]) -> str:
    """What the body should do about a finding."""
    said = {name: str(fact(facts, name)) for name in facts}
    return {
        "unregistered": _("Ask the standards office to register it, or bind the field to another."),
        "retired": _("Use “%(replaced)s” in its place.") % {
            "replaced": said.get("replaced") or "—",
        },
        "datatype": _("The register says %(right)s, here it is %(here)s: change this place.") % {
            "right": _datatype(said.get("right", "")), "here": _datatype(said.get("here", "")),
        },
        "length": _("At most %(right)s characters; here %(here)s are let in.") % {
            "right": said.get("right", ""), "here": said.get("here", ""),
        },
        "values": _("Leave out %(here)s, or ask for them to be registered.") % {
            "here": said.get("here", ""),
        },
        "held_values": _("Correct the records that say %(here)s.") % {"here": said.get("here", "")},
        "homonym": _("Rename one of them: “%(others)s” is called the same.") % {
            "others": said.get("others", ""),
        },
        "undefined": _("Send the standards office a definition."),
        "other_name": _("The register calls it “%(right)s”.") % {"right": said.get("right", "")},
        "unbound": _("Declare elements for what others may ask for: %(here)s.") % {
            "here": said.get("here", ""),
        },
    }[code]  # fmt: skip


def _datatype(code: str) -> str:
    return {
        "text": pgettext("datatype", "text"),
        "integer": pgettext("datatype", "integer"),
        "number": pgettext("datatype", "decimal number"),
        "boolean": pgettext("datatype", "yes or no"),
        "date": pgettext("datatype", "day"),
        "instant": pgettext("datatype", "instant"),
        "structure": pgettext("datatype", "structure"),
    }.get(code, pgettext("datatype", "not stated"))


def datatype(code: str) -> str:
    """A datatype in words; of one that is not known, that it is not stated."""
    return _datatype(code)


def status(row: object) -> ui.Chip:
    """The registration status of an element or of a version of it."""
    code = str(getattr(row, "status", ""))
    words = {
        "candidate": pgettext("registration status", "candidate"),
        "recorded": pgettext("registration status", "recorded"),
        "qualified": pgettext("registration status", "qualified"),
        "standard": pgettext("registration status", "standard"),
        "retired": pgettext("registration status", "retired"),
    }
    return ui.Chip(STATUS_KINDS.get(code, "soft"), words.get(code, code))


def bodies_by_function() -> dict[str, Body]:
    """The province's body of each function."""
    found = Body.objects.filter(tier="province", ended=False).order_by("-code")
    return {body.function: body for body in found}


def body_of(function: str) -> str:
    """Who answers, by function."""
    found = bodies_by_function().get(function)
    return str(found.title) if found else function
