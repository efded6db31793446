"""The tasks of ``bench_embedding.py``: each takes embedders and a seed and returns one figure each.

Every figure is between 0 and 1, and more is better.
"""

from __future__ import annotations

import re

import numpy as np
from sklearn.metrics import roc_auc_score

from omicstoken_kernel.chemistry.residues import HUMAN_PROTEOME, TWENTY

_LETTERS = np.array(list(TWENTY))
_SHARES = np.array([HUMAN_PROTEOME[letter] for letter in TWENTY])
_SHARES /= _SHARES.sum()
_BLOCK = 2000
K = 10
PER_ALLELE = 500
QUERIES = 1000


def nearest(queries, among, *, leave_out_itself):
    """Return the places of the ten nearest by cosine, (n, 10), in no order."""
    found = []
    for start in range(0, len(queries), _BLOCK):
        cosines = queries[start : start + _BLOCK] @ among.T
        if leave_out_itself:
            rows = np.arange(len(cosines))
            cosines[rows, start + rows] = -np.inf
        found.append(np.argpartition(-cosines, K, axis=1)[:, :K])
    return np.concatenate(found)


def purity(vectors, labels):
    """Return the share of the ten nearest neighbours with the same label."""
    neighbours = nearest(vectors, vectors, leave_out_itself=True)
    return float((labels[neighbours] == labels[:, None]).mean())


def sampled(held_out, alleles, seed):
    """Return peptides and labels: 500 ligands of each allele."""
    chosen = held_out[held_out["allele"].isin(alleles)]
    chosen = chosen.groupby("allele").sample(PER_ALLELE, random_state=seed)
    return chosen["peptide"].tolist(), np.unique(chosen["allele"], return_inverse=True)[1]


def label_knowing(peptides, labels):
    """Return the posterior of position weight matrices made with the labels, (n, alleles).

    Four positions from either end, 20 pseudocounts; a peptide is left out of its own matrix.
    """
    codes = np.array(
        [[TWENTY.index(p[at]) for at in (0, 1, 2, 3, -4, -3, -2, -1)] for p in peptides]
    )
    rows = np.arange(len(peptides))
    scores = np.zeros((len(peptides), labels.max() + 1))
    for place in range(codes.shape[1]):
        counts = np.zeros((scores.shape[1], len(TWENTY)))
        np.add.at(counts, (labels, codes[:, place]), 1)
        mine = counts[:, codes[:, place]].T.copy()
        totals = np.tile(counts.sum(axis=1), (len(peptides), 1))
        mine[rows, labels] -= 1
        totals[rows, labels] -= 1
        scores += np.log((mine + 20 * _SHARES[codes[:, place], None]) / (totals + 20))
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def random_peptides(lengths, draw):
    """Return peptides of these lengths with the residues of the human proteome."""
    return ["".join(draw.choice(_LETTERS, length, p=_SHARES)) for length in lengths]


def variant_recall(embed, peptides, make, seed):
    """Return the share of changed peptides that have the original among their ten nearest."""
    draw = np.random.default_rng(seed)
    peptides = sorted(set(peptides))
    places = draw.choice(len(peptides), QUERIES, replace=False)
    changed = [make(peptides[place], draw) for place in places]
    found = nearest(embed(changed), embed(peptides), leave_out_itself=False)
    return float((found == places[:, None]).any(axis=1).mean())


def substituted(peptide, draw):
    place = draw.integers(len(peptide))
    others = [letter for letter in TWENTY if letter != peptide[place]]
    return peptide[:place] + draw.choice(others) + peptide[place + 1 :]


def lengthened(peptide, draw):
    letter = draw.choice(_LETTERS, p=_SHARES)
    return letter + peptide if draw.random() < 0.5 else peptide + letter


def ligands_from_noise(embed, peptides, seed):
    """Return the area under the curve of "nearer to its nearest ligand" for ligands and noise.

    Half of the 9-mers are the reference; the queries are 2000 of the other half against random
    9-mers.
    """
    draw = np.random.default_rng(seed)
    nonamers = draw.permutation(sorted({p for p in peptides if len(p) == 9}))
    half = len(nonamers) // 2
    queries = nonamers[half : half + 2000].tolist()
    noise = random_peptides([9] * len(queries), draw)
    reference = embed(nonamers[:half].tolist())
    scores = [float(s) for q in (queries, noise) for s in (embed(q) @ reference.T).max(axis=1)]
    return float(roc_auc_score([1] * len(queries) + [0] * len(noise), scores))


# Main anchors of ten HLA class II molecules, after the ligand motifs of SYFPEITHI (Rammensee et al.
# 1999, Immunogenetics 50:213): core position, residues. Simplified, for the simulation below only.
_CLASS_2 = """
DRB1*01:01 1=YVLFIAMW 4=LAIVNQM 6=AGSTCP 9=LAIVNFYM
DRB1*03:01 1=LIFMV 4=D 6=KREQN 9=YLF
DRB1*04:01 1=FYWILVM 4=FWILVADE 6=NSTQHR
DRB1*07:01 1=FYWILV 4=DEHKNQ 6=NST 9=VILYF
DRB1*11:01 1=WYF 4=LVMAFY 6=RKH 9=AGSP
DRB1*13:01 1=ILV 4=LVMAWY 6=RK 9=YFAST
DRB1*15:01 1=LVI 4=FYI 7=ILVMF
DQ2 1=FWYILV 4=DEVLI 6=PDE 7=DE 9=FWYIVLM
DQ8 1=WELVFY 4=AVL 9=DE
DP4 1=FLYMIVA 6=FLYMVIA 9=VYILPA
"""


def simulated_class_2(seed, count=300):
    """Return peptides and labels of ten simulated class II molecules, cores with ragged ends."""
    draw = np.random.default_rng(seed)
    peptides, labels = [], []
    for label, line in enumerate(_CLASS_2.strip().splitlines()):
        anchors = [(int(at) - 1, letters) for at, letters in re.findall(r"(\d)=(\w+)", line)]
        for _ in range(count):
            core = draw.choice(_LETTERS, 9, p=_SHARES)
            for place, letters in anchors:
                if draw.random() < 0.85:
                    core[place] = draw.choice(list(letters))
            ends = random_peptides(draw.integers(1, 7, 2), draw)
            peptides.append(ends[0] + "".join(core) + ends[1])
            labels.append(label)
    return peptides, np.array(labels)


def nested_recall(embed, peptides):
    """Return the share of nested relatives (nine residues in common) among the ten nearest."""
    holders = {}
    for number, peptide in enumerate(peptides):
        for start in range(len(peptide) - 8):
            holders.setdefault(peptide[start : start + 9], set()).add(number)
    found = nearest(*[embed(peptides)] * 2, leave_out_itself=True)
    shares = []
    for number, peptide in enumerate(peptides):
        starts = range(len(peptide) - 8)
        kin = set().union(*(holders[peptide[at : at + 9]] for at in starts)) - {number}
        if kin:
            shares.append(len(kin & set(found[number].tolist())) / min(K, len(kin)))
    return float(np.mean(shares))
