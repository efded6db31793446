"""A process killed at any moment leaves a state from which the same command finishes the work."""

from __future__ import annotations

import hashlib
import math
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from omicstoken_kernel.context import open_context
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.dump import logical_dump

_WALK = Path(__file__).with_name("walk.py")


def _ligands(path: Path, count: int) -> Path:
    draw = random.Random(7)
    peptides = {
        "".join(draw.choice("ACDEFGHIKLMNPQRSTVWY") for _ in range(draw.randint(8, 11)))
        for _ in range(count)
    }
    path.write_text("\n".join(sorted(peptides)) + "\n", encoding="ascii")
    return path


def _start(home: Path, file: Path, out: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, str(_WALK), str(home), str(file), str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready", process.communicate()[1]
    return process


def _finish(process: subprocess.Popen[str]) -> None:
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    assert out.strip().endswith("done")


def _work_done(process: subprocess.Popen[str]) -> float:
    """Return the processor seconds a walk has used: steadier than time on a busy machine."""
    try:
        times = psutil.Process(process.pid).cpu_times()
    except psutil.Error:
        return math.inf
    return times.user + times.system


def _work_of_a_calm_walk(home: Path, file: Path, out: Path) -> tuple[float, float]:
    """Walk undisturbed; return the work when its imports were done, and at its end."""
    process = _start(home, file, out)
    first = last = _work_done(process)
    while process.poll() is None:
        now = _work_done(process)
        last = now if now < math.inf else last
        time.sleep(0.005)
    _finish(process)
    return first, last


def _state(home: Path, out: Path) -> tuple[object, str]:
    ctx = open_context(load_settings(home=home, user="walker"))
    return logical_dump(ctx), hashlib.sha256(out.read_bytes()).hexdigest()


def _kill_and_repeat(tmp_path: Path, moments: int) -> None:
    file = _ligands(tmp_path / "ligands.txt", 600)
    calm_home, calm_out = tmp_path / "calm", tmp_path / "calm.json"
    first, last = _work_of_a_calm_walk(calm_home, file, calm_out)
    expected = _state(calm_home, calm_out)
    killed = 0
    for moment in range(moments):
        home, out = tmp_path / f"home{moment}", tmp_path / f"out{moment}.json"
        process = _start(home, file, out)
        moment_of_death = first + (last - first) * (moment + 0.5) / moments
        while process.poll() is None and _work_done(process) < moment_of_death:
            time.sleep(0.002)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
        process.communicate()
        _finish(_start(home, file, out))
        assert _state(home, out) == expected, f"killed at {(moment + 0.5) / moments:.0%}"
        assert not list(out.parent.glob(f"{out.name}*.part*"))
    # The last moments may come too late by a little; most must not.
    assert killed >= moments * 0.6


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killing_at_eight_moments_and_repeating_ends_in_the_undisturbed_state(tmp_path):
    _kill_and_repeat(tmp_path, 8)


@pytest.mark.campaign
@pytest.mark.timeout(7200)
def test_killing_at_two_hundred_moments_and_repeating_ends_in_the_undisturbed_state(tmp_path):
    _kill_and_repeat(tmp_path, 200)
