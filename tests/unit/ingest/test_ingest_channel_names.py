"""One channel, however a program or a sheet writes it."""

from __future__ import annotations

import pytest

from omicstoken_kernel.ingest.channel_names import named, parted, place_of, plain_channel


@pytest.mark.parametrize(
    ("label", "plain"),
    [
        ("126", "126"),
        ("TMT126", "126"),
        ("TMT10-127N", "127n"),
        ("TMT6_126", "126"),
        ("TMTpro-134C", "134c"),
        ("TMTpro 16plex 134N", "134n"),
        ("iTRAQ-114", "114"),
        ("iTRAQ4plex-117", "117"),
        ("AC=MS:1002616;NT=TMT131C", "131c"),
        ("SILAC heavy", "h"),
        ("H", "h"),
        ("label free sample", ""),
        ("donor 7", "donor 7"),
        ("TMT", "tmt"),
    ],
)
def test_labels_are_read_as_all_programs_write_them(label, plain):
    assert plain_channel(label) == plain


@pytest.mark.parametrize(
    ("channel", "others", "place"),
    [
        ("127", {"126", "127", "131"}, "2"),
        ("127n", {"126", "127n", "127c"}, "2"),
        ("127c", {"126", "127n", "127c"}, "3"),
        ("131", {"126", "127n", "131"}, "10"),
        ("131c", {"131n", "131c"}, "11"),
        ("117", {"114", "115", "116", "117"}, "4"),
        ("121", {"113", "121"}, "8"),
        ("donor 7", {"donor 7"}, ""),
    ],
)
def test_places_are_those_of_the_kit(channel, others, place):
    assert place_of(channel, others) == place


def test_what_was_joined_is_parted_again():
    assert parted(named("a channel b", "126")) == ("a channel b", "126")
    assert parted(named("a", "")) == ("a", "")
