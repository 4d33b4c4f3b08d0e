"""Which certificates an officer sees: those of the authority of the own city; the province all."""

from django.db.models import QuerySet

from lingnan.kernel.trust.api import Actor, IssuedCertificate, key_authorities, key_certificates
from lingnan.systems.government.trust_services.acts import states


def in_sight(who: Actor) -> QuerySet[IssuedCertificate]:
    labels = [one for one in key_authorities.labels() if states.in_sight(one, who)]
    return key_certificates.rows().filter(authority__in=labels)
