"""A file damaged in any way is read with balanced accounts, or refused in plain words."""

import math
import random

import pytest
from ingest_files import MAKERS

from omicstoken_kernel.errors import OmicsTokenError
from omicstoken_kernel.ingest import FEATURES, ReadOptions, read

MUTATED, PARTS = 2_000, 4
MUTATED_IN_CAMPAIGN = 20_000

JUNK = ["", '"', "\t", ",", ";", "\x00", "NaN", "-1", "inf", "1e999", "é", "<b>", "\r", "A" * 5000]


def _lines(text):
    return text.splitlines(keepends=True)


def cut(text, draw):
    return text[: draw.randrange(len(text))]


def drop_a_span(text, draw):
    start = draw.randrange(len(text))
    return text[:start] + text[start + draw.randrange(1, 40) :]


def inject(text, draw):
    at = draw.randrange(len(text))
    return text[:at] + draw.choice(JUNK) + text[at:]


def shuffle_columns(text, draw):
    rows = [line.rstrip("\n").split("\t") for line in _lines(text)]
    width = min(len(row) for row in rows)
    order = draw.sample(range(width), width)
    return "".join("\t".join(row[place] for place in order) + "\n" for row in rows)


def rename_a_column(text, draw):
    first, _, rest = text.partition("\n")
    names = first.split("\t")
    names[draw.randrange(len(names))] = draw.choice(["", "x", "Intensity", "Peptide", names[0]])
    return "\t".join(names) + "\n" + rest


def another_delimiter(text, draw):
    return text.replace("\t", draw.choice([",", ";", "|", " "]))


def shuffle_lines(text, draw):
    lines = _lines(text)
    draw.shuffle(lines)
    return "".join(lines)


def ragged(text, draw):
    lines = _lines(text)
    at = draw.randrange(len(lines))
    lines[at] = draw.choice(
        [lines[at][: len(lines[at]) // 2] + "\n", lines[at].strip() + "\tx\ty\n"]
    )
    return "".join(lines)


def double(text, draw):
    return text + text


MUTATIONS = [
    cut, drop_a_span, inject, shuffle_columns, rename_a_column, another_delimiter, shuffle_lines,
    ragged, double,
]  # fmt: skip
ENCODINGS = ["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "latin-1"]


def mutate(text, draw):
    for _ in range(draw.randint(1, 3)):
        text = draw.choice(MUTATIONS)(text, draw) or "x"
    return text.encode(draw.choice(ENCODINGS), errors="replace")


def read_mutated(folder, name, original, seed):
    draw = random.Random(f"{name} {seed}")
    path = folder / "mutated"
    path.write_bytes(mutate(original, draw))
    for options in (ReadOptions(), ReadOptions(format=name, unfiltered=True)):
        problem = None
        try:
            parsed = read(path, options)
        except OmicsTokenError as error:
            problem = error
        if problem is not None:
            assert problem.message
            continue
        parsed.ledger.check()
        assert parsed.features.schema.equals(FEATURES)
        assert parsed.features.num_rows == parsed.ledger.features
        parsed.features.validate(full=True)


def read_many(folder, name, seeds):
    original = MAKERS[name](folder).path.read_text(encoding="utf-8")
    for seed in seeds:
        try:
            read_mutated(folder, name, original, seed)
        except BaseException as error:
            error.add_note(f"The mutated file of {name} with the seed {seed}.")
            raise


@pytest.mark.parametrize("name", sorted(MAKERS))
@pytest.mark.parametrize("part", range(PARTS))
def test_a_mutated_file_is_read_with_balanced_accounts_or_refused(tmp_path, name, part):
    each = math.ceil(MUTATED / len(MAKERS) / PARTS)
    read_many(tmp_path, name, range(part * each, (part + 1) * each))


@pytest.mark.parametrize(("name", "seed"), [("sage_lfq", 10_008), ("spectromine", 10_162)])
def test_files_that_once_were_read_with_a_traceback(tmp_path, name, seed):
    read_many(tmp_path, name, [seed])


@pytest.mark.campaign
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(MAKERS))
def test_many_more_mutated_files(tmp_path, name):
    each = math.ceil(MUTATED_IN_CAMPAIGN / len(MAKERS))
    read_many(tmp_path, name, range(10_000, 10_000 + each))
