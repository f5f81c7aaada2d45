"""Where the command ``accidental-transfers`` begins: also `python -m accidental_transfers.local`.

What it needs takes a second to import. It is imported here, so that Ctrl-C is told in a word from
the first moment.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

EXIT_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns
    -------
    The exit status: that of `cli.main`, or 130 after Ctrl-C.
    """
    try:
        from accidental_transfers.local import cli

        return cli.main(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        return EXIT_INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
