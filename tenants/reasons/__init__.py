"""Why somebody's organization sees a record, or does not: the rules of `tenants.rules` asked about one record, one by
one.

The visible tables decide what is shown; here each condition says for itself whether it holds. All of them hold where
the record is seen, and where it is not, those that do not are what is missing.
"""

from tenants.reasons.chain import Member, reasons_of
from tenants.reasons.reason import Reason

__all__ = ["Member", "Reason", "reasons_of"]
