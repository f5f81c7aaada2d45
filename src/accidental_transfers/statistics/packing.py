"""Counts and texts as a receipt carries them: short, and quickly read.

Most counts are small. So each number has a byte, and those that it cannot hold follow behind, in
four bytes or in eight. Bytes are little-endian whatever the machine, and no number can be
negative. What repeats itself, as zeros and the rows of examples do, is left to zlib.
"""

from __future__ import annotations

import base64
import zlib

import numpy as np

from accidental_transfers.model.arrays import Int

BYTE, WORD, LONG = np.dtype("<u1"), np.dtype("<u4"), np.dtype("<i8")
WIDER_THAN_BYTE, WIDER_THAN_WORD = (1 << 8) - 1, (1 << 32) - 1
"""Written in place of a number that does not fit."""
TOO_LARGE = 1 << 49
"""Below it, the numbers of ten thousand receipts add up within 63 bits."""
LEVEL = 3
"""Of zlib: a receipt is 7 % larger than at its usual level, and packed in half the time."""
LARGEST = 1 << 20
"""Bytes before zlib; own estimate: a slice of ten years has a tenth of it."""


def pack(numbers: Int) -> str:
    """Write numbers from 0 to below `TOO_LARGE`."""
    words = numbers[numbers >= WIDER_THAN_BYTE]
    longs = words[words >= WIDER_THAN_WORD]
    written = (
        np.array([len(numbers)]).astype(WORD),
        np.minimum(numbers, WIDER_THAN_BYTE).astype(BYTE),
        np.minimum(words, WIDER_THAN_WORD).astype(WORD),
        longs.astype(LONG),
    )
    return pack_bytes(b"".join(each.tobytes() for each in written))


def unpack(text: str) -> Int:
    """Read numbers.

    Raises
    ------
    ValueError
        If `pack` cannot have written the text.
    """
    content = unpack_bytes(text)
    size, begin = int(np.frombuffer(content, WORD, 1)[0]), WORD.itemsize
    numbers = np.frombuffer(content, BYTE, size, begin).astype(np.int64)
    wide, begin = np.flatnonzero(numbers == WIDER_THAN_BYTE), begin + size
    words = np.frombuffer(content, WORD, len(wide), begin).astype(np.int64)
    wider, begin = np.flatnonzero(words == WIDER_THAN_WORD), begin + words.nbytes // 2
    words[wider] = np.frombuffer(content, LONG, len(wider), begin)
    numbers[wide] = words
    if begin + len(wider) * LONG.itemsize != len(content):
        raise ValueError("there are bytes behind the last number")
    if len(numbers) and not 0 <= words.min(initial=0) <= words.max(initial=0) < TOO_LARGE:
        raise ValueError(f"allowed are numbers from 0 to below {TOO_LARGE:,}")
    return numbers


def pack_bytes(content: bytes) -> str:
    """Write bytes that repeat themselves."""
    return base64.b64encode(zlib.compress(content, LEVEL)).decode("ascii")


def unpack_bytes(text: str) -> bytes:
    """Read bytes.

    Raises
    ------
    ValueError
        If `pack_bytes` cannot have written the text, or there are more than `LARGEST`.
    """
    if not isinstance(text, str):
        raise ValueError("input should be text")  # noqa: TRY004 - which Pydantic takes
    reader = zlib.decompressobj()
    try:
        content = reader.decompress(base64.b64decode(text, validate=True), LARGEST)
    except zlib.error as error:
        raise ValueError(f"zlib cannot read it: {error}") from error
    if not reader.eof or reader.unused_data:
        raise ValueError(f"it is cut off, runs on, or has more than {LARGEST:,} bytes")
    return content
