"""Everything a profile can decide, read off what the slices declare: menu areas, fields, functions."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.core.schema import Label, RecordSchema


class Level(enum.IntEnum):
    """How far a profile lets its members into a field."""

    HIDDEN = 0
    MASKED = 1
    READ = 2
    EDIT = 3


@dataclass(frozen=True)
class Area:
    """A menu area. Without it the pages and the API of its records do not exist for the viewer."""

    key: str
    label: Label
    icon: str
    group: Label | None = None
    """The heading it stands under."""
    staff_only: bool = False
    """Of the broker's desk: for staff who are limited to no mandate, since whoever works there could widen his own."""
    undivided: bool = False
    """Not for staff limited to some mandates, though for clients: it tells of everything there is at the broker's."""
    is_in_menu: bool = True
    """Or reached from the pages of another area only."""
    clients_only: bool = False
    """Of a client's own house. Granted to staff, it only lets them see the page through a client's eyes."""

    @property
    def subject(self) -> str:
        return f"menu:{self.key}"


@dataclass(frozen=True)
class Function:
    """Something a person may do, on or off per profile."""

    key: str
    label: Label
    staff_only: bool = False

    @property
    def subject(self) -> str:
        return f"function:{self.key}"


@dataclass(frozen=True)
class Resource:
    """What one slice declares: the schema of its record, its menu area, its functions."""

    schema: type[RecordSchema] | None = None
    area: Area | None = None
    functions: tuple[Function, ...] = ()
    label: Label | None = None
    """What its functions are about, if there is neither a record nor an area to say so."""


CARETAKERS = ("account_manager", "clerk")
"""What such a field is called, whatever the record."""


@dataclass
class Catalogue:
    """The resources of the running application, in menu order. Filled once by the factory."""

    resources: list[Resource] = field(default_factory=list)

    def fill(self, resources: list[Resource]) -> None:
        self.resources[:] = resources

    def areas(self) -> list[Area]:
        return [resource.area for resource in self.resources if resource.area]

    def functions(self) -> list[Function]:
        return [function for resource in self.resources for function in resource.functions]

    def schemas(self) -> list[type[RecordSchema]]:
        return [resource.schema for resource in self.resources if resource.schema]

    def fields(self) -> Iterator[tuple[type[RecordSchema], str]]:
        for schema in self.schemas():
            for name in schema.declared():
                yield schema, name

    def of_caretakers(self) -> frozenset[tuple[str, str]]:
        """The fields, by record and name, that say who of the broker's people looks after a client."""
        return frozenset((schema.record, name) for schema, name in self.fields() if name in CARETAKERS)

    def of_desk(self) -> frozenset[str]:
        """The keys of the areas that stand at the broker's desk."""
        return frozenset(area.key for area in self.areas() if area.staff_only)

    def of_clients(self) -> frozenset[str]:
        """The keys of the areas that stand in a client's own house."""
        return frozenset(area.key for area in self.areas() if area.clients_only)

    def of_whole_broker(self) -> frozenset[str]:
        """The keys of the areas that staff who are limited to some mandates do not have."""
        return frozenset(area.key for area in self.areas() if area.staff_only or area.undivided)

    def for_staff(self) -> frozenset[str]:
        """The subjects that no client's profile can grant."""
        rights: list[Area | Function] = [*self.areas(), *self.functions()]
        return frozenset(right.subject for right in rights if right.staff_only)

    def subjects(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every subject a rule can name, with its actions from the weakest to the strongest."""
        for area in self.areas():
            yield area.subject, ("show",)
        for schema, name in self.fields():
            yield f"field:{schema.record}.{name}", ("mask", "read", "edit")
        for function in self.functions():
            yield function.subject, ("use",)


catalogue = Catalogue()
