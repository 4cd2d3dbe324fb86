"""A broker's organizations, profiles and users, declared as a document: the one way in which they are changed."""

from app.administration.config.applying import Plan, apply, export, plan
from app.administration.config.state import STORED

__all__ = ["STORED", "Plan", "apply", "export", "plan"]
