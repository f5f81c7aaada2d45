"""The documents lead where they say."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = ROOT / "docs" / "decisions"


def anchors(document: Path) -> set[str]:
    """Fragments by which the headings of a page are reached."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def links(document: Path) -> list[str]:
    """Links of a page to other pages, files or headings of the project."""
    found = re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8"))
    return [link for link in found if "://" not in link]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_link_leads_to_something_that_exists(document: Path) -> None:
    for link in links(document):
        path, _, fragment = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not fragment or fragment in anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_an_address_elsewhere_is_whole_safe_and_given_once(document: Path) -> None:
    found = re.findall(r"\]\((\w+://[^)\s]*)\)", document.read_text("utf-8"))
    for address in found:
        parts = urlsplit(address)
        assert parts.scheme == "https", address
        assert "." in (parts.hostname or ""), address
        assert not address.endswith((".", ",", ";")), address
    assert len(found) == len(set(found))


def test_every_decision_is_in_the_list_of_decisions() -> None:
    pages = {page.name for page in DECISIONS.glob("*.md")} - {"README.md"}
    assert pages == set(links(DECISIONS / "README.md"))
    assert pages
