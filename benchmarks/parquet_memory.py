"""Measure the peak memory of writing a Parquet file of some customers of the default job.

Usage: parquet_memory.py CUSTOMERS; prints the rows and the peak in MB.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from accidental_transfers import generate

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "it.parquet"
    generate(customers=int(sys.argv[1])).to_parquet(path)
    # Reading it only now does not add to the peak: it is the file's end alone.
    import pyarrow.parquet as pq

    rows = pq.read_metadata(path).num_rows
status = Path("/proc/self/status").read_text("ascii")
print(rows, int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024)
