"""What axe, the usual judge of accessibility, finds wrong in a page."""

import json
import os
from dataclasses import dataclass
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.card.browser import chromium

_RUN = """
addEventListener('load', async () => {
  document.querySelectorAll('details').forEach(each => { each.open = true; });
  const found = await axe.run(document, {resultTypes: ['violations', 'incomplete']});
  const told = ({id, nodes}) => [id, nodes.map(each => each.html.slice(0, 120))];
  const answer = {version: axe.version, rules: found.passes.length,
    violations: found.violations.map(told), incomplete: found.incomplete.map(told)};
  document.body.textContent = JSON.stringify(answer);
});
"""


def axe_script() -> Path | None:
    """Where axe is: AXE names a newer one than the package of the checks has."""
    if named := os.environ.get("AXE"):
        return Path(named)
    package = find_spec("axe_core_python")
    return Path(package.origin).with_name("axe.min.js") if package and package.origin else None


@dataclass(frozen=True)
class Judged:
    """What axe found: the rule, and the elements that break it."""

    violations: list[tuple[str, list[str]]]
    incomplete: list[tuple[str, list[str]]]
    rules: int


def judged(card: str, width: int, dark: bool, folder: Path) -> Judged:
    """Have axe judge a card, everything in it unfolded."""
    script = axe_script()
    assert script
    (folder / "axe.js").write_bytes(script.read_bytes())
    page = folder / "judged.html"
    scripts = f'<script src="axe.js"></script><script>{_RUN}</script></body>'
    page.write_text(card.replace("</body>", scripts), "utf-8")
    done = chromium(
        page, dark, folder, "--dump-dom", "--virtual-time-budget=60000",
        f"--window-size={width},1000",
    )  # fmt: skip
    body = done.stdout[done.stdout.index("<body>") + 6 : done.stdout.index("</body>")]
    found: dict[str, Any] = json.loads(unescape(body))
    return Judged(found["violations"], found["incomplete"], found["rules"])
