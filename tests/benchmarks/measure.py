"""CPU time of a request: of this process and of the PostgreSQL that serves it, apart from all other noise."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Finding:
    """What was measured, and the most it should be; `is_least` when it should be at least that."""

    name: str
    value: float
    goal: float | None
    is_least: bool = False

    def __str__(self) -> str:
        if self.goal is None:
            return f"{self.name:<66}{self.value:9.2f}"
        is_met = self.value >= self.goal if self.is_least else self.value <= self.goal
        sign = "≥" if self.is_least else "≤"
        return f"{self.name:<66}{self.value:9.2f}   {sign} {self.goal:<6g}{'' if is_met else 'missed'}"


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
