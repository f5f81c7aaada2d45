"""The command ``accidental-transfers``: a dataset on this machine, or from a deployed stack.

Each subcommand has a file or a folder of its own with two functions: ``add_command`` says what it
takes, ``run`` does it and returns the exit status.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from accidental_transfers.errors import AccidentalTransfersError
from accidental_transfers.local import card, evaluate, facts, generate, remote, tasks, verify

EXIT_REFUSED = 2
SUBCOMMANDS = (generate, card, evaluate, tasks, facts, verify, remote)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns
    -------
    The exit status: 0, or 2 if the request cannot be met; ``evaluate`` also has 1, if a line of
    the scorecard is out of its band, ``verify``, if a file is not what the manifest says, and
    ``remote``, if an execution failed.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except AccidentalTransfersError as error:
        sys.stderr.write(f"{parser.prog}: {type(error).__name__}: {error}\n")
        return EXIT_REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="accidental-transfers",
        description="Realistic, synthetic, labelled transactions with accidental transfers.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for subcommand in SUBCOMMANDS:
        subcommand.add_command(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
