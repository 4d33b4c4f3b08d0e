"""Passing on: what is derived from another resource goes no further than its agreements say."""

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
    holders = Body.objects.filter(function__in=holding(resource)).values("code")
    consumers = set(superiors(use.consumer) or [use.consumer])
    for source in resource.derived:
        rows = Agreement.objects.filter(
            resource=source, consumer__in=holders, ended=False, valid_from__lte=legal_time.today()
        )
        today = legal_time.today()
        if not any(
            consumers & set(one.onward)
            for one in rows
            if one.valid_until is None or one.valid_until >= today
        ):
            raise Denied(f"no agreement on {source} lets it be passed on to {use.consumer} (onward)",
                         "onward")  # fmt: skip


def holding(resource: Resource) -> set[str]:
    """The functions of the bodies that hold what a resource answers from."""
    return {
        model.record.holder
        for model in record_types()
        if model._meta.app_label == resource.system and model.record.holder
    }
