"""Insured objects: the buildings, vehicles, machines, vessels and people that contracts insure."""

from app.objects.access import OBJECTS
from app.objects.details import DETAILS
from app.objects.source import OBJECT_SOURCE

__all__ = ["DETAILS", "OBJECTS", "OBJECT_SOURCE"]
