"""docs/command.md: what every subcommand takes, as its parser knows it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from accidental_transfers.local import cli
from accidental_transfers.local.documents.parts import table
from accidental_transfers.local.parser import EXIT_CODES, Parser

OF_THE_SPEC = "fields of the specification"
"""How the group of options begins that several subcommands share."""


def parts() -> dict[str, str]:
    """Make every generated part, by its name."""
    every = [parser for parser in _all(cli.command_line()) if not parser.commands]
    shared = next(own for parser in every for title, own in parser.groups if _is_shared(title))
    return {
        "exit codes": f"```text\n{EXIT_CODES}```",
        "subcommands": "\n\n".join(map(_section, every)),
        "fields": _options(shared),
    }


def _all(parser: Parser) -> Iterator[Parser]:
    yield parser
    for each in parser.commands.values():
        yield from _all(each)


def _section(parser: Parser) -> str:
    """Describe a subcommand: what it does, how it is called, what it takes."""
    own = [action for title, group in parser.groups if not _is_shared(title) for action in group]
    given = [action for action in own if not action.option_strings]
    options = [action for action in own if action.option_strings]
    takes_fields = any(_is_shared(title) for title, _ in parser.groups)
    usage = " ".join([parser.prog, *map(_called, given), *(["[options]"] if options else [])])
    more = "It also takes [the fields of the specification](#fields-of-the-specification)."
    found = [f"## {parser.prog.partition(' ')[2]}", _described(parser), f"```\n{usage}\n```"]
    if given:
        found.append(table(("what", "meaning"), ((_shown(_value(a)), _help(a)) for a in given)))
    if options:
        found.append(_options(options))
    return "\n\n".join([*found, *([more] if takes_fields else [])])


def _described(parser: Parser) -> str:
    """Give a description, with what is set off in it as a block."""
    text, _, block = (parser.description or "").partition("\n\n")
    plain = " ".join(text.split())
    return f"{plain}\n\n```text\n{block}\n```" if block else plain


def _options(actions: Sequence[argparse.Action]) -> str:
    rows = (
        (", ".join(f"`{name}`" for name in each.option_strings), _shown(_value(each)), _help(each))
        for each in actions
    )
    return table(("option", "value", "meaning"), rows)


def _called(action: argparse.Action) -> str:
    return f"[{_value(action)}]" if action.nargs == "?" else _value(action)


def _value(action: argparse.Action) -> str:
    """Give what stands for an option's value, or for what is given without one."""
    if action.nargs == 0:
        return ""
    if action.choices is not None:
        return "|".join(map(str, action.choices))
    named = action.metavar or action.dest.upper()
    return named if isinstance(named, str) else " ".join(named)


def _help(action: argparse.Action) -> str:
    text = (action.help or "") % {**vars(action), "prog": cli.NAME}
    return " ".join(text.split()).replace("|", "\\|").replace("{", "`{").replace("}", "}`")


def _shown(text: str) -> str:
    return f"`{text}`".replace("|", "\\|") if text else ""


def _is_shared(title: str) -> bool:
    return title.startswith(OF_THE_SPEC)
