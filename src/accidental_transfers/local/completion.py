"""The subcommand ``completion``: what a shell needs to complete the command at the tab key."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from typing import Any

from accidental_transfers.local.parser import Parser

NAME = "accidental-transfers"

_BASH = """\
_accidental_transfers() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} command=${{COMP_WORDS[1]}} known=
  case $COMP_CWORD:$command in
    1:*) known={commands!r} ;;
{cases}
  esac
  COMPREPLY=($(compgen -W "$known" -- "$word"))
}}
complete -o bashdefault -o default -F _accidental_transfers {name}
"""

_ZSH = """\
#compdef {name}
_accidental_transfers() {{
  local -a known
  case $CURRENT:$words[2] in
    2:*) known=({commands}) ;;
{cases}
  esac
  if [[ $PREFIX == -* || $CURRENT == 2 || $#known == 0 || ${{known[1]}} != -* ]]; then
    compadd -- $known
  fi
  _files
}}
compdef _accidental_transfers {name}
"""


def add_command(commands: Any) -> None:
    """Say what the subcommand takes."""
    parser = commands.add_parser(
        "completion",
        help="print what makes a shell complete this command",
        description="Print what makes a shell complete this command at the tab key. Put it where "
        "the shell\nlooks at its start:\n\n"
        f"  bash: echo 'eval \"$({NAME} completion bash)\"' >> ~/.bashrc\n"
        f"  zsh:  echo 'eval \"$({NAME} completion zsh)\"' >> ~/.zshrc, after compinit\n"
        f"  fish: {NAME} completion fish > ~/.config/fish/completions/{NAME}.fish",
    )
    parser.set_defaults(run=lambda options: run(options, commands.choices))
    parser.add_argument("shell", choices=SHELLS, help="the shell")


def run(options: argparse.Namespace, commands: dict[str, Parser]) -> int:
    """Print the completion of a shell.

    Returns
    -------
    The exit status: 0.
    """
    sys.stdout.write(SHELLS[options.shell](commands))
    return 0


def _bash(commands: dict[str, Parser]) -> str:
    cases = (
        f"    *:{name}) known={' '.join(_words(each))!r} ;;" for name, each in commands.items()
    )
    return _BASH.format(name=NAME, commands=" ".join(commands), cases="\n".join(cases))


def _zsh(commands: dict[str, Parser]) -> str:
    cases = (
        f"    *:{name}) known=({' '.join(_words(each))}) ;;" for name, each in commands.items()
    )
    return _ZSH.format(name=NAME, commands=" ".join(commands), cases="\n".join(cases))


def _words(parser: Parser) -> Iterator[str]:
    """Give what may follow a subcommand: options, and words to choose from."""
    yield from parser.commands
    yield from parser.options
    for action in parser.actions:
        if not action.option_strings and not parser.commands:
            yield from action.choices or ()


def _fish(commands: dict[str, Parser]) -> str:
    lines = []
    for name, parser in commands.items():
        lines.append(f"complete -c {NAME} -n __fish_use_subcommand -f -a {name}")
        seen = f"complete -c {NAME} -n '__fish_seen_subcommand_from {name}'"
        words = [word for word in _words(parser) if not word.startswith("-")]
        lines += [f"{seen} -f -a {word}" for word in words]
        lines += [f"{seen} {_fish_option(option)}" for option in parser.options]
    return "\n".join(lines) + "\n"


def _fish_option(option: str) -> str:
    return f"-l {option[2:]}" if option.startswith("--") else f"-s {option[1:]}"


SHELLS: dict[str, Callable[[dict[str, Parser]], str]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
}
