"""CPU time of a request: of this process and of the PostgreSQL that serves it, apart from all other noise."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

import psutil


class Meter:
    """Counts the CPU seconds of this process and of every backend of one PostgreSQL."""

    def __init__(self, postmaster: int) -> None:
        self.postmaster = psutil.Process(postmaster)
        self.own = psutil.Process(os.getpid())

    def _seconds(self) -> float:
        total = time.process_time()
        for backend in self.postmaster.children(recursive=True):
            try:
                used = backend.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += used.user + used.system
        return total

    def milliseconds(self, act: Callable[[], object], times: int) -> float:
        """Of one act, over many: the clock of other processes ticks in hundredths of a second only."""
        for _ in range(max(times // 10, 8)):
            act()
        before = self._seconds()
        for _ in range(times):
            act()
        return (self._seconds() - before) * 1000 / times

    def paired(
        self, first: Callable[[], object], second: Callable[[], object], times: int, rounds: int = 5
    ) -> float:
        """second / first, the median of rounds that take turns."""
        return statistics.median(
            self.milliseconds(second, times) / self.milliseconds(first, times) for _ in range(rounds)
        )
