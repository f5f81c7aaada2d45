"""The card's sections on what the dataset holds: when, how much, what and to whom, where."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from accidental_transfers.card import amount_charts, count_charts, time_charts
from accidental_transfers.card.city_map import city_map
from accidental_transfers.card.markup import (
    count,
    figure,
    money,
    percent,
    section,
    table,
    tag,
    words,
)
from accidental_transfers.card.svg import marker
from accidental_transfers.model.accidents import LABELS
from accidental_transfers.model.facts import reference
from accidental_transfers.statistics.statistics import Statistics

MERCHANTS, CITIES = 15, 10
"""Rows of the tables of the most popular."""


def label_key(labels: Sequence[str] = LABELS) -> str:
    """Show which mark stands for which label."""
    items = (
        tag(
            "li",
            tag(
                "svg",
                marker(6, 6, amount_charts.SHAPES[label], words(label), label),
                viewBox="0 0 12 12",
                aria_hidden="true",
            )
            + words(label),
        )
        for label in labels
    )
    return tag("ul", "".join(items), class_="key")


def when(facts: Statistics) -> str:
    """Show the rhythm of the week, the day and the month."""
    hours = {name: facts.by_weekday_hour[name] for name in _types(facts)}
    together = [
        [sum(of_type[weekday][hour] for of_type in hours.values()) for hour in range(24)]
        for weekday in range(7)
    ]
    figures = [
        figure(
            "Weekday and hour",
            time_charts.heat_map(together),
            "Transactions of all types by the local clock.",
        ),
        figure(
            "Hour, by type",
            time_charts.hours_by_type(hours),
            "Share of each type's transactions, on one scale.",
        ),
        figure(
            "Transactions per day",
            time_charts.days(facts.by_date, _types(facts)),
            "Each row has a scale of its own, from zero. "
            + (
                "Weekends are paler."
                if len(facts.by_date) <= time_charts.MOST_BARS
                else "The last bar may be cut by the end of the period."
            ),
        ),
        figure(
            "The month's rhythm",
            time_charts.month_days(facts.by_date, _types(facts)),
            "Mean transactions on each day of the month, over the mean of all days: the "
            "dashed line. All on one scale.",
        ),
    ]
    return section("when", "When", "The clock is the local one where the customer is.",
                   tag("div", "".join(figures), class_="grid"))  # fmt: skip


def how_much(facts: Statistics) -> str:
    """Show each type's amounts, with the usual maximum and the accidents."""
    usual = {type_.name: type_.usual_maximum for type_ in reference().transaction_types}
    axis = _axis(facts, [usual[name] for name in _types(facts) if name in usual])
    figures = "".join(
        figure(
            escape(name),
            amount_charts.amounts(name, facts.amounts[name], axis, usual.get(name)),
            _nothing_paid(facts.amounts[name]["all"].get(-1, 0)),
        )
        for name in _types(facts)
    )
    lead = (
        "Both axes are logarithmic: a gridline up is ten times as many transactions, a tick to "
        "the right ten times the money. Bars are all transactions, marks the labelled ones: where "
        "a bar stands above the marks, honest payments are as large as the accidents."
    )
    grid = tag("div", figures + _amount_table(facts), class_="grid")
    return section("amounts", "How much", lead, label_key() + grid)


