"""Cases: what client and broker have to settle with one another, and what they write about it."""

from app.cases.access import CASES, MESSAGES
from app.cases.source import CASE_SOURCE, MESSAGE_SOURCE

__all__ = ["CASES", "CASE_SOURCE", "MESSAGES", "MESSAGE_SOURCE"]
