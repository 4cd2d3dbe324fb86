"""Reading GDV files („VU-Vermittler“): bytes in, checked packages with import rows out."""

from app.exchange.gdv.packages import Footer, Package, read
from app.exchange.gdv.problems import Problem, Reason
from app.exchange.gdv.summary import summary

__all__ = ["Footer", "Package", "Problem", "Reason", "read", "summary"]
