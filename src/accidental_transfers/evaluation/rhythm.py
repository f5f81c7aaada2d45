"""When people pay: hours, weekdays, days of the month, days' counts, gaps. Without labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial.distance import jensenshannon

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import BANK, PURCHASES, SECONDS_PER_DAY, Dataset
from accidental_transfers.evaluation.readings import Measure, Reading, enough
from accidental_transfers.model.arrays import Float, Int
from accidental_transfers.model.facts.reference import HOURS, reference

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FEWEST_WEEKS, FEWEST_MONTH_DAYS, FEWEST_DAYS = 4, 28, 20
FEWEST_GAPS = 30
FEWEST_CUSTOMERS = 20
OUTING = 15 * 60
"""Seconds between payments that belong to one outing."""
SHUFFLES = 3


def fano(counts: Float | Int) -> Float:
    """Give the variance over the mean of each row of counts, n - 1 in the denominator.

    1 for a Poisson process (Fano 1947); NaN where nothing was counted.
    """
    mean = counts.mean(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(counts.var(axis=-1, ddof=1) / mean)


def burstiness(mean: Float, sd: Float, gaps: Float) -> Float:
    """Give the burstiness of a finite number of gaps: -1 regular, 0 Poisson, 1 one burst.

    (sqrt(n+1) r - sqrt(n-1)) / ((sqrt(n+1) - 2) r + sqrt(n-1)) with r = sd / mean of n gaps
    (Kim and Jo, Physical Review E 94, 032311, 2016).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        r = sd / mean
    more, less = np.sqrt(gaps + 1), np.sqrt(gaps - 1)
    return np.asarray((more * r - less) / ((more - 2) * r + less))


def gaps_of(customer: Int, second: Int) -> tuple[Int, Float]:
    """Give every customer's seconds between neighbours, and whose they are."""
    same = customer[1:] == customer[:-1]
    return customer[1:][same], np.diff(second)[same].astype(np.float64)


def gap_moments(customer: Int, gap: Float) -> tuple[Float, Float, Float]:
    """Give each customer's mean and standard deviation (n below) of gaps, and their number."""
    count = np.bincount(customer).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(customer, gap) / count
        variance = np.bincount(customer, (gap - mean[customer]) ** 2) / count
    return mean, np.sqrt(variance), count


def memory(customer: Int, gap: Float) -> Float:
    """Give each customer's correlation between a gap and the next one.

    Pearson's, the memory coefficient of Goh and Barabási (EPL 81, 48002, 2008).
    """
    follows = customer[1:] == customer[:-1]
    whose, first, second = customer[1:][follows], gap[:-1][follows], gap[1:][follows]
    size = int(customer.max(initial=0)) + 1
    count = np.bincount(whose, minlength=size)
    with np.errstate(invalid="ignore", divide="ignore"):
        first = first - (np.bincount(whose, first, size) / count)[whose]
        second = second - (np.bincount(whose, second, size) / count)[whose]
        both = np.bincount(whose, first * second, size)
        each = np.bincount(whose, first**2, size) * np.bincount(whose, second**2, size)
        return np.asarray(both / np.sqrt(each))


def outing_share(customer: Int, day: Int, second_of_day: Int) -> float:
    """Give the share of gaps within a customer's day that are at most 15 minutes."""
    key = (customer * (int(day.max()) + 1) + day) * SECONDS_PER_DAY + second_of_day
    key = np.sort(key)
    same = key[1:] // SECONDS_PER_DAY == key[:-1] // SECONDS_PER_DAY
    return float((np.diff(key)[same] <= OUTING).mean())


def shuffled_within(group: Int, values: Int, chance: np.random.Generator) -> Int:
    """Let the rows of each group exchange their values at random."""
    order = np.argsort(group, kind="stable")
    random = np.lexsort((chance.random(len(group)), group))
    result = np.empty_like(values)
    result[order] = values[random]
    return result


def _counts(data: Dataset, least_days: int = FEWEST_DAYS) -> Float:
    """Count each customer's payments on each day: (customers, days)."""
    rows, days = data.honest, data.days
    if days < least_days:
        raise NotComputableError(f"{days} days; at least {least_days} are needed")
    customers = int(data.rows["customer"].max()) + 1
    cell = rows["customer"].to_numpy() * days + rows["day"].to_numpy()
    counts = np.bincount(cell, minlength=customers * days).reshape(customers, days)
    return enough(counts.astype(np.float64), FEWEST_CUSTOMERS, "customers")


def _hour_curve(data: Dataset, type_: str) -> float:
    facts = {each.name: each.hours for each in reference().transaction_types}
    if type_ not in facts:
        raise NotComputableError(f"no hour curve is known for {type_}")
    hours = np.bincount(data.of_types(type_)["hour"], minlength=HOURS)
    return float(jensenshannon(hours, facts[type_], base=2))


