"""A draft of an application, and what it holds."""

from typing import Any

from lingnan.kernel.matters.models import Application
from tests.people import Person


def begun(resident: Person) -> str:
    """Where the draft of somebody's new business is."""
    resident.post("/matters/individual_business/begin/", body="gd-440103-market")
    return resident.url


def answer(draft: str, name: str) -> Any:
    application = Application.objects.get(reference=draft.strip("/").split("/")[-1])
    return application.answers[name]["value"]
