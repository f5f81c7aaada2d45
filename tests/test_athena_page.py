"""The page about Athena says what is so."""

from accidental_transfers.local.athena_page import PAGE, parts
from accidental_transfers.local.readme import with_parts


def test_the_generated_parts_are_up_to_date() -> None:
    text = PAGE.read_text("utf-8")
    assert with_parts(text, parts()) == text, "make docs"
