"""What a page says, as data: fields asked for, reads, clocks, decisions, who looked.

Data attributes are read where a page has them, else the numbers and citations in its cells;
never the words around them, which differ by language.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from lingnan.node.walk import dom
from lingnan.node.walk.browser import Page, Unexpected

CITATION = re.compile(
    r"《[^》]+》（[^）]*）第[^条]{1,8}条(?:第[一二三四五六七八九十]+款)?(?:第[^项]{1,4}项)?"
)
BESIDE = re.compile(r"《[^》]*》|（[^）]*）|\([^)]*\)")
INTEGER = re.compile(r"\d+")
DAY = re.compile(r"(\d{4})(?:年|-)(\d{1,2})(?:月|-)(\d{1,2})")
CASE = re.compile(r"/cases/([0-9A-Za-z-]+)/")


@dataclass(frozen=True)
class Asked:
    """A form: label → value of what records filled, name → label of what is to be typed."""

    filled: dict[str, str]
    typed: dict[str, str]
    materials: dict[str, str]
    told: tuple[int, int] | None = None

    @property
    def total(self) -> int:
        return len(self.filled) + len(self.typed)


@dataclass(frozen=True)
class Read:
    """One read of a register for a case, as the case's page shows it."""

    resource: str
    basis: str
    evidence: int


@dataclass(frozen=True)
class Clock:
    """A limit as the case's page shows it. `card` is green, warning, yellow or red."""

    used: int
    limit: int
    promised: int
    due: date | None
    card: str
    words: str

    def __str__(self) -> str:
        due = f" → {self.due:%m-%d}" if self.due else ""
        return f"{self.used}/{self.limit}{due}"


@dataclass(frozen=True)
class Look:
    """One line of “Who looked at my data”."""

    who: str
    what: str
    why: str
    basis: str
    case: str
    evidence: int


@dataclass(frozen=True)
class Told:
    """A decision as the applicant reads it."""

    text: str
    articles: list[str] = field(default_factory=list)


def asked(page: Page) -> Asked:
    """What the form of an application asks for, and what records have answered."""
    form = page.form(go="")
    filled: dict[str, str] = {}
    typed: dict[str, str] = {}
    materials: dict[str, str] = {}
    for node in dom.controls(form):
        name, kind = node.get("name"), node.get("type", "text")
        if node.tag == "button" or kind == "hidden" or name == "record":
            continue
        if kind == "file":
            materials[name] = label(form, node)
        elif node.has("readonly"):
            filled[label(form, node)] = node.get("value") or node.text
        else:
            typed.setdefault(name, label(form, node))
    return Asked(filled, typed, materials, _told(page))


def _told(page: Page) -> tuple[int, int] | None:
    """The page's own count (typed, total)."""
    figure = page.root.first(class_="figure")
    numbers = [int(n) for n in INTEGER.findall(figure.text)] if figure else []
    return (numbers[0], numbers[1]) if len(numbers) > 1 else None


def label(form: dom.Node, node: dom.Node) -> str:
    """The question that a control belongs to: its group's legend, or its label."""
    if node.get("type") == "radio":
        for group in form.all("fieldset"):
            legend = group.first("legend")
            if node in group.walk() and legend is not None:
                return legend.text
    found = form.first("label", test=lambda n: n.get("for") == node.get("id"))
    return found.text if found else node.get("name")


def items(page: Page) -> list[tuple[str, dom.Node]]:
    """Every term of the page's lists with its description."""
    found: list[tuple[str, dom.Node]] = []
    for listed in page.root.all("dl"):
        term = ""
        for node in listed.walk():
            if node.tag == "dt":
                term = node.text
            elif node.tag == "dd":
                found.append((term, node))
    return found


def values(page: Page) -> dict[str, str]:
    """Term → value of the page's lists, without notes."""
    return {term: _plain(node) for term, node in items(page)}


def _plain(node: dom.Node) -> str:
    notes = {id(n) for n in node.all("small")}
    kept = [c for c in node.children if isinstance(c, str) or id(c) not in notes]
    return dom.Node(node.tag, {}, kept).text


def notes(node: dom.Node) -> list[str]:
    return [note.text for note in node.all("small")]


def reads(page: Page) -> list[Read]:
    """The reads of a case: resource, basis, number of the evidence."""
    found: list[Read] = []
    for term, node in items(page):
        if limits(node):
            continue
        cited = [n for n in notes(node) if "《" in n]
        numbers = [INTEGER.findall(n) for n in notes(node) if "《" not in n]
        given = node.get("data-evidence") or next((n[-1] for n in numbers if n), "")
        read = Read(term, cited[0], int(given)) if cited and given else None
        # A decided case says a second time what its decision rests on.
        if read is not None and read not in found:
            found.append(read)
    return found


