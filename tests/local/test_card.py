"""`accidental-transfers card`: a page for anybody's file, clear refusals, and who sees it."""

import webbrowser
from pathlib import Path

import pytest

from accidental_transfers.local.cli import main
from accidental_transfers.local.desktop import show
from tests.card.card_page import Page
from tests.samples import USUAL


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "three.csv"
    days = ["--start-date", "2024-02-28", "--end-date", "2024-03-02"]
    assert main(["generate", "--customers", "3", *days, "--output", str(made)]) == 0
    return made


def test_the_card_stands_beside_the_file(file: Path) -> None:
    file.with_suffix(".manifest.json").unlink()
    assert main(["card", str(file)]) == 0
    page = Page(file.with_suffix(".html").read_text("utf-8"))
    strip = page.strip()
    assert strip["transactions"][0] == str(len(file.read_text().splitlines()) - 1)
    assert strip["customers"][0] == "3"
    assert strip["days"] == ["4", "28 Feb 2024 to 2 Mar 2024"]
    assert "No manifest" in "".join(page.section("provenance").itertext())


def test_companions_tell_more_but_are_not_needed(file: Path, tmp_path: Path) -> None:
    for companion in tmp_path.glob("three.*.csv"):
        companion.unlink()
    output = tmp_path / "elsewhere.html"
    assert main(["card", str(file), "--output", str(output)]) == 0
    page = Page(output.read_text("utf-8"))
    kinds = next(page.section("accidents").iter("tbody"))
    assert [row[0].text for row in kinds] == [each.name.replace("_", " ") for each in USUAL]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "DatasetFileError: {file}"),
        ("a,b\n1,2\n", "lacks the columns customer_id"),
        ("", "DatasetFileError: {file}"),
    ],
)
def test_a_file_that_is_no_dataset_is_refused(
    tmp_path: Path, content: str | None, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "no.csv"
    if content is not None:
        file.write_text(content)
    assert main(["card", str(file)]) == 2
    assert complaint.format(file=file) in capsys.readouterr().err
    assert not file.with_suffix(".html").exists()


def test_the_dataset_is_never_overwritten(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_bytes()
    assert main(["card", str(file), "--output", str(file)]) == 2
    assert "OutputExistsError: --output" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_a_folder_that_is_not_there_is_named(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["card", str(file), "--output", str(file.parent / "nowhere" / "x.html")]) == 2
    assert "nowhere" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("platform", "display", "shown"),
    [("linux", "", False), ("linux", ":0", True), ("darwin", "", True)],
)
def test_a_page_is_opened_where_there_is_a_desktop(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, display: str, shown: bool
) -> None:
    opened: list[str] = []

    def browser(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr(webbrowser, "open", browser)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    page = tmp_path / "a page.html"
    assert show(page) == shown
    assert opened == ([page.as_uri()] if shown else [])
