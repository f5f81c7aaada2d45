"""How well the card's colours can be told apart, by WCAG 2.2's contrast ratio."""

import re

Colours = dict[str, str]
_DARK = "@media screen and (prefers-color-scheme: dark)"


def palettes(html: str) -> dict[str, Colours]:
    """The card's named colours, in the light and in the dark."""
    style = html[html.index("<style>") : html.index("</style>")]
    light: Colours = {}
    dark: Colours = {}
    for block in re.finditer(r"(@media[^{]*\{\s*)?:root \{(.*?)\}", style, re.DOTALL):
        found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[2]))
        if not block[1]:
            light |= found
        elif block[1].startswith(_DARK):
            dark |= found
    return {"light": light, "dark": {**light, **dark}}


def mixed(over: str, under: str, share: float) -> str:
    """A colour that lets another one shine through."""
    pairs = zip(_channels(over), _channels(under), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
