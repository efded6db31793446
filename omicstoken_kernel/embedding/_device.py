"""Where a network computes, in which precision, and what memory that ran out looks like."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import torch

from omicstoken_kernel.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["chosen_device", "half_precision", "in_parallel", "is_out_of_memory", "workers_on"]

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


def chosen_device(wanted: str) -> torch.device:
    """Return the device a setting stands for; ``auto`` is CUDA, else Apple's MPS, else the CPU.

    Raises
    ------
    ModelUnavailable
        If this machine, or this build of torch, does not have the device.
    """
    here = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if wanted == "auto":
        return torch.device(next(name for name, there in here.items() if there))
    if not here[wanted]:
        msg = f"The setting 'device' is '{wanted}', and torch finds no such device here."
        raise ModelUnavailable(msg, "Set OMICSTOKEN_DEVICE to auto or cpu, or install its driver.")
    return torch.device(wanted)


def half_precision(device: torch.device) -> torch.dtype | None:
    """Return the short number format the hardware computes in natively, None if there is none.

    Only CUDA is asked. A CPU without it would emulate bfloat16, hundreds of times slower.
    """
    if device.type != "cuda":
        return None
    major, _ = torch.cuda.get_device_capability(device)
    # float16 has three more bits of precision than bfloat16, and its products run in tensor cores
    # from Volta on.
    return torch.float16 if major >= 7 else None


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether an error says that a batch did not fit into memory."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and (
        "DefaultCPUAllocator" in text or "out of memory" in text
    )


def workers_on(device: torch.device) -> int:
    """Return how many tasks :func:`in_parallel` does at a time."""
    return torch.get_num_threads() if device.type == "cpu" else 1


def in_parallel(
    work: Callable[[_Task], _Result], tasks: Sequence[_Task], *, device: torch.device
) -> Iterator[_Result]:
    """Yield the result of each task in order.

    On a CPU each of torch's threads does whole tasks by itself: for batches that fit its cache this
    is faster than all threads sharing each product, and other programs on the machine disturb it
    less, for nobody waits for the slowest thread after every operation.
    """
    threads = torch.get_num_threads()
    workers = min(workers_on(device), len(tasks))
    if workers < 2:
        yield from map(work, tasks)
        return
    ready = threading.Barrier(workers + 1)

    def begin() -> None:
        torch.set_num_threads(max(1, threads // workers))
        ready.wait()

    with ThreadPoolExecutor(workers, initializer=begin) as pool:
        results = [pool.submit(work, task) for task in tasks]
        ready.wait()
        # The number is each thread's own, but new threads take over the one set last.
        torch.set_num_threads(threads)
        for place, result in enumerate(results):
            try:
                yield result.result()
            except BaseException:
                for waiting in results[place:]:
                    waiting.cancel()
                raise
