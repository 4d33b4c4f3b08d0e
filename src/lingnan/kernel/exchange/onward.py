"""Passing on: what is derived from another resource goes no further than its agreements say."""

from django.db.models import Q

from lingnan.kernel.exchange.catalogue import Resource
from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.exchange.use import Denied, Use
from lingnan.kernel.registry.api import record_types
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Body, superiors


def demand(use: Use, resource: Resource) -> None:
    """Of each source, an agreement in force with a holder of `resource` that lets it be passed on
    to the consumer or a body above it. Raises Denied."""
    if not resource.derived:
        return
    today = legal_time.today()
    holders = Body.objects.filter(function__in=holding(resource)).values("code")
    consumers = set(superiors(use.consumer) or [use.consumer])
    in_time = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    in_force = Agreement.objects.filter(
        in_time, consumer__in=holders, ended=False, valid_from__lte=today
    )
    for source in resource.derived:
        told = in_force.filter(resource=source).values_list("onward", flat=True)
        if not any(consumers & set(one) for one in told):
            said = f"no agreement on {source} lets it be passed on to {use.consumer} (onward)"
            raise Denied(said, "onward")


def holding(resource: Resource) -> set[str]:
    """The functions of the bodies that hold what a resource answers from."""
    if resource.body:
        return {resource.function}
    return {
        model.record.holder
        for model in record_types()
        if model._meta.app_label == resource.system and model.record.holder
    }
