"""A script between launcher and server: gives up root if told to, ties the server to its owner, becomes it.

Called as ``python -I -S leash.py SIGNAL OWNER USER PROGRAM ARGUMENT…``; USER is ``-`` to stay who we are.
A script, and not a function between fork and exec, because there a process with threads may deadlock.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1  # From linux/prctl.h.


def main(death_signal: int, owner: int, user: str, command: list[str]) -> None:
    if user != "-":
        account = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
    if sys.platform == "linux":
        # Only after the change of user, which clears it. The kernel then sends the signal when the thread
        # that started us ends, so servers are started by a thread that outlives them.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != owner:
            sys.exit("The owner ended before its server began.")
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
