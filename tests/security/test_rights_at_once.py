"""Rights asked for by many at once, as in the first moments of a morning: each gets his own, and nothing breaks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Engine

from permissions.rights import ask
from tenants import current
from tests.factories import Make


def test_many_who_come_in_at_once_all_get_their_rights(make: Make, web: Engine) -> None:
    profiles = [make.profile(), make.profile("menu:contracts", "field:contract.number")] * 4

    def asked(profile: Any) -> int:
        with current.acting_for(make.tenant_id), web.connect() as connection:
            return len(ask(connection, make.tenant_id, profile).fields)

    with ThreadPoolExecutor(len(profiles)) as pool:
        found = list(pool.map(asked, profiles))

    assert found[0] > 100
    assert found == [found[0], 1] * 4
