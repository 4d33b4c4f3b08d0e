"""One visit of a page in one language: what was seen there, kept for every test.

In Chinese it is drawn at both widths and read by axe at both; in English, where only the words
are others, it is reached and drawn on a phone.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page

from tests.browser.reaching import Scene
from tests.browser.states import Province
from tests.conftest import FULL

WIDTHS = {"zh": (1280, 360), "en": (360,)}
# A folder to which every page is drawn, for looking at by eye.
SCREENSHOTS = os.environ.get("LINGNAN_SCREENSHOTS", "")
# Headings, labels, buttons and landmarks; what is data of its own language bears a lang, and
# the choice between records consists of data.
VISIBLE = """() => {
  const texts = [];
  const chrome = 'title, h1, h2, h3, label, legend, button, nav a, th[scope=col], dt, caption,' +
    'summary, .btn, .chip, .hint, .soft, .say, .word, .when, .lead, .title, .tile, .course li,' +
    '.count, footer p';
  for (const e of document.querySelectorAll(chrome + ', [aria-label], [placeholder]')) {
    if (e.closest('[lang]:not(html)') || e.matches('label[for^=id_record]')) continue;
    const copy = e.cloneNode(true);
    copy.querySelectorAll('[lang]').forEach(part => part.remove());
    if (e.matches(chrome)) texts.push(copy.textContent);
    texts.push(e.getAttribute('aria-label'), e.getAttribute('placeholder'));
  }
  return texts.filter(text => text && text.trim()).map(text => text.trim().replace(/\\s+/g, ' '));
}"""
WIDER = """() => {
  const room = document.documentElement.clientWidth;
  const all = document.documentElement.scrollWidth;
  if (all <= room) return [];
  return [`${all} of ${room} px`, ...[...document.querySelectorAll('body *')]
    .filter(e => e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > room + 1)
    .filter(e => !e.closest('.vh')).slice(0, 5).map(e => e.outerHTML.slice(0, 120))];
}"""
# Colours are costly to compare, four fifths of what axe does. They are what an element's own and
# its ancestors' names, states, colours and sizes make them: what was compared once on some page, at
# some width, is not compared again where all of these are the same. What is drawn over other things
# (charts, maps) always is, and with `--full` everything. All other rules are asked each time.
COLOURS = """seen => {
  const known = new Set(seen), keys = [], fresh = [], marks = new Map();
  const hash = text => {
    let a = 0xdeadbeef, b = 0x41c6ce57;
    for (let i = 0; i < text.length; i++) {
      a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
      b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
    }
    return (a >>> 0).toString(36) + (b >>> 0).toString(36);
  };
  const own = e => {
    const s = getComputedStyle(e), off = e.matches(':disabled, [aria-disabled=true]');
    return [e.localName, e.getAttribute('class'), off, e.control?.disabled, s.color,
      s.backgroundColor, s.backgroundImage, s.opacity, s.fontSize, s.fontWeight, s.position,
      s.textShadow, s.filter, s.mixBlendMode].join();
  };
  const mark = e => {
    if (!marks.has(e)) marks.set(e, hash(own(e) + (e.parentElement ? mark(e.parentElement) : '')));
    return marks.get(e);
  };
  const says = e => e.matches('input, select, textarea') ||
    [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  for (const e of document.querySelectorAll('body, body *')) {
    if (!e.checkVisibility() || !says(e)) continue;
    if (!e.closest('svg') && known.has(mark(e))) continue;
    known.add(mark(e));
    keys.push(mark(e));
    fresh.push(e);
  }
  return [fresh, keys];
}"""
# Colours first: what was found of them just now may be exchanged while other rules are asked.
AXE = """([fresh, keys]) => {
  const said = r => r.violations, asked = {resultTypes: ['violations']};
  const only = {...asked, runOnly: {type: 'rule', values: ['color-contrast']}};
  const others = {...asked, rules: {'color-contrast': {enabled: false}}};
  const colours = fresh.length ? axe.run(fresh, only).then(said) : Promise.resolve([]);
  return colours.then(found => axe.run(others).then(r => [[...found, ...said(r)], keys]));
}"""


@dataclass
class Visit:
    """What one page showed."""

    status: int = 0
    violations: dict[int, list[str]] = field(default_factory=dict)
    wider: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def visit(scene: Scene, language: str, province: Province) -> Visit:
    """Go there once; look at it at the widths of the language."""
    person = province.person(scene.who)
    person.speak(language)
    page = person.stage(AXE_SCRIPT)
    _size(page, 1280 if scene.wide else WIDTHS[language][0])
    found = Visit()
    listeners = _listen(page, found)
    scene.reach(page, province)
    page.wait_for_load_state()
    for width in WIDTHS[language]:
        _size(page, width)
        # What a page is made of does not change with the language: axe reads it once.
        if language == "zh":
            found.violations[width] = violations(page, province.colours)
        _draw(page, f"{scene.name}-{language}-{width}")
    found.wider = page.evaluate(WIDER)
    found.words = page.evaluate(VISIBLE)
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    return found


def _listen(page: Page, found: Visit) -> dict[Any, Any]:
    def answered(response: Any) -> None:
        if response.request.is_navigation_request():
            found.status = response.status

    def said(message: ConsoleMessage) -> None:
        # The browser itself reports pages that answer 4xx; those statuses are wanted.
        if message.type in ("error", "warning") and "Failed to load" not in message.text:
            found.said.append(message.text)

    def failed(error: Any) -> None:
        found.said.append(str(error))

    listeners = {"response": answered, "console": said, "pageerror": failed}
    for event, listener in listeners.items():
        page.on(event, listener)  # type: ignore[call-overload]
    return listeners


def _size(page: Page, width: int) -> None:
    if page.viewport_size != {"width": width, "height": 900}:
        page.set_viewport_size({"width": width, "height": 900})


def violations(page: Page, colours: set[str]) -> list[str]:
    """What axe finds, a line each; `colours` are those compared before, and grow."""
    known = [] if FULL else sorted(colours)
    found, compared = page.evaluate(f"seen => ({AXE})(({COLOURS})(seen))", known)
    colours.update(compared)
    return [
        f"{one['id']}: {node['html'][:160]} ({' '.join(node['failureSummary'].split())[:240]})"
        for one in found
        for node in one["nodes"]
    ]


def _draw(page: Page, name: str) -> None:
    if SCREENSHOTS:
        folder = Path(SCREENSHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        file = re.sub(r"\W+", "_", name) + ".png"
        page.screenshot(path=folder / file, full_page=True)
