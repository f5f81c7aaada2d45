"""CRC-32 as zlib, gzip and S3 compute it, and its arithmetic over concatenations.

A CRC is a remainder of polynomials over GF(2) modulo `_POLYNOMIAL`. Appending n bytes multiplies
what stood before by x^(8n), so the CRC of a concatenation follows from its parts' CRCs and sizes.
"""

import base64
from collections.abc import Iterable
from functools import cache

_POLYNOMIAL = 0xEDB88320
"""The polynomial of IEEE 802.3, lowest power in the highest bit."""
_ONE = 1 << 31
"""The polynomial 1 in the same order of bits."""
_X = 1 << 30


def combine(first: int, second: int, second_size: int) -> int:
    """CRC of a concatenation, from the CRCs of its two halves.

    Parameters
    ----------
    first, second : int
        CRCs of the two halves, as `zlib.crc32` gives them.
    second_size : int
        Size of the second half in bytes.
    """
    return _multiply(_power_of_x(8 * second_size), first) ^ second


def combine_all(parts: Iterable[tuple[int, int]]) -> int:
    """CRC of a concatenation of any number of parts, each given as its CRC and its size."""
    whole = 0
    for crc, size in parts:
        whole = combine(whole, crc, size)
    return whole


def to_base64(crc: int) -> str:
    """The form in which S3 takes and gives it: four big-endian bytes in base64."""
    return base64.b64encode(crc.to_bytes(4, "big")).decode("ascii")


def to_hex(crc: int) -> str:
    """The form that people compare: eight hexadecimal digits."""
    return f"{crc:08x}"


def from_hex(text: str) -> int:
    """The number behind the form that people compare."""
    return int(text, 16)


def _multiply(left: int, right: int) -> int:
    product = 0
    bit = _ONE
    while left:
        if left & bit:
            product ^= right
            left ^= bit
        bit >>= 1
        right = (right >> 1) ^ (_POLYNOMIAL if right & 1 else 0)
    return product


@cache
def _squaring(times: int) -> int:
    """x^(2^times)."""
    return _X if times == 0 else _multiply(_squaring(times - 1), _squaring(times - 1))


def _power_of_x(exponent: int) -> int:
    power = _ONE
    for bit in range(exponent.bit_length()):
        if exponent >> bit & 1:
            power = _multiply(_squaring(bit), power)
    return power
