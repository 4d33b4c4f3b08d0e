"""Emergency access in the reader's words."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from lingnan.kernel.ui import api as ui

REASONS: dict[str, Promise] = {
    "life": lazy("a life or the health of somebody is in danger"),
    "missing": lazy("somebody is missing, or cannot say who they are"),
    "disaster": lazy("fire, flood, accident or another disaster"),
    "crime": lazy("a crime that is happening, or about to"),
    "other": pgettext_lazy("emergency", "another emergency"),
}
CHIPS: dict[str, ui.Kind] = {"justified": "ok", "unjustified": "late"}


def reason(code: str) -> str:
    return str(REASONS.get(code, code))


def standing(kinds: set[str]) -> ui.Chip:
    """How an access stands: to be reviewed, or what was found."""
    if "unjustified" in kinds:
        return ui.Chip("late", _("found not justified"))
    if "justified" in kinds:
        return ui.Chip("ok", _("found justified"))
    return ui.Chip("warn", _("to be reviewed"))
