import zlib

from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers.pipeline import crc32


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_two_halves_combine_to_the_crc_of_their_concatenation(first: bytes, second: bytes) -> None:
    combined = crc32.combine(zlib.crc32(first), zlib.crc32(second), len(second))
    assert combined == zlib.crc32(first + second)


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_any_number_of_parts_combine(parts: list[bytes]) -> None:
    combined = crc32.combine_all((zlib.crc32(part), len(part)) for part in parts)
    assert combined == zlib.crc32(b"".join(parts))


def test_sizes_may_be_large() -> None:
    first, second = b"x" * 7_000_001, bytes(20 * 2**20)
    combined = crc32.combine(zlib.crc32(first), zlib.crc32(second), len(second))
    assert combined == zlib.crc32(first + second)


@given(st.integers(0, 2**32 - 1), *[st.integers(0, 2**32 - 1), st.integers(0, 2**40)] * 2)
def test_combining_is_associative(
    first: int, second: int, second_size: int, third: int, third_size: int
) -> None:
    left = crc32.combine(crc32.combine(first, second, second_size), third, third_size)
    right = crc32.combine(first, crc32.combine(second, third, third_size), second_size + third_size)
    assert left == right


def test_the_check_value_of_the_standard_in_all_its_forms() -> None:
    crc = zlib.crc32(b"123456789")
    assert crc32.to_hex(crc) == "cbf43926"
    assert crc32.from_hex("cbf43926") == crc
    assert crc32.to_base64(crc) == "y/Q5Jg=="


@given(st.integers(0, 2**32 - 1))
def test_hexadecimal_is_a_round_trip_of_eight_digits(crc: int) -> None:
    assert len(crc32.to_hex(crc)) == 8
    assert crc32.from_hex(crc32.to_hex(crc)) == crc
