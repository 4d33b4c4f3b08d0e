"""Whether something may be handed over: judged when it is announced, and again at each part.

An agreement names it where a body shares data; a system that hands over by law (a case file)
says none, and judges itself what it takes.
"""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db.models import Q

from lingnan.kernel.exchange import catalogue, elsewhere
from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.exchange.onward import holding
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.apps import System
from lingnan.kernel.trust.api import Body, superiors

FILES = "files"
"""The kind of use of an agreement by which files are handed over."""


def in_force(receiver: str = "") -> list[Agreement]:
    """The agreements by which a body (any, where none is named) may be given files today. None that
    needs the consent of each whom the data are about: nobody sees whom a file is about."""
    today = legal_time.today()
    found = Agreement.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today),
        ended=False,
        valid_from__lte=today,
        consent=False,
    )
    if receiver:
        found = found.filter(consumer__in=superiors(receiver) or [receiver])
    return [one for one in found.order_by("number") if FILES in one.uses]


def gives(agreement: Agreement, sender: str) -> bool:
    """Whether a body is one that holds what an agreement is about."""
    resource = catalogue.resources().get(agreement.resource)
    if resource is None or resource.consent:
        return False
    if resource.body:
        return resource.body == sender
    body = Body.objects.filter(code=sender, ended=False).first()
    return body is not None and body.function in holding(resource)


def demand_agreement(number: str, sender: str, receiver: str, purpose: str) -> Agreement:
    """At the sender's node. Raises PermissionError: none such is in force, or not for it."""
    found = next((one for one in in_force(receiver) if one.number == number), None)
    if found is None:
        raise PermissionError(f"the agreement {number} does not allow files, or is over")
    if found.purpose != purpose or not gives(found, sender):
        raise PermissionError(f"the agreement {number} is about something else")
    return found


def demand_taking(server: str, said: Mapping[str, Any]) -> Any:
    """At the receiver's node: its system's module. Raises PermissionError."""
    sender, receiver, number = said["sender"], said["receiver"], said["agreement"]
    if not elsewhere.speaks_for(server, sender):
        raise PermissionError(f"{server} does not speak for {sender}")
    if elsewhere.node_of(receiver) is not None or not elsewhere.speaks_here(receiver):
        raise PermissionError(f"this node does not speak for {receiver}")
    # Where it is known here, too, it has to be in force here.
    known = bool(number) and Agreement.objects.filter(number=number).exists()
    if known and not any(one.number == number for one in in_force(receiver)):
        raise PermissionError(f"the agreement {number} does not allow files, or is over")
    return demand_module(said["system"])


def demand_module(system: str) -> Any:
    """A system's module `handed`. Raises PermissionError for a system that takes nothing."""
    found = module_of(system)
    if found is None:
        raise PermissionError(f"nothing is taken here for {system}")
    return found


def module_of(system: str) -> Any:
    """A system's module `handed`; None where it has none, or is not carried here."""
    for config in apps.get_app_configs():
        if config.label == system and isinstance(config, System):
            name = f"{config.name}.handed"
            if find_spec(name) is not None:
                return import_module(name)
    return None
