"""A process killed at any moment leaves a state from which the same command finishes the work."""

from __future__ import annotations

import hashlib
import math
import random
import signal
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil
import pytest
from walk import finish, start

from omicstoken_kernel.context import open_context
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.dump import logical_dump


def _ligands(path: Path, count: int) -> Path:
    draw = random.Random(7)
    peptides = {
        "".join(draw.choice("ACDEFGHIKLMNPQRSTVWY") for _ in range(draw.randint(8, 11)))
        for _ in range(count)
    }
    path.write_text("\n".join(sorted(peptides)) + "\n", encoding="ascii")
    return path


def _work_done(process: BaseProcess) -> float:
    """Return the processor seconds a walk has used: steadier than time on a busy machine."""
    try:
        times = psutil.Process(process.pid).cpu_times()
    except psutil.Error:
        return math.inf
    return times.user + times.system


def _work_of_a_calm_walk(home: Path, file: Path, out: Path) -> float:
    """Walk undisturbed and return the work it took."""
    process, work = start(home, file, out), 0.0
    while process.is_alive():
        now = _work_done(process)
        work = now if now < math.inf else work
        time.sleep(0.005)
    finish(process, out)
    return work


def _state(home: Path, out: Path) -> tuple[object, str]:
    ctx = open_context(load_settings(home=home, user="walker"))
    return logical_dump(ctx), hashlib.sha256(out.read_bytes()).hexdigest()


def _kill_and_repeat(tmp_path: Path, moments: int) -> None:
    file = _ligands(tmp_path / "ligands.txt", 600)
    calm_home, calm_out = tmp_path / "calm", tmp_path / "calm.json"
    work = _work_of_a_calm_walk(calm_home, file, calm_out)
    expected = _state(calm_home, calm_out)
    killed = 0
    for moment in range(moments):
        home, out = tmp_path / f"home{moment}", tmp_path / f"out{moment}.json"
        process = start(home, file, out)
        moment_of_death = work * (moment + 0.5) / moments
        while process.is_alive() and _work_done(process) < moment_of_death:
            time.sleep(0.002)
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL
        finish(start(home, file, out), out)
        assert _state(home, out) == expected, f"killed at {(moment + 0.5) / moments:.0%}"
        assert not list(out.parent.glob(f"{out.name}*.part*"))
    # The last moments may come too late by a little; most must not.
    assert killed >= moments * 0.6


@pytest.mark.slow(seconds=60)
@pytest.mark.timeout(900)
def test_killing_at_eight_moments_and_repeating_ends_in_the_undisturbed_state(tmp_path):
    _kill_and_repeat(tmp_path, 8)


@pytest.mark.campaign
@pytest.mark.timeout(7200)
def test_killing_at_two_hundred_moments_and_repeating_ends_in_the_undisturbed_state(tmp_path):
    _kill_and_repeat(tmp_path, 200)
