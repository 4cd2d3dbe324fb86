"""Reading GDV files („VU-Vermittler“): bytes in, checked packages with import rows out."""

from app.exchange.gdv.packages import Footer, Package, read
from app.exchange.gdv.problems import FOOTER_REASONS, Reason
from app.exchange.gdv.summary import summary

__all__ = ["FOOTER_REASONS", "Footer", "Package", "Reason", "read", "summary"]
