"""Reading a card as a person does: its numbers, by the heading that they stand under."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

Rows = list[list[str]]


def text_of(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


class Page:
    """A card; that its body is well-formed is checked by the way."""

    def __init__(self, html: str) -> None:
        body = html[html.index("<body>") : html.index("</html>")]
        self.body = ET.fromstring(body)  # noqa: S314

    def strip(self) -> dict[str, list[str]]:
        """The summary: by its name, a value and the note below."""
        found = {}
        for entry in self.body.findall(".//dl/div"):
            name, value = entry
            note = value.find("small")
            found[text_of(name)] = [value.text or "", "" if note is None else text_of(note)]
        return found

    def section(self, name: str) -> ET.Element:
        found = self.body.find(f".//section[@id='{name}']")
        assert found is not None
        return found

    def panel(self, heading: str) -> ET.Element:
        """What stands under a heading: a figure or a panel."""
        for element in self.body.iter():
            head = element.find("h3")
            if head is not None and text_of(head).startswith(heading):
                return element
        raise AssertionError(f"no panel has the heading {heading!r}")

    def titles(self, heading: str) -> list[str]:
        """What the marks of a picture say when they are pointed at."""
        return [text_of(title) for title in self.panel(heading).iter("title")]

    def numbers(self, heading: str) -> dict[str, float]:
        """The last number of every mark, by what stands before it."""
        found = {}
        for title in self.titles(heading):
            name, _, value = title.rpartition(": ")
            number = re.match(r"[\d,.]+", value)
            assert number, title
            found[name] = float(number[0].replace(",", ""))
        return found


def tables(element: ET.Element) -> Iterator[Rows]:
    """The body rows of every table, as texts."""
    for table in element.iter("table"):
        yield [[text_of(cell) for cell in row] for row in table.findall("tbody/tr")]


def number(shown: str) -> float:
    """A number as it is shown: with separators, a dollar, a percent sign."""
    return float(re.sub(r"[$,%\s]", "", shown))
