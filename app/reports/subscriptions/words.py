"""What is said of subscriptions: their rhythms, and what became of a mail."""

from __future__ import annotations

from app.core.text import LazyText, _l

RHYTHM_WORDS: dict[str, LazyText] = {
    "once": _l("Email once"),
    "daily": _l("Every day"),
    "weekly": _l("Every week"),
    "monthly": _l("Every month"),
}
ENDING_WORDS = {"csv": "CSV", "xlsx": "Excel", "pdf": "PDF"}
"""Kinds of file, called so in every language."""
RESULTS: dict[str, LazyText] = {
    "sent": _l("Sent"),
    "sent_without_file": _l("Sent with a link only: the file is too large"),
    "sent_without_making": _l("Sent with a link only: the file could not be prepared"),
    "no_access": _l("Not sent: this person has no access any more"),
    "no_right": _l("Not sent: the profile does not include it any more"),
    "no_report": _l("Not sent: the report is not shared with this person any more"),
    "no_domain": _l("Not sent: the broker no longer allows this domain"),
    "refused": _l("Not sent: the mail server refused the address"),
}
