"""What the pages of firms have in common beside the design system."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import reasons
from lingnan.systems.government.legal_persons.setting_up import Refused


def refused(found: Refused) -> ui.Notice:
    """Why it is not done, each reason on its own."""
    words = [reasons.of(code) for code in found.codes]
    return ui.Notice("late", _("This cannot be registered"), " ".join(words))


def plain_table(
    columns: Sequence[tuple[str, str]],
    rows: list[dict[str, ui.CellLike]],
    caption: str,
    empty: str,
) -> ui.Table:
    return ui.Table(
        [ui.Column(name, title) for name, title in columns],
        rows,
        caption,
        ui.Empty(empty),
        caption_hidden=True,
    )
