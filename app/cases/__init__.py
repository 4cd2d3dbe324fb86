"""Cases: what client and broker have to settle with one another."""

from app.cases.access import CASES
from app.cases.source import CASE_SOURCE

__all__ = ["CASES", "CASE_SOURCE"]
