"""BPMN models: what of BPMN 2.0 a review may use, and whether every way leads to an end."""

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from lingnan.kernel.matters import conditions

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
NODES = ("startEvent", "endEvent", "userTask", "exclusiveGateway", "parallelGateway")
BESIDE = (
    "sequenceFlow",
    "laneSet",
    "documentation",
    "extensionElements",
    "textAnnotation",
    "association",
)


class BrokenModel(ValueError):
    """A process that cannot be put into force; the message says why."""


@dataclass(frozen=True)
class Flow:
    id: str
    source: str
    target: str
    condition: str


@dataclass(frozen=True)
class Model:
    """A checked model: its nodes by id (kind, name) and its flows."""

    process: str
    nodes: dict[str, tuple[str, str]]
    flows: tuple[Flow, ...]
    defaults: frozenset[str]

    def tasks(self) -> list[str]:
        return [name for name, (kind, _) in self.nodes.items() if kind == "userTask"]


def parse_xml(text: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise BrokenModel(f"not XML: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise BrokenModel("a model must not carry a document type")
    return root


def check(text: str) -> Model:
    """The model, or BrokenModel naming the first fault."""
    root = parse_xml(text)
    processes = root.findall(f"{{{BPMN}}}process")
    if len(processes) != 1:
        raise BrokenModel("a review has exactly one process")
    model = _model(processes[0])
    _check_ends(model)
    _check_conditions(model)
    return model


def _model(process: etree._Element) -> Model:
    nodes: dict[str, tuple[str, str]] = {}
    flows: list[Flow] = []
    defaults: set[str] = set()
    for element in process:
        if not isinstance(element.tag, str):
            continue
        kind = etree.QName(element).localname
        if kind in NODES:
            name = _id(element)
            if name in nodes:
                raise BrokenModel(f"{name} stands twice")
            _check_inside(element, name)
            nodes[name] = (kind, element.get("name", ""))
            if element.get("default"):
                defaults.add(element.get("default", ""))
        elif kind == "sequenceFlow":
            condition = element.findtext(f"{{{BPMN}}}conditionExpression") or ""
            flows.append(
                Flow(
                    element.get("id", ""),
                    element.get("sourceRef", ""),
                    element.get("targetRef", ""),
                    condition.strip(),
                )
            )
        elif kind not in BESIDE:
            raise BrokenModel(f"{kind} is not allowed in a review")
    return Model(process.get("id", ""), nodes, tuple(flows), frozenset(defaults))


def _check_inside(element: etree._Element, name: str) -> None:
    """Loops and several instances of a task are not something a replay could tell apart."""
    for part in element:
        if isinstance(part.tag, str):
            kind = etree.QName(part).localname
            if kind not in ("incoming", "outgoing", "documentation", "extensionElements"):
                raise BrokenModel(f"{name}: {kind} is not allowed in a review")


def _id(element: etree._Element) -> str:
    name = element.get("id")
    if not name:
        raise BrokenModel("a node without an id")
    return name


def _check_ends(model: Model) -> None:
    kinds = [kind for kind, _ in model.nodes.values()]
    if kinds.count("startEvent") != 1 or "endEvent" not in kinds:
        raise BrokenModel("a review has one start and at least one end")
    for flow in model.flows:
        if flow.source not in model.nodes or flow.target not in model.nodes:
            raise BrokenModel(f"a flow from {flow.source} to {flow.target} hangs in the air")
    start = next(n for n, (kind, _) in model.nodes.items() if kind == "startEvent")
    ends = [n for n, (kind, _) in model.nodes.items() if kind == "endEvent"]
    forward = _reach([start], [(f.source, f.target) for f in model.flows])
    backward = _reach(ends, [(f.target, f.source) for f in model.flows])
    for name in model.nodes:
        if name not in forward:
            raise BrokenModel(f"{name} can never be reached")
        if name not in backward:
            raise BrokenModel(f"{name} is a dead end: no way leads from it to an end")


def avoids(model: Model, nodes: set[str]) -> bool:
    """Whether some way from the start to an end passes none of these nodes."""
    start = [n for n, (kind, _) in model.nodes.items() if kind == "startEvent"]
    edges = [(f.source, f.target) for f in model.flows if f.target not in nodes]
    found = _reach(start, edges)
    return any(model.nodes[name][0] == "endEvent" for name in found)


def _reach(start: Iterable[str], edges: list[tuple[str, str]]) -> set[str]:
    found, todo = set(start), list(start)
    while todo:
        here = todo.pop()
        for source, target in edges:
            if source == here and target not in found:
                found.add(target)
                todo.append(target)
    return found


def _check_conditions(model: Model) -> None:
    for name, (kind, _) in model.nodes.items():
        out = [flow for flow in model.flows if flow.source == name]
        if kind == "exclusiveGateway" and len(out) > 1:
            plain = [flow for flow in out if not flow.condition]
            if len(plain) != 1 or plain[0].id not in model.defaults:
                raise BrokenModel(f"{name} needs conditions and exactly one default flow")
        elif len(out) > 1 and kind != "parallelGateway":
            raise BrokenModel(f"{name} has several ways out without a gateway")
        for flow in out:
            if flow.condition:
                if kind != "exclusiveGateway":
                    raise BrokenModel(f"{flow.id}: a condition needs an exclusive gateway")
                try:
                    conditions.parse(flow.condition)
                except conditions.BadCondition as error:
                    raise BrokenModel(f"condition not allowed: {error}") from error
