"""Passwords, hashed with Argon2id, a few at a time so that many tries cannot eat the memory."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's parameters for Argon2id: 19 MiB, two passes."""
AT_ONCE = threading.BoundedSemaphore(2)
NOBODY = HASHER.hash("nobody has this password")
MINIMUM_LENGTH = 10


def hash_password(password: str) -> str:
    with AT_ONCE:
        return HASHER.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one hashed. Without a hash it takes as long, and is wrong."""
    with AT_ONCE:
        try:
            HASHER.verify(password_hash or NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None
