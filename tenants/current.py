"""The tenant this request, job or command acts for. Without one, the database shows nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_patience: ContextVar[int | None] = ContextVar("patience", default=None)
_tenant: ContextVar[uuid.UUID | None] = ContextVar("tenant", default=None)


def tenant_id() -> uuid.UUID:
    """The tenant acted for; raises when there is none."""
    tenant = _tenant.get()
    if tenant is None:
        raise LookupError("nobody said which tenant to act for")
    return tenant


def tenant_or_none() -> uuid.UUID | None:
    return _tenant.get()


@contextmanager
def acting_for(tenant: uuid.UUID) -> Iterator[None]:
    """Act for one tenant until the block ends. A transaction belongs to the tenant it began with,
    so the block must surround the transaction, not stand inside it."""
    token = _tenant.set(tenant)
    try:
        yield
    finally:
        _tenant.reset(token)


def patience() -> int | None:
    """Seconds a statement may take in transactions that begin now; None for as long as it needs."""
    return _patience.get()


@contextmanager
def patient_for(seconds: int | None) -> Iterator[None]:
    """Let statements of transactions that begin within the block take so many seconds."""
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)
