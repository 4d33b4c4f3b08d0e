"""A page as a small tree: enough to find its forms, tables and lists."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "path",
     "rect", "source", "track", "wbr")
)  # fmt: skip
INLINE = frozenset(("a", "b", "em", "i", "span"))
SPACE = re.compile(r"\s+")
Test = Callable[["Node"], bool]


@dataclass
class Node:
    """An element: its attributes, and its text and elements in order."""

    tag: str
    attributes: dict[str, str]
    children: list["Node | str"] = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def has(self, name: str) -> bool:
        return name in self.attributes

    @property
    def classes(self) -> list[str]:
        return self.get("class").split()

    @property
    def text(self) -> str:
        """The words inside, with single spaces."""
        return SPACE.sub(" ", "".join(self.pieces())).strip()

    @property
    def raw(self) -> str:
        return "".join(self.pieces())

    def pieces(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in ("script", "style"):
                space = "" if child.tag in INLINE else " "
                yield space
                yield from child.pieces()
                yield space

    def walk(self) -> Iterator["Node"]:
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def all(self, tag: str = "", test: Test | None = None, **attributes: str) -> list["Node"]:
        """Every element inside with this tag and these attributes (class is one of its words)."""
        return [
            node
            for node in self.walk()
            if (not tag or node.tag == tag)
            and all(_matches(node, name, value) for name, value in attributes.items())
            and (test is None or test(node))
        ]

    def first(self, tag: str = "", test: Test | None = None, **attributes: str) -> "Node | None":
        return next(iter(self.all(tag, test, **attributes)), None)


def _matches(node: Node, name: str, value: str) -> bool:
    if name == "class_":
        return value in node.classes
    return node.attributes.get(name.replace("_", "-")) == value


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {n: v or "" for n, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(text: str) -> Node:
    """The tree of a page; what is not closed is closed by what stands around it."""
    builder = _Builder()
    builder.feed(text)
    builder.close()
    return builder.root


def defaults(form: Node) -> list[tuple[str, str]]:
    """What a browser would send for an untouched form, files and buttons aside."""
    sent: list[tuple[str, str]] = []
    for node in form.walk():
        name = node.get("name")
        if not name or node.has("disabled"):
            continue
        kind = node.get("type", "text")
        if node.tag == "textarea":
            sent.append((name, node.raw.removeprefix("\n")))
        elif node.tag == "select":
            sent.append((name, _selected(node)))
        elif node.tag == "input" and kind in ("checkbox", "radio"):
            sent += [(name, node.get("value", "on"))] if node.has("checked") else []
        elif node.tag == "input" and kind not in ("file", "submit", "button"):
            sent.append((name, node.get("value")))
    return sent


def _selected(select: Node) -> str:
    options = select.all("option")
    chosen = [option for option in options if option.has("selected")] or options[:1]
    return chosen[0].get("value", chosen[0].text) if chosen else ""


def choices(form: Node, name: str) -> list[str]:
    """The values that a select of a form offers, without its empty one."""
    select = form.first("select", name=name)
    options = select.all("option") if select else []
    return [option.get("value") for option in options if option.get("value")]


def controls(form: Node) -> list[Node]:
    """Everything in a form that has a name."""
    return [n for n in form.walk() if n.get("name") and n.tag in CONTROLS]


CONTROLS = ("input", "select", "textarea", "button")