def _axis(facts: Statistics, usual: Sequence[float]) -> range:
    """Choose the bins of all types' axes, so that every amount and usual maximum is on them."""
    bins = [number for name in _types(facts) for number in facts.amounts[name]["all"]]
    bins += [math.floor(10 * math.log10(100 * dollars)) for dollars in usual]
    paid = [number for number in bins if number >= 0] or [0]
    return range(min(paid) // 10 * 10, max(max(paid) + 1, min(paid) // 10 * 10 + 20))


def _nothing_paid(rows: int) -> str:
    return f"{count(rows)} transactions of less than a cent are not drawn." if rows else ""


def _amount_table(facts: Statistics) -> str:
    rows = []
    for name in _types(facts):
        number, paid, bins = facts.by_type[name], facts.cents[name], facts.amounts[name]["all"]
        rows.append(
            [
                escape(name),
                count(number),
                money(paid["sum"]),
                money(paid["sum"] / number),
                amount_charts.bin_name(amount_charts.quantile_bin(bins, 0.5)),
                amount_charts.bin_name(amount_charts.quantile_bin(bins, 0.99)),
                money(paid["largest"]),
            ]
        )
    head = ["type", "transactions", "sum", "mean", "median within", "99th percentile within",
            "largest"]  # fmt: skip
    return tag("div", table(head, rows, range(1, 7)), class_="panel wide")


def what_and_to_whom(facts: Statistics) -> str:
    """Show types, entity types and the popularity of merchants."""
    types = [(name, facts.by_type[name]) for name in _types(facts)]
    figures = []
    for name in _types(facts):
        entities = sorted(facts.by_entity_type[name].items(), key=lambda item: (-item[1], item[0]))
        picture = count_charts.bars(
            [item for item in entities if item[1]], facts.by_type[name], name, "transactions"
        )
        figures.append(figure(f"{escape(name)}: entity types", picture, "Shares of the type."))
    ranked = sorted(facts.merchants.items(), key=lambda item: (-item[1], item[0]))
    people = facts.people.get("payments", 0)
    bars = count_charts.bars(types, facts.rows, "Types", "transactions")
    overview = figure("Transaction types", bars, "Shares of all transactions.")
    if ranked:
        curve = _popularity([paid for _, paid in ranked])
        overview = tag("div", overview + curve, class_="stack") + _top_merchants(ranked, facts.rows)
    lead = (
        f"{count(len(ranked))} merchants and other named recipients; "
        f"{count(people)} transactions ({percent(people / facts.rows)}) go to people, who are "
        "known by a number."
    )
    return section("recipients", "What, and to whom", lead,
                   tag("div", overview + "".join(figures), class_="grid"))  # fmt: skip


def _popularity(counts: Sequence[int]) -> str:
    exponent = count_charts.zipf_exponent(counts)
    fitted = min(len(counts), count_charts.FITTED)
    caption = (
        f"Zipf exponent of the {fitted} most popular: {exponent:.2f}. "
        if exponent is not None
        else ""
    )
    return figure(
        "Popularity of merchants",
        count_charts.popularity(counts),
        f"{caption}A few take most payments, many take a few.",
    )


def _top_merchants(ranked: Sequence[tuple[str, int]], total: int) -> str:
    rows = [
        [str(rank), escape(name), count(paid), percent(paid / total)]
        for rank, (name, paid) in enumerate(ranked[:MERCHANTS], 1)
    ]
    head = ["", "recipient", "transactions", "share"]
    return tag("div", tag("h3", "Most popular") + table(head, rows, (2, 3)), class_="panel")


def where(facts: Statistics) -> str:
    """Show the cities on a map, and the largest in a table."""
    drawn, unknown = city_map(facts.by_city)
    caption = "The area of a circle is the number of customers who live there."
    if unknown:
        names = ", ".join(map(escape, unknown[:10]))
        caption += f" Not on the map, for want of a place of their own: {names}."
    cities = sorted(
        facts.by_city.items(), key=lambda item: (-item[1]["home_customers"], -item[1]["rows"])
    )
    rows = [
        [escape(name), count(found["home_customers"]), count(found["rows"]),
         percent(found["rows"] / facts.rows)]
        for name, found in cities[:CITIES]
    ]  # fmt: skip
    head = ["city", "customers", "transactions", "share"]
    largest = tag("div", tag("h3", "Largest") + table(head, rows, (1, 2, 3)), class_="panel")
    lead = (
        f"{count(len(facts.by_city))} cities; {percent(facts.home_rows / facts.rows)} of the "
        "transactions take place in the customer's home city."
    )
    grid = tag("div", figure("Home cities", drawn, caption) + largest, class_="grid")
    return section("where", "Where", lead, grid)


def _types(facts: Statistics) -> list[str]:
    """Give the transaction types that occur, in the order of the reference where it has them."""
    return [name for name, rows in facts.by_type.items() if rows]
