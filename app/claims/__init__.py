"""Claims: what happened, under which contract, and what came of it."""

from app.claims.access import CLAIMS
from app.claims.opening import open_claim
from app.claims.source import CLAIM_SOURCE

__all__ = ["CLAIMS", "CLAIM_SOURCE", "open_claim"]
