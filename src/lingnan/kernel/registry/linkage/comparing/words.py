"""What a comparison is, what was found, and what is wrong with a row, in the reader's words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lingnan.kernel.registry import display
from lingnan.kernel.registry.importing import words
from lingnan.kernel.registry.importing.checking import Problem
from lingnan.kernel.registry.linkage.comparing.jobs import ATTEMPTS
from lingnan.kernel.registry.linkage.comparing.matching import MOST
from lingnan.kernel.registry.linkage.words import LEVELS
from lingnan.kernel.registry.records import Record
from lingnan.kernel.ui import api as ui

KINDS: dict[str, tuple[ui.Kind, ui.Text]] = {
    "certain": ("ok", lazy("one record fits")),
    "several": ("warn", lazy("several records fit")),
    "possible": ("info", lazy("may fit, to be judged")),
    "none": ("soft", lazy("no record found")),
    "bad": ("late", lazy("could not be compared")),
}
STATES: dict[str, tuple[ui.Kind, ui.Text]] = {
    "uploaded": ("info", lazy("columns to be looked at")),
    "comparing": ("info", lazy("being compared")),
    "done": ("ok", lazy("comparison done")),
    "failed": ("late", lazy("broke off")),
    "removed": ("soft", lazy("file removed")),
}
FILES = {
    "given_up": lazy(
        "The work at the file was begun %(attempts)s times and broke off each time. Compare fewer "
        "rows at once, or tell your operator."
    ),
    "no_rows": lazy("No row follows the names of the columns."),
    "too_many_rows": lazy(
        "The file has more than %(most)s rows. Split it; for a whole register there is the "
        "exchange, with an agreement."
    ),
}


def of_file(code: str) -> str:
    if code in FILES:
        text = str(FILES[code])
        said = {"most": f"{MOST:,}", "attempts": ATTEMPTS}
        return text % said if "%(" in text else text
    return words.of_file(code)


def of_problem(model: type[Record], problem: Problem) -> str:
    """Why a cell or a row was not compared."""
    if problem.code == "says_nothing":
        return _("says nothing that could be compared")
    return words.of_problem(model, problem)


def of_kind(code: str) -> str:
    """A kind of fault, without the value that it was found in."""
    if code == "says_nothing":
        return _("says nothing that could be compared")
    return words.of_kind(code)


def of_level(model: type[Record], name: str, level: str) -> str:
    """How a field agrees."""
    said = {"field": display.label(model, name), "error": LEVELS[level]}
    return _("%(field)s: %(error)s") % said


def of_levels(model: type[Record], levels: dict[str, str]) -> list[str]:
    """How each field agrees, those that say something."""
    return [of_level(model, name, level) for name, level in levels.items() if level != "empty"]


def of_cell(problem: Problem) -> str:
    """Why a cell is left out, without the name of its field."""
    return words.of_value(problem.code, problem.more)
