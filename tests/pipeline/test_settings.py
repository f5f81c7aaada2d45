import pytest

from accidental_transfers.errors import SettingsError
from accidental_transfers.pipeline.settings import JoinSettings, PlanSettings, Settings

COMPLETE = {"BUCKET_NAME": "accidentaltransferproject", "ROW_LIMIT": "7", "SLICE_MEMORY_MB": "512"}


def test_variables_become_settings() -> None:
    settings = PlanSettings.from_environment(COMPLETE | {"PATH": "/bin"})
    assert settings.bucket_name == "accidentaltransferproject"
    assert (settings.row_limit, settings.slice_memory_mb) == (7, 512)
    assert settings.child_execution_type == "EXPRESS"


def test_a_function_needs_only_its_own() -> None:
    assert Settings.from_environment({"BUCKET_NAME": "abc"}).bucket_name == "abc"
    assert JoinSettings.from_environment({"BUCKET_NAME": "abc"}).catalogue_database == ""


def test_all_that_is_missing_is_named() -> None:
    with pytest.raises(SettingsError, match=r"ROW_LIMIT: got nothing.*SLICE_MEMORY_MB: got noth"):
        PlanSettings.from_environment({"BUCKET_NAME": "abc"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BUCKET_NAME", "No_Bucket"),
        ("ROW_LIMIT", "0"),
        ("ROW_LIMIT", "many"),
        ("SLICE_MEMORY_MB", "127"),
        ("SLICE_MEMORY_MB", "10241"),
        ("CHILD_EXECUTION_TYPE", "express"),
    ],
)
def test_what_is_not_acceptable_is_named_with_its_value(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"environment variable {name}: got '{value}'"):
        PlanSettings.from_environment(COMPLETE | {name: value})
