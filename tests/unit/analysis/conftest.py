"""What tests of analysis share: the demo's samples in a workspace, and a reader of sentences."""

from __future__ import annotations

import re

import pytest

from omicstoken_kernel.analysis.wording import count, decimals, p_value, share, signed, statistic
from omicstoken_kernel.context import open_context
from omicstoken_kernel.demo.samples import samples
from omicstoken_kernel.settings import load_settings

_NUMBER = re.compile(r"[−+]?\d+(?:\u202f\d{3})*(?:\.\d+)?(?:\u202f%)?")


@pytest.fixture(scope="session")
def demo_peptides():
    """The demo's samples: name to distinct peptides, sorted."""
    return {sample.name: sorted(set(sample.path.read_text().split())) for sample in samples()}


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """A workspace with the demo's four samples, embedded by 'anchor'; tests only read it."""
    from omicstoken_kernel import pipeline
    from omicstoken_kernel.demo.tour import load_samples

    home = tmp_path_factory.mktemp("demo")
    ctx = open_context(
        load_settings(home=home, user="tester", database_url="", embedder="auto", models=home)
    )
    runs = {run.name: run for run in load_samples(ctx)}
    pipeline.embed_runs(ctx, [run.id for run in runs.values()], model="anchor")
    return ctx, runs


@pytest.fixture
def embed():
    """A function that gives runs the vectors of 'anchor'."""
    from omicstoken_kernel.embedding import load_model
    from omicstoken_kernel.embedding.encode import encode_runs

    def of(ctx, runs):
        run_ids = [run.id for run in runs]
        return encode_runs(ctx, run_ids, model=load_model("anchor", ctx.settings))

    return of


def _written(value):
    """Return every way a figure may be written in a sentence."""
    ways = {statistic(value), share(value), share(value / 100), decimals(value, 3), str(value)}
    ways |= {decimals(value, 1), signed(value, 2)}
    ways.add(p_value(abs(value)).lstrip("p =<"))
    if float(value).is_integer():
        ways |= {count(int(value)), signed(int(value))}
    # The sign of "more than" is no part of the number.
    return {way.removeprefix(">\u202f") for way in ways}


@pytest.fixture
def check_figures():
    """A function that holds a sentence to its evidence, both ways."""

    def check(sentence, *, names=()):
        assert sentence.grade in ("observed", "computed", "suggested")
        words = [str(value) for value in sentence.evidence.values() if isinstance(value, str)]
        text = sentence.text
        for word in sorted({*words, *names} - {""}, key=len, reverse=True):
            text = text.replace(word, "~")
        figures = [v for v in sentence.evidence.values() if not isinstance(v, str)]
        written = [_written(value) for value in figures]
        found = _NUMBER.findall(text)
        for number in found:
            assert any(number in ways for ways in written), f"{number} of '{text}' is not evident"
        for value, ways in zip(figures, written, strict=True):
            in_words = value == 0 and re.search(r"\b([Nn]one|no)\b", text)
            assert in_words or ways & set(found), f"{value} is evidence but not in '{text}'"
        for banned in ("nan", "NaN", "inf", "vector", "token", "pipeline"):
            assert not re.search(rf"\b{banned}\b", text), f"'{banned}' in '{text}'"

    return check