def limits(node: dom.Node) -> tuple[int, int] | None:
    """(promised, statutory) where a description is a clock's: a card, and two numbers and a law."""
    if node.first(class_="chip") is None:
        return None
    for note in notes(node):
        numbers = [int(n) for n in INTEGER.findall(BESIDE.sub("", note))]
        if "《" in note and len(numbers) > 1:
            return numbers[0], numbers[1]
    return None


def clocks(page: Page) -> list[Clock]:
    """The limits of a case in the page's order: checks for completeness, then the decision."""
    found = [_clock(node, limits(node)) for _term, node in items(page)]
    return [clock for clock in found if clock is not None]


def _clock(node: dom.Node, limit: tuple[int, int] | None) -> Clock | None:
    used, chip = node.first(class_="used"), node.first(class_="chip")
    if limit is None or chip is None:
        return None
    promised, statutory = limit
    numbers = [int(n) for n in INTEGER.findall(used.text if used else _plain(node))]
    days = int(node.get("data-used") or (numbers[0] if numbers else 0))
    day = DAY.search(" ".join(n for n in notes(node) if "《" not in n))
    kind = next(iter(chip.classes[1:]), "")
    late = "yellow" if days > promised else "warning"
    return Clock(
        used=days,
        limit=numbers[1] if len(numbers) > 1 else statutory,
        promised=promised,
        due=date(int(day[1]), int(day[2]), int(day[3])) if day else None,
        card=chip.get("data-card")
        or node.get("data-card")
        or {"ok": "green", "late": "red", "warn": late}.get(kind, kind),
        words=chip.text,
    )


def last_clock(page: Page) -> Clock:
    """The newest limit of a case. Raises Unexpected where the page shows none."""
    found = clocks(page)
    if not found:
        raise Unexpected(f"no time limit on {page.message()}")
    return found[-1]


def looks(page: Page) -> list[Look]:
    """The lines of “Who looked at my data” on one page."""
    # The summary above it has a table of its own, with the numbers.
    listed = page.main.first("table", class_="stack")
    table = listed.first("tbody") if listed else None
    found = []
    for row in table.all("tr") if table else []:
        cells = row.all(test=lambda n: n.tag in ("th", "td"))
        link = row.first("a", test=lambda n: CASE.search(n.get("href")) is not None)
        numbers = INTEGER.findall(cells[-1].text)
        given = row.get("data-evidence") or (numbers[-1] if numbers else "0")
        case = CASE.search(link.get("href")) if link else None
        cited = [n.text for n in row.all("small") if "《" in n.text]
        who, what, why = (cell.text for cell in cells[:3])
        found.append(Look(who, what, why, "".join(cited[:1]), case[1] if case else "", int(given)))
    return found


def decision(page: Page, reasons: str) -> Told:
    """The smallest card of the page that holds the reasons."""
    cards = [n for n in page.main.walk() if reasons in n.text and {"card"} & set(n.classes)]
    chosen = min(cards, key=lambda n: len(n.text), default=None)
    text = chosen.text if chosen else ""
    return Told(text, CITATION.findall(text))


def versions(page: Page) -> list[int]:
    """The versions of a record in the order of its history."""
    found = []
    for line in page.root.all("ol", class_="line"):
        for step in line.all("li"):
            what = step.first(class_="what")
            numbers = INTEGER.findall(what.text if what else step.text)
            given = step.get("data-version") or next(iter(numbers), "")
            found += [int(given)] if given else []
    return found


def verdict(page: Page) -> str:
    """ok or late: what the public page says of a certificate."""
    for node in page.main.walk():
        if node.has("data-verdict"):
            return "ok" if node.get("data-verdict") == "valid" else "late"
        if "notice" in node.classes:
            return next((c for c in node.classes if c in ("ok", "late")), "")
    return ""


def certificate(page: Page) -> str:
    """The code of the certificate that a page offers; empty when there is none."""
    for node in page.main.all("a"):
        found = re.search(r"/certificates/([0-9A-Z]+)\.pdf", node.get("href"))
        if found:
            return found[1]
    return ""


def number_of(page: Page) -> str:
    """The case number in a page's address."""
    found = CASE.search(page.path)
    return found[1] if found else ""
