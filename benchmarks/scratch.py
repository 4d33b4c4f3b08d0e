"""A province inside this process: Django set up on the folder of LINGNAN_DATA."""

import uuid

import django

RESIDENTS = 600
PAPER = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
BODY = "gd-440103-fire"
ANSWERS = {
    "place_name": "街口粥粉面",
    "area": "62",
    "floors": "首层",
    "phone": "13800000000",
    "route": "inspection",
}


def bring_up() -> None:
    """Create it; evidence is written by this process itself."""
    django.setup()
    from lingnan.node.province import prepare

    prepare(lambda line: None, RESIDENTS)


def actor(login: str) -> "object":
    """Somebody of the demonstration as the kernel sees them."""
    from lingnan.kernel.trust.actors import actor_of
    from lingnan.kernel.trust.models import Account

    return actor_of(Account.objects.get(login=login))


def applications(count: int) -> "list[object]":
    """Ready applications for a fire permit by inspection: one is begun, the others are copies."""
    from lingnan.kernel.content.files import Upload
    from lingnan.kernel.matters import applications as drafts
    from lingnan.kernel.matters.models import Application

    owner = actor("owner-440103")
    first = drafts.begin("fire_safety_permit", BODY, owner)  # type: ignore[arg-type]
    drafts.save(first, ANSWERS, owner)  # type: ignore[arg-type]
    found: list[object] = []
    for _ in range(count):
        first.reference = uuid.uuid4().hex
        first._state.adding = True
        first.save(force_insert=True)
        drafts.attach(first, "floor_plan", Upload("floor-plan.pdf", PAPER))
        found.append(Application.objects.get(pk=first.reference))
    return found
