"""What it takes to be called ligands or a digest: the thresholds, in one place, and the names.

Set on published class I, class II and tryptic sets of human, mouse, cattle and yeast; the tests
marked ``real`` hold the calls on those files.
"""

from __future__ import annotations

from typing import Literal

from omicstoken_kernel.chemistry.residues import HUMAN_PROTEOME

__all__ = ["Kind"]

Kind = Literal["class_i", "class_ii", "tryptic", "mixed", "unclear"]

#: Below this number of peptides a share says little, and nothing is concluded from one.
FEWEST_FOR_SHARES = 50

#: Lengths of ligands in residues, the least share of peptides that has them, and where their peak
#: is with the least share it holds.
CLASS_I_LENGTHS = (8, 12)
CLASS_I_SHARE = 0.75
CLASS_I_PEAK = (8, 10)
CLASS_I_PEAK_SHARE = 0.25
CLASS_II_LENGTHS = (13, 20)
CLASS_II_SHARE = 0.7
CLASS_II_PEAK = (13, 17)

#: Least share of peptides that end in K or R: of a digest, and of one with half-specific peptides.
TRYPTIC_END_SHARE = 0.8
SEMI_END_SHARE = 0.4
#: Share of K and R among residues of the human proteome (11 %), and how much is still "rare" inside
#: peptides: half of it. Digests with one missed cleavage in three peptides are at a third of it.
PROTEOME_KR = (HUMAN_PROTEOME["K"] + HUMAN_PROTEOME["R"]) / sum(HUMAN_PROTEOME.values())
RARE_KR = 0.5 * PROTEOME_KR

#: Least share of each part of a mixture of ligands.
MIXED_SHARE = 0.2
#: Both peaks must stand this many times above the mean of the lengths between them.
MIXED_RISE = 1.5
