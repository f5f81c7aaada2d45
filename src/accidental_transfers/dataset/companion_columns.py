"""The companions' columns, each with all that is known of it, in the order of their files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from accidental_transfers.dataset.column import (
    CATEGORY,
    DECIMAL,
    INTEGER,
    NUMBER,
    TEXT,
    TIMESTAMP,
    ColumnType,
)
from accidental_transfers.model.accident import Accident
from accidental_transfers.model.accidents import KIND_NAMES, parameters_of
from accidental_transfers.model.aftermath_tables import OUTCOMES
from accidental_transfers.model.slips import Slip
from accidental_transfers.spec.files import CsvFile

_LATER = "from the payment on; may lie after the dataset's last day"


@dataclass(frozen=True)
class CompanionColumn:
    """A column of a companion.

    Attributes
    ----------
    meaning
        What a value says.
    allowed
        Which values there are, where neither type nor meaning says it.
    empty
        When a row has no value; "" where every row has one.
    """

    name: str
    type: ColumnType
    meaning: str
    allowed: str = ""
    empty: str = ""

    @property
    def may_be_empty(self) -> bool:
        """Whether some rows have no value."""
        return bool(self.empty)


_TRANSACTION = CompanionColumn(
    "transaction_id", TEXT, "the transaction in the dataset", "each one once"
)
_OF_ACCIDENTS = (
    _TRANSACTION,
    CompanionColumn(
        "kind",
        CATEGORY,
        "what really happened: an accident, a look-alike, or what was sent again",
        allowed=", ".join(KIND_NAMES),
    ),
    CompanionColumn(
        "group",
        TEXT,
        "the first transaction of the same accident or look-alike",
        "as transaction_id",
    ),
    CompanionColumn(
        "position",
        INTEGER,
        "the row's place in its group, by time",
        allowed="1 for the first, up to 4",
    ),
    CompanionColumn(
        "intended_amount", DECIMAL, "dollars that the customer meant to pay, once", "above 0"
    ),
    CompanionColumn(
        "intended_recipient",
        TEXT,
        "whom the customer meant to pay",
        "a name, or user_ and ten digits",
    ),
    CompanionColumn(
        "typing_error",
        CATEGORY,
        "the slip of a key",
        allowed=", ".join(slip.name.lower() for slip in list(Slip)[1:]),
        empty="there was none, or none is known",
    ),
)
_OF_CUSTOMERS = (
    CompanionColumn(
        "customer_id", TEXT, "the customer, also who has no transaction", "each one once"
    ),
    CompanionColumn("home_city", CATEGORY, "where the customer lives", "a city of `us_cities.csv`"),
    CompanionColumn(
        "home_state", CATEGORY, "the state of the home", "two letters, as the post writes it"
    ),
    CompanionColumn(
        "own_number",
        TEXT,
        "the number by which others pay the customer",
        allowed="user_ and ten digits",
    ),
    CompanionColumn(
        "daily_transactions", NUMBER, "mean number of transactions a day", "within the spec's range"
    ),
    CompanionColumn(
        "home_city_bias",
        NUMBER,
        "share of transactions in the home city",
        "within the spec's range",
    ),
)
_OF_OUTCOMES = (
    _TRANSACTION,
    CompanionColumn(
        "reason",
        CATEGORY,
        "what a bank calls it, a cancellation reason of ISO 20022",
        allowed="DUPL a duplicate, AM09 a wrong amount, AC03 a wrong number, FRAD fraud, CUST the "
        "customer's wish",
    ),
    CompanionColumn(
        "noticed_at",
        TIMESTAMP,
        "when the customer noticed it",
        allowed=_LATER,
        empty="the customer never noticed it",
    ),
    CompanionColumn(
        "reported_at",
        TIMESTAMP,
        "when the customer told the bank, the app or the merchant, in waking hours",
        allowed=_LATER,
        empty="nobody reported it",
    ),
    CompanionColumn(
        "label_known_at",
        TIMESTAMP,
        "when these knew what the transaction was: from the report, or because the money came "
        "back by itself; of a disputed look-alike, when it was found to be honest",
        allowed=_LATER,
        empty="they never knew",
    ),
    CompanionColumn("outcome", CATEGORY, "how it ended", ", ".join(OUTCOMES)),
    CompanionColumn(
        "resolved_at",
        TIMESTAMP,
        "when it was over, within the hours of banks on a banking day",
        allowed=_LATER,
        empty="nothing came of it",
    ),
    CompanionColumn(
        "recovered_amount", DECIMAL, "dollars that came back", "0.00 to what was at stake"
    ),
    CompanionColumn(
        "follow_up_transaction_id",
        TEXT,
        "the payment to the payee who was meant",
        allowed="as transaction_id",
        empty="it was not sent again, or not in the dataset's days",
    ),
)
_COLUMNS: dict[CsvFile, tuple[CompanionColumn, ...]] = {
    "accidents": _OF_ACCIDENTS,
    "customers": _OF_CUSTOMERS,
    "outcomes": _OF_OUTCOMES,
}


def companion_columns(
    file: CsvFile, accidents: Collection[Accident]
) -> tuple[CompanionColumn, ...]:
    """Give the columns of a companion of a dataset that some accidents are part of.

    Parameters
    ----------
    accidents
        As of `columns.columns_of`: customers differ in parameters of each.
    """
    own = tuple(
        CompanionColumn(parameter.field, NUMBER, parameter.meaning, "within the spec's range")
        for parameter in (parameters_of(accidents) if file == "customers" else ())
    )
    return _COLUMNS[file] + own
