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
from accidental_transfers.model.accidents import parameters_of
from accidental_transfers.spec.files import CsvFile


@dataclass(frozen=True)
class CompanionColumn:
    """A column of a companion.

    Attributes
    ----------
    meaning
        What a value says.
    may_be_empty
        Whether some rows have no value.
    """

    name: str
    type: ColumnType
    meaning: str
    may_be_empty: bool = False


_TRANSACTION = CompanionColumn("transaction_id", TEXT, "the transaction in the dataset")
_OF_ACCIDENTS = (
    _TRANSACTION,
    CompanionColumn(
        "kind", CATEGORY, "what really happened: an accident, a look-alike, or what was sent again"
    ),
    CompanionColumn("group", TEXT, "the first transaction of the same accident or look-alike"),
    CompanionColumn("position", INTEGER, "1 for the first transaction of its group, 2 and up"),
    CompanionColumn("intended_amount", DECIMAL, "dollars that the customer meant to pay, once"),
    CompanionColumn("intended_recipient", TEXT, "whom the customer meant to pay"),
    CompanionColumn(
        "typing_error",
        CATEGORY,
        "the slip of a key, such as digit_doubled; empty where there was none",
        may_be_empty=True,
    ),
)
_OF_CUSTOMERS = (
    CompanionColumn("customer_id", TEXT, "the customer, also who has no transaction"),
    CompanionColumn("home_city", CATEGORY, "where the customer lives"),
    CompanionColumn("home_state", CATEGORY, "the state of the home, by its two letters"),
    CompanionColumn("own_number", TEXT, "the number by which others pay the customer"),
    CompanionColumn("daily_transactions", NUMBER, "mean number of transactions a day"),
    CompanionColumn("home_city_bias", NUMBER, "share of transactions in the home city"),
)
_OF_OUTCOMES = (
    _TRANSACTION,
    CompanionColumn(
        "reason",
        CATEGORY,
        "what a bank calls it, a cancellation reason of ISO 20022: DUPL a duplicate, AM09 a wrong "
        "amount, AC03 a wrong number, FRAD fraud, CUST the customer's wish",
    ),
    CompanionColumn("noticed_at", TIMESTAMP, "when the customer noticed it", may_be_empty=True),
    CompanionColumn(
        "reported_at",
        TIMESTAMP,
        "when the customer told the bank, the app or the merchant, in waking hours",
        may_be_empty=True,
    ),
    CompanionColumn(
        "label_known_at",
        TIMESTAMP,
        "when these knew what the transaction was: from the report, or because the money came "
        "back by itself; of a disputed look-alike, when it was found to be honest",
        may_be_empty=True,
    ),
    CompanionColumn("outcome", CATEGORY, "how it ended, such as refunded or never_noticed"),
    CompanionColumn(
        "resolved_at",
        TIMESTAMP,
        "when it was over, within the hours of banks on a banking day",
        may_be_empty=True,
    ),
    CompanionColumn("recovered_amount", DECIMAL, "dollars that came back"),
    CompanionColumn(
        "follow_up_transaction_id",
        TEXT,
        "the payment to the payee who was meant, if it lies in the dataset",
        may_be_empty=True,
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
        CompanionColumn(parameter.field, NUMBER, parameter.meaning)
        for parameter in (parameters_of(accidents) if file == "customers" else ())
    )
    return _COLUMNS[file] + own
