"""Where a resource or an agreement asks for the consent of whom the data is about."""

from collections.abc import Mapping

from lingnan.kernel.exchange import pseudonyms, terms
from lingnan.kernel.exchange.catalogue import Resource
from lingnan.kernel.exchange.federation.partners import naming
from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.exchange.use import Denied, Use
from lingnan.kernel.trust.api import consents

TRUST = "trust"


def asking_of(use: Use, resource: Resource, agreement: Agreement) -> consents.Asking:
    """What a consent has to say for a use, under the agreement as it stands today."""
    return consents.Asking(
        use.consumer, use.resource, use.purpose, use.basis, use.elements,
        terms.digest(agreement), [one for one in use.elements if one in resource.sensitive],
        naming.crosses(use.consumer),
    )  # fmt: skip


def needed(resource: Resource, agreement: Agreement) -> bool:
    return resource.consent or agreement.consent


def taken(use: Use, resource: Resource, agreement: Agreement, keys: Mapping[str, int]) -> list[str]:
    """The numbers of the consents under which the subjects may be read; each use is counted.

    All of them, or nobody is read. Raises Denied.
    """
    if not needed(resource, agreement):
        return []
    if set(keys) != set(use.subjects):
        # The mapping is another node's: who consented cannot be told here.
        raise Denied("consent cannot be asked for on this node")
    givers = pseudonyms.give(resource.subject, TRUST, keys.values())
    asking = asking_of(use, resource, agreement)
    try:
        found = consents.covering(asking, set(givers.values()))
        consents.take(found)
    except consents.NoConsent as lacking:
        raise Denied(str(lacking)) from None
    return sorted(consent.number for consent in found.values())
