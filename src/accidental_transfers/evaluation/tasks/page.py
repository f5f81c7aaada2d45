"""The answers as a page of Markdown, with how to read it."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from accidental_transfers.evaluation.baselines import training_days
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.sights import DAY, MINUTES, PAST
from accidental_transfers.evaluation.tasks.alerts import COST_OF_AN_ALERT
from accidental_transfers.evaluation.tasks.answers import Answers
from accidental_transfers.evaluation.tasks.intervals import RESAMPLES
from accidental_transfers.evaluation.tasks.tables import (
    HOW_MUCH_TABLE,
    RULE_DOLLARS,
    RULES_ALONE,
    WHICH_ROW,
    WHOM_TABLE,
    Table,
    tables,
)
from accidental_transfers.evaluation.tasks.which_row import LATE

WIDTH = 100
HOW_TO_READ = {
    WHICH_ROW: f"""\
Gradient boosting, trained anew for each line, beside the one-line rule that did best on the
training days, a blind guess, and somebody who knows the answer.

- *{PAST}*: the row itself and the customer's history up to it, as at the moment of payment.
  *{MINUTES}*: as long as a payment may be held back. *{DAY}*: for payments to
  somebody who was not meant, since only later somebody says that nothing came.
- *{LATE}*: learnt from the labels alone that were known when the training days ended
  (`label_known_at` of `….outcomes.csv`); what was noticed later or never counts as honest. It is
  tested with all labels, and so shows what it costs to know them late.
- *Average precision*: the area under precision over recall. A blind guess has the share of
  accidents among all rows.
- *Precision of the alerts*: the share of accidents among each day's most suspicious rows, as many
  as there are accidents on the mean day. Who knows the answer is below 1 because days differ.
- *Dollars saved*: what is at stake in as many alerts, chosen by probability times amount, less
  {COST_OF_AN_ALERT:.0f} dollars for each alert (own estimate). At stake is what is paid beyond
  what was meant: of a payment confirmed twice the second one, of an amount far too high the
  difference, of a split payment nothing, because its parts add up. Where somebody else was meant,
  or a thief tries a card, it is the whole amount. Who knows the answer gives no alert that costs
  more than it saves.""",
    RULES_ALONE: """\
Every rule for every kind. The rule beside a model above did best on the training days, and sees no
more than the model that sees most.""",
    RULE_DOLLARS: """\
At as many alerts a day as there are high amounts, costs left out. The best model is the one above
that saves most, by probability or by probability times amount. The range from 2.5 to 4 times is
how the accident is defined, and so has no limit.""",
    WHOM_TABLE: """\
Of all payments of the kind in the test days, whether the customer knew the intended payee or not.
Candidates are the payees that the customer paid before, with names of the same form. The ranker
sees the same candidates as the rule, and also how the amount, the day, the hour and the entity
type fit each of them, and how often and how lately each was paid. Who knows the answer is right
where the intended payee was paid before.""",
    HOW_MUCH_TABLE: """\
Of all high amounts in the test days. Candidates are the amounts that one slip explains: a
hundredth (the point was missed), a tenth (a zero too many), the amount without one of two equal
neighbouring digits. The model chooses by what the customer paid before, to this payee and for
this kind of thing. Who knows the answer is right where one slip explains it; other high amounts
have no cause that shows.""",
}
"""What is said above each table."""


def page(data: Dataset, found: Answers, command: str) -> str:
    """Write the page: what was asked, how to read it, and the tables."""
    return "\n".join(_lines(data, found, command)) + "\n"


def _lines(data: Dataset, found: Answers, command: str) -> Iterator[str]:
    days = training_days(data)
    end = data.dates[days - 1].date()
    yield "# Three questions, and models to compare with"
    yield ""
    yield "Which row is an accident? Whom did they mean? How much did they mean? This page says"
    yield "what one-line rules and plain models reach. It is made by:"
    yield ""
    yield "```sh"
    yield command
    yield "```"
    yield ""
    yield fill(
        f"{len(data.rows):,} rows, {len(data.customer_ids)} customers, {data.days} days. Models "
        f"learn from the first {days} days, until {end}, and are judged on the others. In "
        f"brackets: 95 % of {RESAMPLES} resamples of whole customers; no model is trained anew "
        "for them.",
        width=WIDTH,
    )
    for table in tables(found):
        yield f"\n## {table.title}\n"
        yield HOW_TO_READ[table.title]
        yield ""
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(table.columns)} |"
    sides = ["---" if place < table.numbers else "---:" for place in range(len(table.columns))]
    yield f"|{'|'.join(sides)}|"
    for line in table.lines:
        yield f"| {' | '.join(line)} |"
