"""Insurance contracts: what a client is covered for, by whom and for how much."""

from app.contracts.access import CONTRACTS, INSURERS
from app.contracts.deadlines import tone_of
from app.contracts.source import CONTRACT_SOURCE, INSURER_SOURCE, of_mandates
from app.contracts.upcoming import upcoming

__all__ = [
    "CONTRACTS",
    "CONTRACT_SOURCE",
    "INSURERS",
    "INSURER_SOURCE",
    "of_mandates",
    "tone_of",
    "upcoming",
]
