"""A parser of command lines that suggests what was meant, and takes no abbreviations."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

EXIT_CODES = """\
exit status:
  0    done; also where whoever reads the output has seen enough, as in "| head"
  1    done, and something is not as it should be: evaluate found a line out of its band,
       verify a file that is not what the manifest says, remote an execution that failed
  2    not done: the message says what was given and what is allowed; facts check: what is
       wrong in the facts
  130  interrupted by Ctrl-C; nothing half-written is left
"""


class Parser(argparse.ArgumentParser):
    """A parser whose help ends in the exit codes."""

    def __init__(self, **given: Any) -> None:
        # An abbreviation that works today is ambiguous with the next option.
        super().__init__(
            **{
                "allow_abbrev": False,
                "epilog": EXIT_CODES,
                "formatter_class": argparse.RawDescriptionHelpFormatter,
                **given,
            }
        )
        self.set_defaults(parser=self)

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Parse a command line.

        Raises
        ------
        SystemExit
            0 after ``--help`` and ``--version``, 2 if it is not acceptable.
        """
        self._require_command(arguments)
        options, unknown = self.parse_known_args(arguments)
        if unknown:
            options.parser.refuse(unknown)
        return options

    def error(self, message: str) -> NoReturn:
        """Refuse a command line; all options together would hide the message."""
        self.exit(2, f"{self.prog}: {message} (all options: {self.prog} --help)\n")

    @property
    def actions(self) -> list[argparse.Action]:
        """What it takes, in the order in which it was added."""
        return self._actions

    @property
    def options(self) -> Iterator[str]:
        """Every option, with its hyphens."""
        return (name for action in self.actions for name in action.option_strings)

    @property
    def commands(self) -> dict[str, Parser]:
        """Its subcommands, by name."""
        for action in self.actions:
            if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
                return dict(action.choices)
        return {}

    @property
    def groups(self) -> Iterator[tuple[str, list[argparse.Action]]]:
        """Its titled groups of what it takes, but for the help and for subcommands."""
        for group in self._action_groups:
            own = [each for each in group._group_actions  # noqa: SLF001
                   if argparse.SUPPRESS not in (each.dest, each.default)]  # fmt: skip
            if own:
                yield group.title or "", own

    def refuse(self, unknown: Sequence[str]) -> NoReturn:
        """Name what is not known, and what may have been meant by it."""
        hints = (did_you_mean(each.partition("=")[0], self.options) for each in unknown)
        self.error(f"unrecognized arguments: {' '.join(unknown)}{''.join(hints)}")

    def _require_command(self, arguments: Sequence[str]) -> None:
        named = next((each for each in arguments if not each.startswith("-")), None)
        if named is not None and named not in self.commands:
            hint = did_you_mean(named, self.commands)
            self.error(f"there is no command {named!r}; there are {', '.join(self.commands)}{hint}")


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Say what may have been meant; nothing if nothing is near."""
    near = get_close_matches(given, list(known), n=1) if given not in {"-", "--"} else []
    return f"; did you mean {near[0]}?" if near else ""
