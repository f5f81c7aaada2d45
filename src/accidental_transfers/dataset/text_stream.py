"""Where CSV text is written to."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Protocol

MOST_HELD = 1 << 18
"""Characters. More at a time would cost memory and save nothing."""


class TextStream(Protocol):
    """What text can be written to: an open file, an `io.StringIO`, an `EncodedText`."""

    def write(self, text: str, /) -> object:
        """Write text."""

    def writelines(self, lines: Iterable[str], /) -> object:
        """Write lines, which have their ends."""


class EncodedText:
    """ASCII text that is to be stored, encoded little by little, so that memory holds it once."""

    def __init__(self) -> None:
        self._held = io.StringIO()
        self._encoded = io.BytesIO()

    def write(self, text: str, /) -> None:
        """Write text."""
        self._held.write(text)
        if self._held.tell() > MOST_HELD:
            self._encode()

    def writelines(self, lines: Iterable[str], /) -> None:
        """Write lines, which have their ends."""
        self.write("".join(lines))

    def encoded(self) -> bytes:
        """Give all that was written."""
        self._encode()
        # It is no copy, unless more is written later.
        return self._encoded.getvalue()

    def _encode(self) -> None:
        self._encoded.write(self._held.getvalue().encode("ascii"))
        self._held = io.StringIO()
