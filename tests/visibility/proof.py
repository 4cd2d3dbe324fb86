"""Looking at a stock: what is stored and shown must be what the rules say, for every scope and every person."""

from __future__ import annotations

import uuid

from tenants import arrangement, visibility
from tests.visibility.portal import shown_to
from tests.visibility.reference import Seen, nothing, scopes_of, seen_by
from tests.visibility.stock import Stock
from tests.visibility.world import KINDS, World


class ProvedStock(Stock):
    """A stock that can be looked at, and that nobody looks at without everything being compared."""

    def sees(self, user: str, organization: str, kind: str) -> set[str]:
        """The names of what a member sees."""
        return self._sees(user, self.id("membership", f"{user} in {organization}"), kind)

    def staff_sees(self, name: str, kind: str) -> set[str]:
        """The names of what one of the broker's people sees."""
        return self._sees(name, None, kind)

    def _sees(self, user: str, membership: uuid.UUID | None, kind: str) -> set[str]:
        self.settle()
        return self._named(seen_by(self.proved(), self.id("user", user), membership, self.day))[kind]

    def proved(self) -> World:
        """The world as it is, after a look whether the portal agrees with it: what it shows to everybody, then
        what it stores for every scope, and that with its own definition."""
        self.sql("set local plan_cache_mode = force_generic_plan")
        world = World.load(self.connection)
        people = [(m.user_id, key) for key, m in world.memberships.items()]
        people += [(key, None) for key, user in world.users.items() if user.is_staff]
        with self.calendar():
            for user, membership in people:
                shown = self._named(shown_to(self.connection, str(membership or user)))
                right = self._named(seen_by(world, user, membership, self.day))
                assert shown == right, (self.names[membership or user], shown, right)
            # Scopes that none of them works in are settled when somebody does.
            arrangement.freshen(self.connection)
            assert self._stored() == scopes_of(world, self.day)
            assert visibility.differences(self.connection) == []
        return world

    def _named(self, seen: Seen) -> dict[str, set[str]]:
        return {kind: {self.names[record] for record in records} for kind, records in seen.items()}

    def _stored(self) -> dict[tuple[str, uuid.UUID], Seen]:
        """What the tables say each scope sees."""
        scopes = {
            id: ((kind, membership or organization), nothing())
            for id, kind, organization, membership in self.sql(
                "select id, kind, organization_id, membership_id from scopes where tenant_id = %(tenant)s"
            )
        }
        for kind in KINDS:
            for scope, record in self.sql(
                f"select scope_id, {kind}_id from visible_{kind}s where tenant_id = %(tenant)s"
            ):
                # A row of no scope at all is nobody's, and must not be there.
                scopes.setdefault(scope, (("gone", scope), nothing()))[1][kind].add(record)
        return dict(scopes.values())
