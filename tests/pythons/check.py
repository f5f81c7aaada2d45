"""What is tried with one Python: files of the library and of the command, and their checksums."""

import hashlib
import json
import sys
from pathlib import Path

from accidental_transfers import generate
from accidental_transfers.local.cli import main

FIELDS = {"customers": 12, "seed": 7, "end_date": "2024-02-15"}


def check(folder: Path) -> dict[str, str]:
    """Make a dataset twice in a folder, look at it, and give the SHA-256 of each file."""
    table = generate(FIELDS)
    table.to_csv(folder / "library.csv", companions=True)
    assert len(table.to_frame()) == table.rows > 0
    assert str(table).startswith(f"{table.rows:,} transactions of 12 customers")
    options = [text for field, value in FIELDS.items()
               for text in (f"--{field.replace('_', '-')}", str(value))]  # fmt: skip
    command = folder / "command.csv"
    assert main(["generate", *options, "-q", "-o", str(command)]) == 0
    assert main(["package", str(command), "--for", "kaggle", "-q", "-o", str(folder / "k")]) == 0
    assert main(["card", str(command), "-q"]) == 0
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(folder.glob("*.csv"))}  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(json.dumps(check(Path(sys.argv[1]))))
