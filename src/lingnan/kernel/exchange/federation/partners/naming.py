"""How bodies of other instances are named here: with their jurisdiction and the arrangement."""

from lingnan.kernel.exchange.federation.partners import documents, rules
from lingnan.kernel.exchange.federation.partners.models import Arrangement, Partner
from lingnan.kernel.runtime.api import Title


def partner_titles() -> dict[str, Title]:
    """Every instance that is or was known here, by its name."""
    return {one.instance: Title(one.title_zh, one.title_en) for one in Partner.objects.all()}


def body_titles() -> dict[str, Title]:
    """Bodies of other instances by the code under which they stand in agreements and evidence."""
    found: dict[str, Title] = {}
    places = partner_titles()
    for one in Arrangement.objects.exclude(state="draft").order_by("key"):
        said = documents.read(one.document)
        place = places.get(said.asker)
        if place is not None:
            for code, name in said.bodies.items():
                title = Title(f"{place.zh}{name}", f"{name} ({place.en})")
                found[said.consumer(code)] = title
    return found


def arrangement_of(agreement: str) -> documents.Said | None:
    """What the arrangement says from which an agreement of this node follows."""
    number = agreement.rpartition("-")[0]
    one = Arrangement.objects.filter(number=number).first() if number.startswith("AZ-") else None
    return documents.read(one.document) if one is not None else None


def crosses(consumer: str) -> bool:
    """Whether what a consumer reads leaves the mainland's territory, or enters it."""
    instance, slash, _body = consumer.partition("/")
    if not slash:
        return False
    kind = Partner.objects.filter(instance=instance).values_list("kind", flat=True).first()
    return rules.crosses(kind or "abroad")
