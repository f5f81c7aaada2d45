"""The user's desktop, where there is one."""

import os
import sys
import webbrowser
from pathlib import Path


def show(page: Path) -> bool:
    """Open a page in the user's browser, where there is a desktop to show it on.

    Returns
    -------
    Whether a browser was asked to.
    """
    screens = ("DISPLAY", "WAYLAND_DISPLAY")
    has_desktop = sys.platform in ("darwin", "win32") or any(map(os.environ.get, screens))
    return has_desktop and webbrowser.open(page.resolve().as_uri())
