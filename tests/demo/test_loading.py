"""Loading a broker of the demonstration: everything arrives, and a second time changes nothing."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from app.accounts.passwords import is_right
from app.core.settings import Settings
from app.core.storage import Storage
from app.demo import loading
from app.demo.broker import PASSWORD
from app.demo.neighbours import atelier
from app.demo.usage import look_back
from app.demo.volume import SMALL, Volume, load_volume
from app.factory import RESOURCES
from permissions.catalogue import catalogue
from permissions.editing import save_ready_profiles
from tenants import current, visibility
from tests.conftest import make_tenant

TODAY = datetime.date(2026, 11, 21)
TABLES = (
    "policyholders", "contracts", "objects", "claims", "invoices", "certificates", "documents", "cases", "users",
    "organizations",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _filled_catalogue() -> Iterator[None]:
    before = list(catalogue.resources)
    catalogue.fill(RESOURCES)
    yield
    catalogue.fill(before)


@pytest.fixture
def tenant_id(owner: Engine) -> Iterator[uuid.UUID]:
    """A broker with the ready profiles, acted for."""
    tenant = make_tenant(owner)
    with current.acting_for(tenant):
        with owner.begin() as connection:
            save_ready_profiles(connection, None)
        yield tenant


@pytest.fixture
def storage(servers: dict[str, str]) -> Storage:
    return Storage(
        Settings(
            s3_endpoint_url=servers["S3_ENDPOINT_URL"],
            s3_access_key_id=servers["S3_ACCESS_KEY_ID"],
            s3_secret_access_key=servers["S3_SECRET_ACCESS_KEY"],
            s3_bucket=servers["S3_BUCKET"],
        )
    )


def state(web: Engine, tenant: uuid.UUID) -> dict[str, tuple[object, ...]]:
    """How many rows each table has and when one was last touched."""
    with web.connect() as connection:
        return {
            table: tuple(
                connection.execute(
                    text(f"select count(*), max(changed_at) from {table} where tenant_id = :tenant"),
                    {"tenant": tenant},
                ).one()
            )
            for table in TABLES
        }


def test_loading_twice_changes_nothing(web: Engine, tenant_id: uuid.UUID, storage: Storage) -> None:
    broker = atelier(TODAY)
    assert loading.loaded(web) is None

    loading.load(web, storage, broker, lambda _words: None)
    first = state(web, tenant_id)
    loading.load(web, storage, broker, lambda _words: None)

    assert state(web, tenant_id) == first
    assert loading.loaded(web) == {"broker": "atelier"}
    assert {table: first[table][0] for table in ("contracts", "objects", "documents")} == {
        table: len(broker.stock.rows[table[:-1]]) for table in ("contracts", "objects", "documents")
    }
    with web.connect() as connection:
        assert visibility.differences(connection) == []
        hashes = connection.execute(
            text("select password_hash from users where tenant_id = :t"), {"t": tenant_id}
        )
        assert all(is_right(found, PASSWORD) for found in hashes.scalars())


def test_nobody_came_in_after_his_access_had_ended(
    owner: Engine, web: Engine, tenant_id: uuid.UUID, storage: Storage
) -> None:
    loading.load(web, storage, atelier(TODAY), lambda _words: None)
    with web.begin() as connection:
        ended = connection.execute(
            text("update memberships set ends_on = :day where tenant_id = :t and is_main returning user_id"),
            {"t": tenant_id, "day": visibility.today() - datetime.timedelta(days=65)},
        ).all()
    with owner.begin() as connection:
        connection.execute(text("delete from usage_months where tenant_id = :t"), {"t": tenant_id})
    look_back(web)
    with web.begin() as connection:
        late = connection.execute(
            text(
                """select count(*), count(*) filter (where s.signed_in_at >= m.ends_on + 1 or s.signed_in_at < u.created_at) as late
                     from usage_months s join users u on u.tenant_id = :t and u.id = s.user_id
                     join memberships m on m.tenant_id = :t and m.user_id = s.user_id and m.is_main
                    where s.tenant_id = :t"""
            ),
            {"t": tenant_id},
        ).one()
    assert ended
    assert late.count > 0
    assert late.late == 0


def test_documents_are_real_files(web: Engine, tenant_id: uuid.UUID, storage: Storage) -> None:
    loading.load(web, storage, atelier(TODAY), lambda _words: None)

    with web.connect() as connection:
        found = connection.execute(
            text("select sha256, media_type, size from documents where tenant_id = :t"), {"t": tenant_id}
        ).all()
    assert {row.media_type for row in found} == {"application/pdf"}
    pdf = b"".join(storage.read(tenant_id, found[0].sha256))
    assert pdf.startswith(b"%PDF")
    assert len(pdf) == found[0].size


def test_what_is_refused_stops_the_load_in_words(web: Engine, tenant_id: uuid.UUID) -> None:
    with pytest.raises(loading.LoadFailed, match="contract: 1"):
        loading.take_all(
            web, "contract", [{"key": "C-1", "number": "1", "policyholder": "nobody", "status": "own"}]
        )


def test_a_large_stock_grows_and_shows_a_ninth_and_sixty_nine(web: Engine, tenant_id: uuid.UUID) -> None:
    load_volume(web, Volume("test", "Test", 1_000), lambda _words: None)
    load_volume(web, Volume("test", "Test", 3_000), lambda _words: None)

    with web.connect() as connection:
        seen = dict(
            connection.execute(
                text(
                    """select o.key, count(*) from visible_contracts v
                         join organizations o on o.tenant_id = v.tenant_id and o.id = v.scope_id
                        where v.tenant_id = :t group by o.key"""
                ),
                {"t": tenant_id},
            ).all()
        )
        total = connection.execute(
            text("select count(*) from contracts where tenant_id = :t"), {"t": tenant_id}
        )
        assert total.scalar() == 3_000
    assert seen["kunde"] == SMALL
    assert 0.10 < seen["konzern"] / 3_000 < 0.12


def test_brokers_follow_the_port(owner: Engine) -> None:
    tenant, elsewhere = uuid.uuid4(), uuid.uuid4()
    name = f"b{tenant.hex}"
    with owner.begin() as connection:
        connection.execute(
            text("insert into hosts (host, tenant_id) values (:a, :tenant), (:b, :other)"),
            {"a": f"{name}.localhost:1", "tenant": tenant, "b": f"{name}.example", "other": elsewhere},
        )

    for port, host in ((8123, "localhost:8123"), (80, "localhost"), (8124, "localhost:8124")):
        loading.point_hosts(owner, port)
        with owner.begin() as connection:
            found = connection.execute(
                text("select host from hosts where tenant_id in (:tenant, :other)"),
                {"tenant": tenant, "other": elsewhere},
            )
            assert set(found.scalars()) == {f"{name}.{host}", f"{name}.example"}
