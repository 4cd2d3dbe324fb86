"""Claims: what happened, under which contract, and what came of it."""

from app.claims.access import CLAIMS
from app.claims.source import CLAIM_SOURCE

__all__ = ["CLAIMS", "CLAIM_SOURCE"]
