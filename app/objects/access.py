"""What a profile can decide about insured objects."""

from app.core.text import _l
from app.objects.schemas import ObjectSchema
from permissions import Area, Resource

READ_OBJECTS = Area("objects", _l("Insured objects"), "object", _l("Portfolio"))

OBJECTS = Resource(ObjectSchema, READ_OBJECTS)
