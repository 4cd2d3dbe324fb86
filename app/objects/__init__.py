"""Insured objects: the buildings, vehicles, machines, vessels and people that contracts insure."""

from app.objects.access import OBJECTS
from app.objects.source import OBJECT_SOURCE

__all__ = ["OBJECTS", "OBJECT_SOURCE"]