def _three_am(data: Dataset, type_: str) -> float:
    return float((data.of_types(type_, least=1000)["hour"] == 3).mean())


def _weekday_index(data: Dataset, rows: pd.DataFrame, day: str) -> float:
    if data.days < 7 * FEWEST_WEEKS:
        raise NotComputableError(f"{data.days} days; at least {7 * FEWEST_WEEKS} are needed")
    days = np.bincount(data.dates.day_of_week, minlength=7)
    rate = np.bincount(rows["weekday"], minlength=7) / days
    return float(rate[WEEKDAYS.index(day)] / rate.mean())


def _weekday(data: Dataset, day: str) -> float:
    return _weekday_index(data, data.honest, day)


def _weekday_purchases(data: Dataset, day: str) -> float:
    return _weekday_index(data, data.of_types(*PURCHASES), day)


def _weekday_bank(data: Dataset, day: str) -> float:
    return _weekday_index(data, data.of_types(BANK), day)


def _month_start(data: Dataset, type_: str) -> float:
    if data.days < FEWEST_MONTH_DAYS:
        raise NotComputableError(f"{data.days} days; at least {FEWEST_MONTH_DAYS} are needed")
    per_day = np.bincount(data.of_types(type_)["day"], minlength=data.days)
    beginning = (data.dates.day <= 5).astype(bool)
    if not beginning.any():
        raise NotComputableError("no day from the 1st to the 5th of a month")
    return float(per_day[beginning].mean() / per_day.mean())


def _fano_median(data: Dataset) -> float:
    return float(np.nanmedian(fano(_counts(data))))


def _fano_low(data: Dataset) -> float:
    return float(np.nanquantile(fano(_counts(data)), 0.1))


def _rates(data: Dataset) -> float:
    rates = _counts(data).mean(axis=1)
    return float(rates.std(ddof=1) / rates.mean())


def _gaps(data: Dataset) -> tuple[Int, Float]:
    """Give the gaps of customers who have enough of them."""
    rows = data.honest
    customer, gap = gaps_of(rows["customer"].to_numpy(), rows["second"].to_numpy())
    many = np.bincount(customer, minlength=1) >= FEWEST_GAPS
    if np.count_nonzero(many) < FEWEST_CUSTOMERS:
        raise NotComputableError(f"fewer than {FEWEST_CUSTOMERS} customers have {FEWEST_GAPS} gaps")
    return customer[many[customer]], gap[many[customer]]


def _burstiness(data: Dataset) -> float:
    return float(np.nanmedian(burstiness(*gap_moments(*_gaps(data)))))


def _memory(data: Dataset) -> float:
    return float(np.nanmedian(memory(*_gaps(data))))


def _outings(data: Dataset) -> Reading:
    """Compare with the same payments, whose times of day are exchanged within the customer."""
    rows = data.honest[(data.honest["type"] != BANK).to_numpy()]
    enough(rows, 1000, "rows that are no bank transfer")
    customer, day = rows["customer"].to_numpy(), rows["day"].to_numpy()
    time = rows["second"].to_numpy() % SECONDS_PER_DAY
    chance = np.random.default_rng(0)
    everybody = np.zeros_like(customer)
    observed = outing_share(customer, day, time)

    def over_null(group: Int) -> float:
        null = [
            outing_share(customer, day, shuffled_within(group, time, chance))
            for _ in range(SHUFFLES)
        ]
        return observed / max(float(np.mean(null)), 1 / len(rows))

    value = over_null(customer)
    return Reading(value, {"exchanged among all customers": over_null(everybody)})


def _skipped_hour(data: Dataset) -> float:
    """Count payments at 02:00–02:59 on the second Sunday in March where clocks go forward."""
    dates = data.dates
    change = (dates.month == 3) & (dates.day_of_week == 6) & (dates.day > 7) & (dates.day <= 14)
    if not change.any():
        raise NotComputableError("no change to daylight saving in the period")
    saves: dict[str, bool] = {}
    for city in reference().cities:
        saves[city.name] = saves.get(city.name, True) and city.saves_daylight
    rows = data.rows[change[data.rows["day"]] & (data.rows["hour"] == 2).to_numpy()]
    if not data.rows["city"].cat.categories.isin(list(saves)).any():
        raise NotComputableError("no city of the reference data")
    return float(rows["city"].isin([name for name, does in saves.items() if does]).sum())


MEASURES: dict[str, Measure] = {
    "hour_curve": _hour_curve,
    "three_am": _three_am,
    "weekday": _weekday,
    "weekday_purchases": _weekday_purchases,
    "weekday_bank": _weekday_bank,
    "month_start": _month_start,
    "fano_median": _fano_median,
    "fano_low": _fano_low,
    "rates": _rates,
    "burstiness": _burstiness,
    "memory": _memory,
    "outings": _outings,
    "skipped_hour": _skipped_hour,
}
