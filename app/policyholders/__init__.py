"""Policyholders: the companies and people a broker insures, and the mandates they belong to."""

from app.policyholders.access import POLICYHOLDERS
from app.policyholders.mandates import MANDATE_SOURCE, MANDATES
from app.policyholders.source import POLICYHOLDER_SOURCE, held_in_mandates

__all__ = ["MANDATES", "MANDATE_SOURCE", "POLICYHOLDERS", "POLICYHOLDER_SOURCE", "held_in_mandates"]
