"""What runs of one channel are called, and when two programs mean the same channel."""

from __future__ import annotations

import re

__all__ = ["named", "parted", "place_of", "plain_channel"]

_BETWEEN = " channel "
_LABEL_FREE = {"label free sample", "label free", "label-free", "lfq", "none"}
_MAKER = re.compile(r"(?:tmt(?:pro)?|itraq)[\s_-]*(?:\d{1,2}[\s_-]*plex|\d{1,2}(?=[\s_-]*1\d\d))?")
_SILAC = {
    "light": "l", "medium": "m", "heavy": "h",
    "silac light": "l", "silac medium": "m", "silac heavy": "h",
}  # fmt: skip
# By mass, as every program numbers them; the first six kits had one form of 127 to 130.
_SIX = ("126", "127", "128", "129", "130", "131")
_MANY = ("126", *(f"{mass}{form}" for mass in range(127, 136) for form in "nc"))
_ITRAQ = ("113", "114", "115", "116", "117", "118", "119", "121")


def named(run: str, channel: str) -> str:
    """Return what a run of one channel is called.

    >>> named("donor 1", "TMT126")
    'donor 1 channel TMT126'
    """
    return f"{run}{_BETWEEN}{channel}" if channel else run


def parted(name: str) -> tuple[str, str]:
    """Return the run and the channel that :func:`named` joined; the channel empty if it has none.

    >>> parted("donor 1 channel TMT126")
    ('donor 1', 'TMT126')
    """
    run, between, channel = name.rpartition(_BETWEEN)
    return (run, channel) if between else (channel, "")


def plain_channel(label: str) -> str:
    """Return a channel's label as all programs write it, empty for a sample without label.

    >>> plain_channel("TMT10-127N"), plain_channel("NT=SILAC heavy;AC=MS:1002038")
    ('127n', 'h')
    """
    named_term = re.search(r"(?:^|;)\s*NT=([^;]+)", label, re.IGNORECASE)
    text = " ".join((named_term[1] if named_term else label).casefold().split())
    if text in _LABEL_FREE:
        return ""
    return _SILAC.get(text) or _MAKER.sub("", text, count=1).strip(" _-") or text


def place_of(channel: str, others: set[str]) -> str:
    """Return the number by which MaxQuant and MSstats name a channel, empty if that is not known.

    Parameters
    ----------
    channel
        As :func:`plain_channel` gives it.
    others
        All channels of the same raw file: 127 is the second of six, 127N of ten and more.

    >>> place_of("128n", {"126", "127n", "127c", "128n"})
    '4'
    """
    for kit in (_SIX, _MANY, _ITRAQ[1:5], _ITRAQ):
        # The ten-plex has one form of its last mass and calls it 131.
        names = ["131" if name == "131n" and "131" in others else name for name in kit]
        if others <= set(names):
            return str(names.index(channel) + 1)
    return ""
