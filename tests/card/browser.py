"""A card in a real, headless Chromium: what it measures, and what it looks like."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
OFFLINE = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--enable-logging=stderr",
]  # fmt: skip

# Everything that a person would see as cut, as overlapping or as too small to read.
PROBE = """
const shown = element => {
  const box = element.getBoundingClientRect();
  return {left: box.left, right: box.right, top: box.top, bottom: box.bottom};
};
const overlap = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
  && a.top < b.bottom - 2 && b.top < a.bottom - 2;
const pairs = (elements, report) => elements.forEach((one, i) => elements.slice(i + 1)
  .filter(other => overlap(shown(one), shown(other))).forEach(other => report(one, other)));
const inside = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1
  && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;

function measure(page, width) {
  page.querySelectorAll('details').forEach(each => { each.open = true; });
  const all = selector => [...page.querySelectorAll(selector)];
  const found = {overlaps: [], cut: [], small: []};
  const say = element => element.textContent.trim().slice(0, 40);
  found.width = page.documentElement.scrollWidth;
  found.background = getComputedStyle(page.body).backgroundColor;
  found.pictures = all('figure svg').length;
  pairs(all('figure, .panel, .strip > div'), (a, b) => {
    if (!a.contains(b) && !b.contains(a)) found.overlaps.push([say(a), say(b)]);
  });
  for (const svg of all('figure svg')) {
    const texts = [...svg.querySelectorAll('text')], sheet = shown(svg.closest('figure'));
    pairs(texts, (a, b) => found.overlaps.push([say(a), say(b)]));
    found.cut.push(...texts.filter(each => !inside(shown(each), sheet)).map(say));
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    found.small.push(...texts.filter(
      each => parseFloat(getComputedStyle(each).fontSize) * scale < 9.5).map(say));
  }
  const plain = all('h1, h2, h3, h4, p, li, dt, dd, figcaption, nav a, summary');
  found.cut.push(...plain.filter(
    each => each.scrollWidth > each.clientWidth + 1 && each.clientWidth).map(say));
  found.cut.push(...all('table').filter(
    each => !inside(shown(each.closest('.scroll')), shown(each.closest('.panel')))).map(say));
  found.hidden = all('.scroll, pre').filter(
    each => each.scrollWidth > each.clientWidth + 1).map(say);
  found.accent = getComputedStyle(page.querySelector('.mark')).fill;
  const style = (element, name) => getComputedStyle(element)[name];
  found.breakable = [
    ...all('h2, h3, h4').filter(each => style(each, 'breakAfter') !== 'avoid'),
    ...all('figure, tr, .examples .scroll').filter(
      each => style(each, 'breakInside') !== 'avoid'),
  ].map(say);
  return found;
}
addEventListener('load', () => {
  const frame = document.querySelector('iframe');
  const found = measure(frame.contentDocument, frame.clientWidth);
  document.body.textContent = JSON.stringify(found);
});
"""


@dataclass(frozen=True)
class Seen:
    """What Chromium found on a page, and what its console said."""

    measured: dict[str, Any]
    complaints: list[str]


def look(card: str, width: int, dark: bool, folder: Path) -> Seen:
    """Load a card in a frame of a width and measure it."""
    around = folder / "around.html"
    frame = (
        f'<iframe style="width:{width}px;height:900px;border:0" srcdoc="{escape(card)}"></iframe>'
    )
    around.write_text(
        f"<!doctype html><meta charset='utf-8'><body>{frame}<script>{PROBE}</script></body>",
        "utf-8",
    )
    done = chromium(around, dark, folder, "--dump-dom", "--window-size=1600,1000")
    body = done.stdout[done.stdout.index("<body>") + 6 : done.stdout.index("</body>")]
    complaints = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return Seen(json.loads(unescape(body)), complaints)


def chromium(
    page: Path, dark: bool, folder: Path, *options: str
) -> subprocess.CompletedProcess[str]:
    """Load a page without a network."""
    assert CHROMIUM
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    return subprocess.run(
        [CHROMIUM, *OFFLINE, scheme, f"--user-data-dir={folder / 'profile'}", *options,
         page.as_uri()],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
