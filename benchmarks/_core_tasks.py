"""Made-up class II runs whose cores are known: the mixture over cores beside plainer groupings."""

from __future__ import annotations

import time

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from omicstoken_kernel.analysis import motif_core_mixture as method
from omicstoken_kernel.analysis.motifs import BACKGROUND
from omicstoken_kernel.chemistry.residues import TWENTY
from omicstoken_kernel.embedding.blosum import BLOSUM62, RESIDUES

_CORE, _FLANK = 9, 8
_POCKETS = (0, 3, 5, 8)
#: Information of each pocket in bits: as wide as in the motifs that real class II runs show.
_BITS, _BITS_ELSEWHERE = (0.8, 2.2), (0.1, 0.4)
_order = [RESIDUES.index(letter) for letter in TWENTY]
_LIKENESS = BLOSUM62[np.ix_(_order, _order)].astype(float)
#: Peptides of a nested set and how often; lengths of class II ligands around 15.
_SET_SIZES, _SET_SHARES = (1, 2, 3, 5), (0.55, 0.25, 0.12, 0.08)


def molecules(draw, number):
    """Return residue shares of invented molecules, (number, 9, 20): pockets at 1, 4, 6 and 9.

    Some preference there is at the other places too.
    """
    shares = np.tile(BACKGROUND, (number, _CORE, 1))
    for pocket in range(_CORE):
        letters = "FILMVWY" if pocket == 0 else TWENTY
        bits = _BITS if pocket in _POCKETS else _BITS_ELSEWHERE
        favourite = draw.choice([TWENTY.index(x) for x in letters], number, replace=number > 7)
        for own in range(number):
            shares[own, pocket] = _pocket(_LIKENESS[favourite[own]], draw.uniform(*bits))
    return shares


def _pocket(likeness, bits):
    """Return the shares, tilted towards a residue and its like, that hold so much information."""
    low, high = 0.0, 5.0
    for _ in range(30):
        middle = (low + high) / 2
        shares = BACKGROUND * np.exp(middle * likeness)
        shares /= shares.sum()
        if (shares * np.log2(shares / BACKGROUND)).sum() < bits:
            low = middle
        else:
            high = middle
    return shares


def run(number, junk, seed, sets=1500):
    """Return distinct peptides, their molecule (-1: junk) and where the core begins (-1: none)."""
    draw = np.random.default_rng(seed)
    tables, found = molecules(draw, number), {}
    sizes = draw.dirichlet(np.full(number, 4.0))
    for _ in range(sets):
        own = int(draw.choice(number, p=sizes))
        is_junk = draw.random() < junk
        shares = np.tile(BACKGROUND, (_CORE, 1)) if is_junk else tables[own]
        core = [draw.choice(20, p=of_place) for of_place in shares]
        flanks = draw.choice(20, 2 * _FLANK, p=BACKGROUND)
        protein = "".join(TWENTY[i] for i in (*flanks[:_FLANK], *core, *flanks[_FLANK:]))
        for _ in range(int(draw.choice(_SET_SIZES, p=_SET_SHARES))):
            before, after = draw.binomial(_FLANK, 0.4, 2)
            peptide = protein[_FLANK - before : _FLANK + _CORE + after]
            found[peptide] = (-1, -1) if is_junk else (own, int(before))
    peptides = sorted(found)
    return peptides, *np.array([found[peptide] for peptide in peptides]).T


def figures(peptides, labels, cores, vectors, seed):
    """Return the figures of one run by name."""
    start = time.perf_counter()
    got = method.cluster(peptides, vectors, seed=seed)
    made = {"seconds": time.perf_counter() - start, "motifs": int(got.labels.max())}
    real, assigned = labels >= 0, got.labels > 0
    both = real & assigned
    made["assigned"] = float(assigned[real].mean())
    # Of one molecule there is nothing to tell apart.
    several = labels.max() > 0
    if several:
        made["ARI assigned"] = adjusted_rand_score(labels[assigned], got.labels[assigned])
        made["ARI all ligands"] = adjusted_rand_score(labels[real], got.labels[real])
    made["core"] = float((got.cores == cores)[both].mean())
    counts = np.array([len(peptide) - _CORE + 1 for peptide in peptides])
    made["core by chance"] = float((1 / counts)[both].mean())
    made["core in the middle"] = float(((counts - 1) // 2 == cores)[both].mean())
    if not real.all():
        made["recall"] = float((~assigned)[~real].mean())
        made["precision"] = float((~real)[~assigned].mean()) if (~assigned).any() else 0.0
    for name, k in {"k-means told k": int(labels.max()) + 1, "k-means 4": 4}.items():
        if not several:
            continue
        means = KMeans(k, n_init=3, random_state=seed).fit(vectors).labels_
        made[name] = adjusted_rand_score(labels[real], means[real])
    most, method.SETTINGS["most_motifs"] = method.SETTINGS["most_motifs"], 1
    try:
        single = method.cluster(peptides, vectors, seed=seed)
    finally:
        method.SETTINGS["most_motifs"] = most
    either = real & (single.labels > 0)
    made["core, single motif"] = float((single.cores == cores)[either].mean())
    made["assigned, single motif"] = float((single.labels > 0)[real].mean())
    return made
