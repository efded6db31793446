"""The instability weights of the dipeptides.

Guruprasad, Reddy and Pandit 1990, Protein Eng. 4:155, as used by ExPASy's ProtParam.
"""

from __future__ import annotations

import numpy as np

__all__ = ["INSTABILITY"]

# Weight: the pairs that have it. Every other pair of the twenty residues has weight 1.
_WEIGHTS = {
    -15.91: "YR",
    -14.03: "DT EW FK NF NG TN TW VD WA WT",
    -9.37: "HF HG NW WG YW",
    -7.49: "AD AH DK GA GI GK GN GT GY IK IV KG KI KL KV LK NT RG TG VG VT WV YG YT",
    -6.54: "CQ CV DF DR EH GE HT KP MQ MR NQ PC PD PM PR QC QF QV QY RY TQ VY YE",
    -1.88: "HP HW IP MM MT NC NP PW VK",
    13.34: "FD GG GW IH MA RN TF WL WN YH YP YY",
    18.38: "PE",
    20.26: (
        "AP CD CL CP DS ED EI EP EQ ES FP IL LP LR PA PF PP PQ PS PV QD QE QP QQ RH RP RQ "
        "SE SQ SR SS TE VP"
    ),
    24.68: "CW HK HN KQ LW MY NK WH WM YA YD",
    33.6: "CH CM CT EE FY KM KR LQ SC",
    44.94: "AC EC HI HY IE MP MS NI QS RS SP YM",
    58.28: "MH RR RW",
}

_TWENTY = [ord(letter) - ord("A") for letter in "ACDEFGHIKLMNPQRSTVWY"]

#: Weight of each pair of letters, (26, 26) float64 by first and second; 0 outside the twenty.
INSTABILITY = np.zeros((26, 26), dtype=np.float64)
INSTABILITY[np.ix_(_TWENTY, _TWENTY)] = 1.0
for _weight, _pairs in _WEIGHTS.items():
    for _pair in _pairs.split():
        INSTABILITY[ord(_pair[0]) - ord("A"), ord(_pair[1]) - ord("A")] = _weight
