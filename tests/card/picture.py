"""Take a picture of a dataset card: `make picture`."""

import argparse
import tempfile
from pathlib import Path

from tests.card.browser import chromium

WIDTH, HEIGHT = 1160, 2308
"""Pixels: the summary, when and how much."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.card.picture", description=__doc__)
    parser.add_argument("card", type=Path, metavar="CARD.html")
    parser.add_argument("picture", type=Path, metavar="PICTURE.png")
    options = parser.parse_args()
    wanted = [f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={options.picture.resolve()}"]
    with tempfile.TemporaryDirectory() as folder:
        chromium(options.card.resolve(), False, Path(folder), *wanted)


if __name__ == "__main__":
    main()
