"""What bodies and posts are called, for pages that show some of them by their codes."""

from django.utils.translation import get_language

from lingnan.kernel.trust.models import Body, Holding


def body_titles() -> dict[str, str]:
    """Every body's name by its code, in the reader's language. Two columns and no records: a page
    that needs a few of 1,600 does not know beforehand which."""
    return dict(Body.objects.order_by().values_list("code", f"name_{_language()}"))


def post_titles() -> dict[str, str]:
    """The same of posts that are or were held, by role."""
    rows = Holding.objects.order_by().values_list("role", f"title_{_language()}")
    return dict(rows.distinct())


def _language() -> str:
    """As `Title` chooses."""
    return "en" if (get_language() or "").startswith("en") else "zh"
