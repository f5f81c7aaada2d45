"""The command ``accidental-transfers``: a dataset on this machine, or from a deployed stack.

Each subcommand has a file or a folder of its own with two functions: ``add_command`` says what it
takes, ``run`` does it and returns the exit status.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from accidental_transfers.dataset.version import DATASET_VERSION
from accidental_transfers.errors import AccidentalTransfersError
from accidental_transfers.local import (
    card,
    completion,
    evaluate,
    facts,
    generate,
    package,
    remote,
    tasks,
    verify,
)
from accidental_transfers.local.destination import is_closed_pipe
from accidental_transfers.local.parser import Parser
from accidental_transfers.pipeline.identity import Versions

EXIT_REFUSED = 2
SUBCOMMANDS = (generate, card, evaluate, tasks, facts, verify, package, remote, completion)
NAME = "accidental-transfers"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns
    -------
    The exit status, as the help tells it: 0, or 1 if something that was looked at is not as it
    should be, 2 if the request cannot be met.
    """
    if sys.stdout is None:
        # The shell has closed it (`>&-`): what is said there goes nowhere.
        sys.stdout = io.StringIO()
    elif isinstance(sys.stdout, io.TextIOWrapper):
        # Some terminals of Windows have no ≤.
        sys.stdout.reconfigure(errors="replace")
    options = command_line().parse(sys.argv[1:] if arguments is None else arguments)
    try:
        status = int(options.run(options))
        sys.stdout.flush()
    except AccidentalTransfersError as error:
        return _refused(type(error).__name__, error)
    except OSError as error:
        _let_go_of_standard_output()
        if is_closed_pipe(error):
            # Whoever reads has seen enough, as in `… | head`.
            return 0
        return _refused("OutputError", f"standard output cannot be written: {error.strerror}")
    return status


def _refused(name: str, message: object) -> int:
    sys.stderr.write(f"{NAME}: {name}: {message}\n")
    return EXIT_REFUSED


def _let_go_of_standard_output() -> None:
    """Keep Python from writing again, and complaining, at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def command_line() -> Parser:
    """Make what reads the command line."""
    parser = Parser(
        prog=NAME,
        description="Realistic, synthetic, labelled transactions with accidental transfers.",
    )
    version = Versions.here().accidental_transfers
    shown = f"{NAME} {version} (dataset version {DATASET_VERSION})"
    parser.add_argument("--version", action="version", version=shown)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for subcommand in SUBCOMMANDS:
        subcommand.add_command(commands)
    return parser
