import numpy as np

from omicstoken_kernel.charts.palette import (
    OKABE_ITO,
    RESIDUE_CLASSES,
    UNASSIGNED,
    category_colours,
    colour_differences,
    group_colours,
    residue_class,
    run_colours,
    text_on,
)


def test_the_first_eight_are_okabe_and_itos():
    assert category_colours(8) == OKABE_ITO
    assert sorted(OKABE_ITO) == sorted(
        ["#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"]
    )


def test_a_colour_never_changes_when_more_are_asked_for():
    assert category_colours(24)[:12] == category_colours(12)
    assert category_colours(0) == ()


def test_all_colours_are_told_apart_with_every_kind_of_colour_vision():
    colours = [*category_colours(20), UNASSIGNED]
    differences = colour_differences(colours)
    np.fill_diagonal(differences, np.inf)
    # 0.02 in OKLab is about what can just be seen; Okabe and Ito's own closest pair has 0.08.
    assert differences.min() > 0.05


def test_a_cluster_has_its_colour_by_its_number():
    assert group_colours(["3", "1", "unassigned"]) == {
        "1": OKABE_ITO[0],
        "3": OKABE_ITO[2],
        "unassigned": UNASSIGNED,
    }


def test_a_run_has_its_colour_by_its_place():
    assert run_colours(["b", "a", "b"]) == {"b": OKABE_ITO[0], "a": OKABE_ITO[1]}


def test_every_residue_belongs_to_one_class():
    letters = "".join(letters for letters, _ in RESIDUE_CLASSES.values())
    assert sorted(letters) == sorted("ACDEFGHIKLMNPQRSTVWYUO")
    assert residue_class("X") == "special"


def test_text_on_a_colour_can_be_read():
    assert text_on("#000000") == "#FFFFFF"
    assert text_on("#FFFFFF") == "#000000"
