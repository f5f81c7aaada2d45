"""Pages whose blocks are run, one after the other, and what they are to print."""

import contextlib
import io
import re
import sys
from pathlib import Path

BLOCK = re.compile(
    r"^```python\n(?P<code>.*?)^```$(?:\n\n^```text\n(?P<told>.*?)^```$)?", re.MULTILINE | re.DOTALL
)


def run(page: Path) -> list[tuple[str, str, str]]:
    """Run a page's blocks of Python: the code, what the page says it prints, what it printed."""
    names: dict[str, object] = {}
    found = []
    for block in BLOCK.finditer(page.read_text("utf-8")):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(block["code"], names)  # noqa: S102
        found.append((block["code"], block["told"] or "", printed.getvalue()))
    return found


if __name__ == "__main__":
    differences = [each for each in run(Path(sys.argv[1])) if each[1] != each[2]]
    for code, told, printed in differences:
        print(f"{code}\nshould print\n{told}\nprinted\n{printed}")
    sys.exit(bool(differences))
