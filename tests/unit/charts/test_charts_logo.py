import xml.etree.ElementTree as ET

import numpy as np
import pytest

from omicstoken_kernel.analysis.motifs import position_weights
from omicstoken_kernel.charts.logo import LogoSize, motif_logo, nice_top

SVG = "{http://www.w3.org/2000/svg}"


def drawn(**changes):
    weights = position_weights(["YLNEQGDRV", "GLFGGGGGV", "KLVALGINV", "ALAAAAAAV"] * 20)
    values = {"letters": weights.letters, "n": weights.n, "positions": weights.positions, **changes}
    return ET.fromstring(motif_logo(weights.frequencies, weights.bits, **values))


def test_a_logo_is_svg_that_stands_alone_and_says_what_it_shows():
    root = drawn()
    assert root.tag == f"{SVG}svg"
    assert "position 2 L" in root.attrib["aria-label"]
    assert root.find(f"{SVG}title").text.endswith("n = 80")


def test_letters_are_shapes_coloured_by_chemistry():
    root = drawn()
    classes = {path.attrib["class"] for path in root.iter(f"{SVG}path")}
    assert "aa-hydrophobic" in classes
    assert not [text for text in root.iter(f"{SVG}text") if text.text in ("L", "V")]


def test_no_stack_is_higher_than_its_bits():
    root = drawn(top_bits=5.0)
    size = LogoSize()
    for path in root.iter(f"{SVG}path"):
        y = float(path.attrib["transform"].split("(")[1].split(")")[0].split()[1])
        assert size.top <= y <= size.top + size.height


def test_the_bits_are_on_the_axis_in_whole_numbers():
    texts = [text.text for text in drawn(top_bits=4.5).iter(f"{SVG}text")]
    assert [t for t in texts if t in {"0", "2", "4"}][:3] == ["0", "2", "4"]
    assert "bits" in texts


def test_labels_are_escaped():
    logo = motif_logo(np.array([[1.0]]), np.array([2.0]), letters="A", n=1, positions=["<b>"])
    assert "<b>" not in logo
    ET.fromstring(logo)


@pytest.mark.parametrize(("bits", "top"), [([0.0], 1.0), ([2.1], 2.5), ([4.0], 4.0), ([], 1.0)])
def test_the_axis_ends_at_the_next_half_bit(bits, top):
    assert nice_top(np.array(bits)) == top
