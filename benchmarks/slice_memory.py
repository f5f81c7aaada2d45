"""Measure the peak memory of one slice, made the way its Lambda makes it, in this process.

Usage: slice_memory.py CUSTOMERS DAILY_TRANSACTIONS; prints the rows and the peak in MB.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from accidental_transfers.dataset.generate import simulate
from accidental_transfers.dataset.text_stream import EncodedText
from accidental_transfers.model.parameters import Range
from accidental_transfers.spec import DatasetSpec

customers, rate = int(sys.argv[1]), float(sys.argv[2])
spec = DatasetSpec(customers=customers, daily_transactions=Range(min=rate, max=rate))
text = EncodedText()
rows = 0
for table in simulate(spec, 1, customers):
    table.write_csv(text, header=False)
    rows += table.rows
body = text.encoded()
# Not getrusage: its peak still counts what the parent process had before this one began.
status = Path("/proc/self/status").read_text("ascii")
print(rows, int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024)
