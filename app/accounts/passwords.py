"""Passwords, hashed with Argon2id, a few at a time so that many tries cannot eat the memory; and which can be chosen."""

from __future__ import annotations

import threading
import uuid

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, text

from app.core.errors import Unacceptable
from app.core.text import _
from tenants import current

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's parameters for Argon2id: 19 MiB, two passes."""
AT_ONCE = threading.BoundedSemaphore(2)
NOBODY = HASHER.hash("nobody has this password")

LENGTHS = range(8, 65)
"""What a broker may ask for at least."""
STANDARD_LENGTH = 10
LONGEST = 1000
"""Characters of a password: what is longer is hashed for nothing."""

MINIMUM = "select password_length from tenants where tenant_id = :tenant"
SET = (
    "update users set password_hash = :hash, changed_at = now() where tenant_id = :tenant and id = :user",
    "delete from sessions where tenant_id = :tenant and user_id = :user",
    "delete from invitations where tenant_id = :tenant and user_id = :user and used_at is null",
)


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


def minimum_length(connection: Connection) -> int:
    """How many characters a password needs that is set at this broker from now on."""
    return int(connection.execute(text(MINIMUM), {"tenant": current.tenant_id()}).scalar_one())


def problem_of(password: str, minimum: int) -> str | None:
    """Why nobody may choose it, if so."""
    if len(password) < minimum:
        return _("At least {limit} characters.", limit=minimum)
    if len(password) > LONGEST:
        return _("At most {n} characters", n=LONGEST)
    return None


def check_password(connection: Connection, password: str) -> None:
    """Unacceptable where nobody may choose it here."""
    if problem := problem_of(password, minimum_length(connection)):
        raise Unacceptable({"password": problem})


def set_password(connection: Connection, user_id: uuid.UUID, password: str) -> None:
    """From now on it is this one: every session ends, and with it what was looked at there, and every link that was
    sent to set another."""
    values = {"tenant": current.tenant_id(), "user": user_id, "hash": hash_password(password)}
    for statement in SET:
        connection.execute(text(statement), values)
