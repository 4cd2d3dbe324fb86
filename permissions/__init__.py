"""Who may see and do what: the catalogue of rights, the profiles that grant them, and the door of every route."""

from permissions.catalogue import Area, Function, Level, Resource
from permissions.rights import Rights
from permissions.viewer import Forbidden, Viewer

__all__ = ["Area", "Forbidden", "Function", "Level", "Resource", "Rights", "Viewer"]
