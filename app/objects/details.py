"""What the details are called that brokers' systems tell of buildings, machines and vehicles."""

from app.core.schema import Label
from app.core.text import _l

DETAILS: dict[str, Label] = {
    "area": _l("Floor area"),
    "floor_area_sqm": _l("Floor area in m²"),
    "site": _l("Site"),
    "sprinklers": _l("Sprinkler system"),
    "roof": _l("Roof"),
    "heating": _l("Heating"),
    "use": _l("Use"),
}
