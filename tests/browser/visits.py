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
# Colours are costly to compare. On the phone axe compares those of what was not there, or not in
# these colours, on the wide screen; all other rules are asked anew.
COLOURS = """() => {
  const all = [...document.querySelectorAll('body, body *')].filter(e => e.checkVisibility());
  const of = e => (s => s.color + s.backgroundColor + s.fontSize)(getComputedStyle(e));
  const seen = new Map(all.map(e => [e, of(e)]));
  const fresh = window.lingnanSeen ? all.filter(e => lingnanSeen.get(e) !== seen.get(e)) : null;
  window.lingnanSeen = seen;
  return fresh;
}"""
AXE = """fresh => {
  const said = r => r.violations, asked = {resultTypes: ['violations']};
  if (!fresh) return axe.run(asked).then(said);
  const outer = fresh.filter(e => !fresh.includes(e.parentElement));
  const rest = axe.run({...asked, rules: {'color-contrast': {enabled: false}}}).then(said);
  if (!outer.length) return rest;
  const only = {...asked, runOnly: {type: 'rule', values: ['color-contrast']}};
  return rest.then(found => axe.run(outer, only).then(r => [...found, ...said(r)]));
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
            found.violations[width] = violations(page)
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


def violations(page: Page) -> list[str]:
    """What axe finds, a line each."""
    found = page.evaluate(f"() => ({AXE})(({COLOURS})())")
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
