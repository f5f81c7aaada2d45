"""The guide to operating says what is so."""

import re

from accidental_transfers.local.deployment import expand
from accidental_transfers.local.documents import ROOT
from accidental_transfers.local.documents.operating import SIZES

TEXT, DEPLOY = ((ROOT / "docs" / name).read_text("utf-8") for name in ("operate.md", "deploy.md"))


def test_a_size_has_the_rows_that_it_says() -> None:
    words = {"million": 10**6, "billion": 10**9}
    for size in SIZES:
        number, word = size.name.split()
        wanted = int(number) * words[word]
        assert 0.9 * wanted < size.rows < 1.06 * wanted


def test_a_size_is_within_what_one_execution_may_make_with_what_is_raised() -> None:
    limit = expand()["Parameters"]["RowLimit"]
    for size in SIZES:
        most = size.spec.customers * size.spec.most_rows_per_customer
        assert most <= limit["MaxValue" if "RowLimit" in size.raised else "Default"]


def test_every_alarm_is_explained_and_no_other() -> None:
    resources = expand()["Resources"]
    alarms = {name for name, each in resources.items() if each["Type"] == "AWS::CloudWatch::Alarm"}
    assert set(re.findall(r"^\| `(\w+Alarm)`", TEXT, re.MULTILINE)) == alarms


def test_every_parameter_is_in_the_table_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", DEPLOY, re.MULTILINE))
    parameters = expand()["Parameters"]
    assert rows.keys() >= parameters.keys()
    for name, parameter in parameters.items():
        if name != "ScheduleInput":  # which stands in a section of its own
            told = rows[name].strip("` ").replace(",", "")
            assert told == (str(parameter["Default"]) or "none"), name
