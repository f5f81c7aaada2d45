"""What a household owes: paid once when it is due, a fixed sum on a fixed day. Unlabelled."""

from __future__ import annotations

import numpy as np
import pandas as pd

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import BANK, Dataset
from accidental_transfers.evaluation.obligations import (
    Pairs,
    by_month,
    paid_monthly,
    pairs_of,
    whole_months,
)
from accidental_transfers.evaluation.people import intraclass_correlation
from accidental_transfers.evaluation.readings import Measure, Reading, enough
from accidental_transfers.evaluation.vocabulary import BILLS, is_for, mortgages, of_purpose
from accidental_transfers.model.arrays import Bool, Float, Int

MONTH, YEAR = (27, 32), (363, 368)
"""Days after which a subscription is charged again, the first and the last."""
FIXED = ("insurance", "loan", "phone or internet")
"""Bills of the same sum every month."""
SATURDAY = 5
FEWEST = 20
CALENDAR = ("January", "February", "March", "April", "May", "June", "July", "August",
            "September", "October", "November", "December")  # fmt: skip


def _home_payments(data: Dataset) -> pd.DataFrame:
    """Give rents and mortgages, with the column ``mortgage`` to tell them apart."""
    rows = of_purpose(data, "rent", "mortgage", "loan")
    mortgage = mortgages(rows)
    homes = rows.assign(mortgage=mortgage)[mortgage | is_for(rows, "rent")]
    return enough(homes, 1, "rents and mortgages")


def _one_home_payment(data: Dataset) -> Reading:
    return _one_a_month(data, _home_payments(data))


def _one_card_bill(data: Dataset) -> Reading:
    return _one_a_month(data, of_purpose(data, "credit card bill"))


def _one_a_month(data: Dataset, rows: pd.DataFrame) -> Reading:
    """Give the share of whole months with exactly one row, of customers who have any."""
    customer = pd.factorize(rows["customer"])[0].astype(np.int64)
    counts = by_month(customer, rows["day"].to_numpy(), whole_months(data))
    return Reading(
        float((counts == 1).mean()),
        {"none": float((counts == 0).mean()), "two or more": float((counts > 1).mean())},
    )


def _rent_and_mortgage(data: Dataset) -> float:
    both = _home_payments(data).groupby("customer")["mortgage"].nunique() > 1
    return float(both.mean())


def _services(data: Dataset) -> Pairs:
    rows = of_purpose(data, "subscription")
    return pairs_of(rows[(rows["cents"] >= 0).to_numpy()])


def _charged_again(data: Dataset) -> Reading:
    gaps = enough(_services(data).gaps(), FEWEST, "subscriptions charged again")
    monthly, yearly = (float(_between(gaps, *days).mean()) for days in (MONTH, YEAR))
    return Reading(
        monthly + yearly,
        {"after a month": monthly, "after a year": yearly, "median, days": float(np.median(gaps))},
    )


def _between(values: Int, first: int, last: int) -> Bool:
    return (values >= first) & (values <= last)


def _prices(data: Dataset) -> Reading:
    services = _services(data)
    again = services.only(services.sizes() > 1)
    enough(range(again.count), FEWEST, "services charged twice or more")
    prices = again.rows.groupby(again.pair)["cents"].nunique()
    names = again.rows.groupby("recipient", observed=True)["cents"].nunique()
    return Reading(
        float((prices > 1).mean()),
        {
            "of services charged once too": float((prices > 1).sum() / services.count),
            "prices of a service, median": float(names.median()),
        },
    )


def _most_services(data: Dataset) -> float:
    services = _services(data)
    return float(services.rows.groupby("customer")["recipient"].nunique().max())


def _monthly(data: Dataset, *purposes: str) -> tuple[Pairs, Int]:
    """Give the payees who are paid every month, and their payments in each whole month."""
    months = whole_months(data, least=2)
    pairs = pairs_of(of_purpose(data, *purposes))
    monthly = paid_monthly(_counts(pairs, months))
    enough(range(np.count_nonzero(monthly)), FEWEST, "customers and payees with monthly bills")
    kept = pairs.only(monthly)
    return kept, _counts(kept, months)


def _counts(pairs: Pairs, months: Int) -> Int:
    return by_month(pairs.pair, pairs.rows["day"].to_numpy(), months)


def _exactly_one(data: Dataset, *purposes: str) -> float:
    return float((_monthly(data, *purposes)[1] == 1).mean())


def _fixed_bills(data: Dataset) -> Reading:
    also = {}
    for purpose in FIXED:
        try:
            also[purpose] = _exactly_one(data, purpose)
        except NotComputableError:
            continue  # the dataset has none of these; the others are judged
    return Reading(_exactly_one(data, *FIXED), also)


def _day_of_month(data: Dataset) -> float:
    pairs, _ = _monthly(data, *FIXED)
    day = np.asarray(data.dates.day, np.float64)[pairs.rows["day"]]
    return float(np.median(_sd(day, pairs.pair)))


def _sd(values: Float, group: Int) -> Float:
    """Give each group's standard deviation, n - 1 in the denominator; NaN for one value."""
    return np.asarray(pd.Series(values).groupby(group).std(ddof=1), np.float64)


def _utilities_monthly(data: Dataset) -> float:
    return _exactly_one(data, "utilities")


def _utilities_own(data: Dataset) -> Reading:
    """Compare the variation between customers with that within, and give each month's level."""
    pairs, _ = _monthly(data, "utilities")
    pairs = _with_amounts(pairs)
    amount = pairs.rows["log_amount"].to_numpy()
    enough(np.unique(pairs.pair), FEWEST, "customers and utilities")
    own = np.bincount(pairs.pair, amount) / pairs.sizes()
    level = np.exp(amount - own[pairs.pair])
    month = np.asarray(data.dates.month)[pairs.rows["day"]]
    also = {CALENDAR[at - 1]: float(np.median(level[month == at])) for at in np.unique(month)}
    return Reading(intraclass_correlation(amount, pairs.pair), also)


def _with_amounts(pairs: Pairs) -> Pairs:
    return pairs_of(pairs.rows[pairs.rows["log_amount"].notna().to_numpy()])


def _outflow(data: Dataset) -> float:
    months = whole_months(data)
    rows = data.honest
    month = months[rows["day"].to_numpy()]
    cell = rows["customer"].to_numpy() * (months.max() + 1) + month
    inside = (month >= 0) & rows["amount"].notna().to_numpy()
    spent = np.bincount(cell[inside], rows["amount"].to_numpy()[inside])
    paid = np.bincount(cell[inside]) > 0
    return float(np.median(enough(spent[paid], FEWEST, "customers' months with a payment")))


def _weekend_bills(data: Dataset) -> float:
    rows = of_purpose(data, *BILLS)
    by_bank = rows[(rows["type"] == BANK).to_numpy()]
    return float((enough(by_bank, 100, "bills paid by bank")["weekday"] >= SATURDAY).mean())


MEASURES: dict[str, Measure] = {
    "one_home_payment": _one_home_payment,
    "rent_and_mortgage": _rent_and_mortgage,
    "charged_again": _charged_again,
    "subscription_prices": _prices,
    "most_subscriptions": _most_services,
    "fixed_bills": _fixed_bills,
    "one_card_bill": _one_card_bill,
    "day_of_month": _day_of_month,
    "utilities_monthly": _utilities_monthly,
    "utilities_own": _utilities_own,
    "outflow": _outflow,
    "weekend_bills": _weekend_bills,
}
