"""What `make docs` writes: parts of documents, schemas, and keywords, made from the code.

A document that has such parts is an entry of `DOCUMENTS`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from accidental_transfers.local.documents import (
    athena,
    catalogue,
    command,
    dictionary,
    keywords,
    lake,
    lake_columns,
    library,
    model,
    operating,
    outcomes,
    readme,
    troubleshooting,
)
from accidental_transfers.local.documents.parts import MARKUP, YAML, with_parts
from accidental_transfers.local.documents.schemas import schemas, text_of

ROOT = Path(__file__).resolve().parents[4]
SCHEMAS = ROOT / "docs" / "schemas"

DOCUMENTS: dict[str, Callable[[], dict[str, str]]] = {
    "README.md": readme.parts,
    "docs/athena.md": athena.parts,
    "docs/command.md": command.parts,
    "docs/dictionary.md": dictionary.parts,
    "docs/lake.md": lake.parts,
    "docs/lake-columns.md": lake_columns.parts,
    "docs/library.md": library.parts,
    "docs/model.md": model.parts,
    "docs/operate.md": operating.parts,
    "docs/outcomes.md": outcomes.parts,
    "docs/troubleshooting.md": troubleshooting.parts,
    "template.yaml": catalogue.parts,
}
"""What makes the parts of each document, by their names."""


def written_anew(name: str) -> str:
    """Give the text of one of `DOCUMENTS`, with its parts made anew."""
    comment = MARKUP if name.endswith(".md") else YAML
    return with_parts((ROOT / name).read_text("utf-8"), DOCUMENTS[name](), comment)


def main() -> int:
    """Write all documents, schemas and keywords.

    Returns
    -------
    The exit status: 0.
    """
    texts = {ROOT / name: written_anew(name) for name in DOCUMENTS}
    texts |= {SCHEMAS / name: text_of(schema) for name, schema in schemas().items()}
    texts[keywords.FILE] = keywords.text()
    for path, text in texts.items():
        path.write_text(text, "utf-8", newline="\n")
        sys.stderr.write(f"{path}\n")
    return 0
