"""The subcommand ``remote``: datasets from a deployed stack, without any other program."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from accidental_transfers.local.optional import naming_missing_packages
from accidental_transfers.local.spec_options import add_spec_options

DEFAULT_STACK = "accidental-transfers"
"""The stack's name in ``samconfig.toml``."""
DEFAULT_FOLDER = Path("out")


def add_command(commands: Any) -> None:
    """Say what the subcommand takes."""
    parser = commands.add_parser(
        "remote",
        help="start executions of a deployed stack, follow them, fetch their datasets",
        description="Use a deployed stack with your AWS credentials and region.",
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    _add_start(actions)
    _add_plan(actions)
    _add_follow(actions)
    _add_download(actions)
    _add_resume(actions)


def run(options: argparse.Namespace) -> int:
    """Do what the options ask for.

    Returns
    -------
    The exit status: 0, 1 if the execution failed, 130 if interrupted.

    Raises
    ------
    SpecError, InputFileError
        If what is asked for is not acceptable.
    UnknownStackError, UnknownExecutionError
        If there is no such stack or execution.
    AwsError
        If AWS refuses or cannot be reached.
    TornSetError
        If what stands in the bucket is not one set.
    OutputError
        If a file cannot be written.
    MissingDependencyError
        If a package is missing.
    """
    with naming_missing_packages():
        # boto3 comes with what `make run` needs, and not with the library.
        from accidental_transfers.local.remote import actions
    return actions.run(options)


def _add_start(actions: Any) -> None:
    parser = _parser(actions, "start", "make a dataset: start an execution and follow it")
    _add_execution(parser)
    _add_local(parser)
    add_spec_options(parser)


def _add_plan(actions: Any) -> None:
    parser = _parser(actions, "plan", "tell rows, bytes, slices and cost, and make nothing")
    _add_local(parser)
    add_spec_options(parser)


def _add_follow(actions: Any) -> None:
    parser = _parser(actions, "follow", "show how far an execution is, until it ends")
    _add_run(parser, "the newest")


def _add_download(actions: Any) -> None:
    parser = _parser(actions, "download", "fetch the dataset of an execution, with its companions")
    _add_run(parser, "the newest that has a dataset")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FOLDER",
        default=DEFAULT_FOLDER,
        help="where the files go (default: %(default)s)",
    )


def _add_resume(actions: Any) -> None:
    parser = _parser(actions, "resume", "make what is missing of a run that failed, and join it")
    parser.add_argument("run_id", metavar="RUN", help="the name of the execution that failed")
    _add_execution(parser)


def _parser(actions: Any, name: str, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(
        name, help=text, description=f"{text[:1].upper()}{text[1:]}."
    )
    parser.set_defaults(
        run=run, action=name, local=False, run_id=None, name=None, detach=False, output=None
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--stack", default=DEFAULT_STACK, metavar="NAME", help="the stack (default: %(default)s)"
    )
    where.add_argument("--state-machine", metavar="ARN", help="its state machine, in its place")
    return parser


def _add_execution(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", metavar="RUN", help="the execution's name (default: a new one)")
    parser.add_argument(
        "--detach", action="store_true", help="start the execution and do not wait for its end"
    )
    parser.add_argument(
        "--output", type=Path, metavar="FOLDER", help="fetch the dataset into this folder at once"
    )


def _add_run(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "run_id", nargs="?", metavar="RUN", help=f"the execution's name (default: {default})"
    )


def _add_local(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--local",
        action="store_true",
        help="use an AWS inside this process, which ends with the command",
    )
