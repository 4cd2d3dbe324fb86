"""Finds a Chromium for the browser tests; run as a script, installs one where none is found."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# Why the last try to install one failed, for whoever runs the tests afterwards.
NOTE = Path(sys.prefix) / "chromium-missing.txt"


@lru_cache(maxsize=1)
def chromium() -> tuple[str | None, str]:
    """The program and nothing, or None and the reason why there is none."""
    for candidate in [*map(shutil.which, ON_PATH), str(ON_MACOS), _of_playwright()]:
        if candidate and _runs(candidate):
            return candidate, ""
    if NOTE.exists():
        return None, NOTE.read_text()
    return None, "No Chromium was found on this machine; `make test` installs one."


def install() -> None:
    """Install one with the system's package manager, or Playwright's; leaves a note if neither can."""
    NOTE.unlink(missing_ok=True)
    reasons = []
    for command in _ways():
        reason = _try(command)
        chromium.cache_clear()
        if chromium()[0]:
            return
        reasons.append(f"`{' '.join(command[-3:])}` {reason or 'brought none that runs'}")
    NOTE.write_text("No Chromium was found, and none could be installed: " + "; ".join(reasons))
    chromium.cache_clear()


def _ways() -> list[list[str]]:
    ways = []
    if os.geteuid() == 0 and shutil.which("apt-get"):
        # On Ubuntu the package only points to a snap, which does not run everywhere: Playwright's is next.
        apt = ["apt-get", "-o", "DPkg::Lock::Timeout=120"]
        _try([*apt, "update"])
        ways.append([*apt, "install", "-y", "--no-install-recommends", "fonts-liberation", "chromium"])
    elif os.geteuid() == 0 and shutil.which("dnf"):
        ways.append(["dnf", "install", "-y", "chromium"])
    playwright = [sys.executable, "-m", "playwright", "install", "chromium"]
    return [*ways, [*playwright, "--with-deps"] if ways else playwright]


def _try(command: list[str]) -> str:
    """Run it, and say in one line why it failed, or nothing."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    except subprocess.TimeoutExpired:
        return "took too long"
    if done.returncode == 0:
        return ""
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line.lower() for word in ("error", "fail", "unable"))]
    return f"failed ({[*telling, *lines, 'without a word'][0]})"


def _of_playwright() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _runs(program: str) -> bool:
    """Whether it starts: a stub of a package manager, or one without its libraries, does not."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    if chromium()[0] is None:
        print("Installing Chromium for the browser tests.", file=sys.stderr)
        install()
