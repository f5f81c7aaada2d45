"""Text that is encoded little by little is the text that was written."""

from accidental_transfers.dataset.text_stream import MOST_HELD, EncodedText


def test_it_is_what_was_written_whatever_the_pieces() -> None:
    """From empty ones to one that is larger than what is held."""
    stream = EncodedText()
    pieces = ["", "a,b\n", "x" * (MOST_HELD - 2), "yz\n", "w" * (2 * MOST_HELD), "\n"]
    for piece in pieces:
        stream.write(piece)
    assert stream.encoded() == "".join(pieces).encode()


def test_it_can_be_written_on() -> None:
    stream = EncodedText()
    stream.writelines(["1\n", "2\n"])
    first = stream.encoded()
    stream.write("3\n")
    assert (first, stream.encoded()) == (b"1\n2\n", b"1\n2\n3\n")


def test_nothing_gives_nothing() -> None:
    assert EncodedText().encoded() == b""
