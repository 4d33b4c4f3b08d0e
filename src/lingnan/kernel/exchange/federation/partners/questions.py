"""A question between instances as it came, and whether an arrangement covers it: judged at each
gate that it passes, and where it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lingnan.kernel.exchange.federation.partners import documents
from lingnan.kernel.exchange.federation.partners.documents import Said
from lingnan.kernel.exchange.federation.partners.models import Arrangement
from lingnan.kernel.exchange.use import Denied
from lingnan.kernel.runtime.api import legal_time
from lingnan.standards.xroad import Identifier, Service

TEXTS = {"arrangement": 20, "purpose": 80, "case": 80, "actor": 200}


@dataclass(frozen=True)
class Question:
    """What is asked; `client` and `service` as the message's signature names them."""

    client: Identifier
    service: Service
    arrangement: str
    purpose: str
    case: str
    actor: str
    elements: tuple[str, ...]
    subject: Mapping[str, Any]

    @property
    def resource(self) -> str:
        """The code of what is asked for."""
        return f"{self.service.provider.subsystem}.{self.service.code}"

    @property
    def found(self) -> Arrangement | None:
        """The arrangement that it names, as it stands at this moment."""
        return Arrangement.objects.filter(number=self.arrangement).first()

    @classmethod
    def read(cls, client: Identifier, service: Service, body: Any) -> "Question":
        """Raises ValueError, KeyError, TypeError."""
        asked = dict(body["ask"])
        texts = {name: asked[name] for name in TEXTS}
        for name, longest in TEXTS.items():
            text = texts[name]
            if not isinstance(text, str) or len(text) > longest or not text.isprintable():
                raise ValueError(f"{name} is no text of at most {longest} characters")
        elements = tuple(dict.fromkeys(str(one) for one in asked["elements"]))
        if not elements or not texts["case"]:
            raise ValueError("no elements, or no case")
        return cls(client, service, **texts, elements=elements, subject=dict(asked["subject"]))


def covered(one: Arrangement | None, question: Question) -> Said:
    """What the arrangement says that covers a question. Raises Denied, which says by what it does
    not."""
    client, giver = question.client, question.service.provider.instance
    said = documents.read(one.document) if one is not None else None
    if one is None or said is None or (said.asker, said.giver) != (client.instance, giver):
        raise Denied(f"no arrangement {question.arrangement} lets {client} ask here", "arrangement")
    if one.state != "in_force" or one.held_here or one.held_there:
        raise Denied(f"the arrangement {one.number} is not in force", "state")
    if not said.covers(legal_time.today()):
        days = f"from {said.since} until {said.until}"
        raise Denied(f"the arrangement {one.number} holds {days}", "days")
    for name, within in (
        ("body", client.member in said.bodies),
        ("resource", question.resource == said.resource),
        ("purpose", question.purpose == said.purpose),
        ("elements", set(question.elements) <= set(said.elements)),
    ):
        if not within:
            raise Denied(f"the arrangement {one.number} does not cover this {name}", name)
    return said
