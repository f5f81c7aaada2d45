"""The site that `make docs` builds: without a warning, without the network, without a dead link."""

import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import accidental_transfers
from tests.integration.documented import made_by_make

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
LOADED = {"script": "src", "img": "src", "iframe": "src", "link": "href"}
"""What a browser fetches by itself."""


@dataclass
class Html(HTMLParser):
    """A page's anchors, what it links to, and what a browser loads for it."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given["id"]} if "id" in given else set()
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if given.get(LOADED.get(tag, "")):
            self.loaded.append(given[LOADED[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make docs` builds, in a folder of the test's."""
    folder = tmp_path_factory.mktemp("site")
    lines = made_by_make(f"make docs SITE={folder}").splitlines()
    (line,) = (each for each in lines if "-m sphinx" in each)
    built = subprocess.run(
        [sys.executable, *shlex.split(line)[1:]],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Html]:
    pages = {path: Html() for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        page.feed(path.read_text("utf-8"))
    return pages


def targets(pages: dict[Path, Html]) -> Iterator[tuple[Path, str, Path, str]]:
    """Every link within the site: the page, the link, the file and the fragment it leads to."""
    for path, page in pages.items():
        for link in (*page.links, *page.loaded):
            address = urlsplit(link)
            if not address.scheme:
                target = path.parent / unquote(address.path) if address.path else path
                yield path, link, target.resolve(), unquote(address.fragment)


def test_every_document_has_a_page(site: Path) -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("docs/*.ipynb")]
    made = {str(path.relative_to(site)) for path in site.rglob("*.html")}
    assert {str(each.relative_to(ROOT).with_suffix(".html")) for each in documents} <= made


def test_every_link_leads_to_a_page_and_to_a_place_on_it(pages: dict[Path, Html]) -> None:
    followed = 0
    for path, link, target, fragment in targets(pages):
        assert target.exists(), (path.name, link)
        if fragment and target.suffix == ".html":
            assert fragment in pages[target].anchors, (path.name, link)
            followed += 1
    assert followed > 500


def test_a_browser_loads_nothing_from_elsewhere(pages: dict[Path, Html]) -> None:
    for path, page in pages.items():
        elsewhere = [each for each in page.loaded if urlsplit(each).netloc]
        assert not elsewhere, path.name


def test_links_to_elsewhere_are_safe(pages: dict[Path, Html]) -> None:
    for path, page in pages.items():
        schemes = {urlsplit(link).scheme for link in page.links}
        assert schemes <= {"", "https"}, path.name


def test_every_public_name_is_in_the_reference(site: Path, pages: dict[Path, Html]) -> None:
    anchors = pages[site / "docs" / "api.html"].anchors
    for name in accidental_transfers.__all__:
        assert f"accidental_transfers.{name}" in anchors
