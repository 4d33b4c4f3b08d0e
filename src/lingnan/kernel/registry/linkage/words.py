"""Levels, states and refusals in words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.ui import api as ui

LEVELS = {
    "exact": pgettext_lazy("linkage", "the same"),
    "variant": _("the same in other characters"),
    "sound": _("written otherwise, sounding the same"),
    "twin": _("another given name, of one birthday and address, as twins have"),
    "reordered": _("the same characters in another order"),
    "one_character": _("one character differs"),
    "upgraded": _("the same but for form or check character"),
    "both_valid": _("two different valid numbers"),
    "near": _("one digit wrong or exchanged"),
    "swapped": _("day and month exchanged"),
    "one_digit": _("one digit differs"),
    "year": _("the same year"),
    "contained": _("one is the other's shorter form"),
    "few": _("one or two characters differ"),
    "overlap": _("nearly the same"),
    "some": _("partly the same"),
    "part": _("one lies within the other"),
    "county": _("the same county"),
    "city": _("the same city"),
    "different": pgettext_lazy("linkage", "different"),
    "empty": _("says nothing"),
}
STATES: dict[str, tuple[ui.Kind, ui.Text]] = {
    "open": ("warn", _("to be judged")),
    "unsure": ("soft", pgettext_lazy("linkage", "unsure")),
    "different": ("ok", _("not the same")),
    "proposed": ("info", _("waits for a second official")),
    "merged": ("ok", _("merged")),
    "undoing": ("info", _("undoing waits for a second official")),
}
REFUSALS = {
    "two_people": _(
        "These are two people: both numbers are valid, and birth or sex differ. "
        "They are not merged."
    ),
    "correct_number": _("Both numbers are valid. The wrong one has to be corrected first."),
    "reason": _("Please give a reason."),
    "own": _("Another official than the one who proposed it has to confirm."),
    "changed": _("A record was changed since the merge was proposed. Propose it anew."),
    "changed_undo": _("The record was changed since the undoing was asked for. Ask for it anew."),
    "right": _("Your post may read these records, but not decide whether they are the same."),
    "ended": _("One of the records holds no more."),
    "later_merge": _("A later merge or change has to be undone first."),
    "survivor": _("Please choose the record that stays."),
    "chosen": _("A field that was chosen does not differ or cannot be taken."),
    "state": _("This has been decided meanwhile. Please look at the page anew."),
}
