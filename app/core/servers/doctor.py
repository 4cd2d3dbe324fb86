"""Says in words what is wrong with PostgreSQL, Valkey, the storage or the disk, and what to do about it."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import boto3
import redis
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from app.core.text import _

OLDEST_POSTGRES = 18
MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"
GIBIBYTE = 1024**3


class Addresses(Protocol):
    """The part of the settings that tells where the servers are."""

    @property
    def database_url(self) -> str: ...
    @property
    def database_owner_url(self) -> str: ...
    @property
    def redis_url(self) -> str: ...
    @property
    def s3_endpoint_url(self) -> str: ...
    @property
    def s3_access_key_id(self) -> str: ...
    @property
    def s3_secret_access_key(self) -> str: ...
    @property
    def s3_bucket(self) -> str: ...


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what was found and, unless it is well, what to do."""

    server: str
    is_ok: bool
    what: str
    advice: str = ""


def examine(settings: Addresses, folder: Path | None = None) -> list[Finding]:
    """Everything looked at, in a readable order; never raises, and changes nothing but a probe it removes.

    ``folder`` is where the data lies, for the room on its disk; the current one if not given.
    """
    return [
        *_postgres(settings),
        *_owner(settings),
        *_valkey(settings),
        *_storage(settings),
        _disk(folder or Path.cwd()),
    ]


def _well(server: str, what: str) -> Finding:
    return Finding(server, True, what)


def _bad(server: str, what: str, advice: str) -> Finding:
    return Finding(server, False, what, advice)


def _postgres(settings: Addresses) -> Iterator[Finding]:
    if not settings.database_url:
        yield _bad("PostgreSQL", _("No database address is set."), _("Set DATABASE_URL."))
        return
    yield from _connected(settings.database_url, _as_web_role)


def _owner(settings: Addresses) -> Iterator[Finding]:
    if settings.database_owner_url:
        yield from _connected(settings.database_owner_url, _as_owner)


def _connected(url: str, examination: Callable[[Connection], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 3})
        with engine.connect() as connection:
            yield from examination(connection)
    except (ArgumentError, NoSuchModuleError):
        # Not quoted in the answer, because it may hold a password.
        yield _bad(
            "PostgreSQL",
            _("The database address cannot be read."),
            _("Write it as postgresql+psycopg://role:password@host:5432/database."),
        )
    except DBAPIError as error:
        yield _bad(
            "PostgreSQL",
            _("The database does not answer: {reason}", reason=_first_line(error.orig)),
            _("Check that PostgreSQL is running and that the address, the role and its password are right."),
        )


def _as_web_role(connection: Connection) -> Iterator[Finding]:
    version = connection.execute(text("show server_version")).scalar_one().split()[0]
    if int(version.split(".")[0]) < OLDEST_POSTGRES:
        yield _bad(
            "PostgreSQL",
            _("PostgreSQL {version} is too old.", version=version),
            _("Upgrade to PostgreSQL {version} or later.", version=OLDEST_POSTGRES),
        )
    else:
        yield _well("PostgreSQL", _("PostgreSQL {version} answers.", version=version))
    role = connection.execute(text("select current_user")).scalar_one()
    yield _wall(connection, role)
    yield _ownership(connection, role)
    yield _rates(connection)


def _wall(connection: Connection, role: str) -> Finding:
    may_bypass = connection.execute(
        text(
            "select bool_or(rolsuper or rolbypassrls) from pg_roles"
            # A member may become the role it belongs to, and bypass with it.
            " where rolname = current_user or pg_has_role(current_user, oid, 'set')"
        )
    ).scalar_one()
    if may_bypass:
        return _bad(
            "PostgreSQL",
            _("The role {role} may pass the wall between brokers.", role=role),
            _("Use a role without SUPERUSER and BYPASSRLS in DATABASE_URL."),
        )
    return _well("PostgreSQL", _("The role {role} cannot pass the wall between brokers.", role=role))


def _ownership(connection: Connection, role: str) -> Finding:
    owned, may_create = connection.execute(
        text(
            "select (select count(*) from pg_class where relkind in ('r', 'p', 'v', 'm')"
            "        and relnamespace = to_regnamespace('public')"
            "        and pg_has_role(current_user, relowner, 'usage')),"
            "       has_schema_privilege('public', 'create')"
            "       or has_database_privilege(current_database(), 'create, temporary')"
        )
    ).one()
    if owned:
        return _bad(
            "PostgreSQL",
            _("The role {role} owns tables and could take their wall down.", role=role),
            _("Let another role own the tables and run the migrations; set it in DATABASE_OWNER_URL."),
        )
    if may_create:
        return _bad(
            "PostgreSQL",
            _("The role {role} may create tables.", role=role),
            _("Revoke CREATE on the schema public and CREATE, TEMPORARY on the database."),
        )
    return _well("PostgreSQL", _("The role {role} owns nothing and cannot create tables.", role=role))


def _rates(connection: Connection) -> Finding:
    advice = _("Run: portico rates update --seed")
    try:
        if connection.execute(text("select to_regclass('public.exchange_rates')")).scalar_one() is None:
            return _bad("PostgreSQL", _("There is no table for exchange rates yet."), _migrate_first())
        day = connection.execute(text("select max(day) from public.exchange_rates")).scalar_one()
    except DBAPIError as error:
        connection.rollback()
        return _bad(
            "PostgreSQL",
            _("The exchange rates cannot be read: {reason}", reason=_first_line(error.orig)),
            _migrate_first(),
        )
    if day is None:
        return _bad("PostgreSQL", _("No exchange rates are loaded."), advice)
    return _well("PostgreSQL", _("Exchange rates are loaded up to {day}.", day=day.isoformat()))


def _as_owner(connection: Connection) -> Iterator[Finding]:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    wanted = set(ScriptDirectory.from_config(config).get_heads())
    if connection.execute(text("select to_regclass('public.alembic_version')")).scalar_one() is None:
        yield _bad("PostgreSQL", _("The database has no tables yet."), _migrate_first())
        return
    found = set(connection.execute(text("select version_num from public.alembic_version")).scalars())
    if found == wanted:
        yield _well("PostgreSQL", _("All migrations have been applied."))
    else:
        yield _bad(
            "PostgreSQL",
            _(
                "The tables do not belong to this version of Portico: {found} instead of {wanted}.",
                found=", ".join(sorted(found)) or "–",
                wanted=", ".join(sorted(wanted)) or "–",
            ),
            _migrate_first(),
        )


def _valkey(settings: Addresses) -> Iterator[Finding]:
    if not settings.redis_url:
        yield _bad("Valkey", _("No Valkey address is set."), _("Set REDIS_URL."))
        return
    try:
        with redis.Redis.from_url(settings.redis_url, socket_timeout=3, socket_connect_timeout=3) as client:
            client.ping()
            # INFO, because managed services often forbid CONFIG.
            policy = client.info("memory").get("maxmemory_policy", "noeviction")
    except redis.exceptions.AuthenticationError:
        yield _bad("Valkey", _("Valkey refuses the password."), _("Check the password in REDIS_URL."))
        return
    except ValueError:
        yield _bad(
            "Valkey",
            _("The Valkey address cannot be read."),
            _("Write it as redis://host:6379/0, rediss://… or unix://path?db=0."),
        )
        return
    except redis.exceptions.RedisError as error:
        yield _bad(
            "Valkey",
            _("Valkey does not answer: {reason}", reason=_first_line(error)),
            _("Check that Valkey is running and that REDIS_URL is right. Jobs wait until then."),
        )
        return
    yield _well("Valkey", _("Valkey answers."))
    if policy == "noeviction":
        yield _well("Valkey", _("Valkey keeps what it is given."))
    else:
        yield _bad(
            "Valkey",
            _("Valkey may drop queued work when its memory is full ({policy}).", policy=policy),
            _("Set maxmemory-policy to noeviction."),
        )


def _storage(settings: Addresses) -> Iterator[Finding]:
    if not settings.s3_endpoint_url:
        yield _bad("S3", _("No storage address is set."), _("Set S3_ENDPOINT_URL."))
        return
    bucket, key, content = settings.s3_bucket, f".doctor/{uuid.uuid4()}", b"probe"
    try:
        client = boto3.client(
            "s3",
            endpoint_url=settings.s3_endpoint_url,
            aws_access_key_id=settings.s3_access_key_id,
            aws_secret_access_key=settings.s3_secret_access_key,
            region_name="us-east-1",
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                retries={"total_max_attempts": 1},
                connect_timeout=3,
                read_timeout=10,
            ),
        )
        # Listing, because its refusal names the reason; asking for the bucket alone does not.
        client.list_objects_v2(Bucket=bucket, MaxKeys=1)
        yield _well("S3", _("The storage answers and holds the bucket {bucket}.", bucket=bucket))
        client.put_object(Bucket=bucket, Key=key, Body=content)
        is_same = client.get_object(Bucket=bucket, Key=key)["Body"].read() == content
        client.delete_object(Bucket=bucket, Key=key)
    except ClientError as error:
        yield _refused(error, bucket)
    except (BotoCoreError, ValueError) as error:
        yield _bad(
            "S3",
            _("The storage does not answer: {reason}", reason=_first_line(error)),
            _("Check that the storage is running and that S3_ENDPOINT_URL is right."),
        )
    else:
        if is_same:
            yield _well("S3", _("A file could be written, read and deleted."))
        else:
            yield _bad(
                "S3",
                _("A file came back different from what was written."),
                _("Check the disk of the storage, and any proxy in front of it."),
            )


def _refused(error: ClientError, bucket: str) -> Finding:
    code = str(error.response.get("Error", {}).get("Code", ""))
    if code in ("NoSuchBucket", "404"):
        return _bad(
            "S3",
            _("The bucket {bucket} does not exist.", bucket=bucket),
            _("Create it, or set S3_BUCKET to the right name."),
        )
    if code in ("InvalidAccessKeyId", "SignatureDoesNotMatch", "403"):
        return _bad(
            "S3",
            _("The storage refuses the access key or its secret."),
            _("Check S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY."),
        )
    return _bad(
        "S3",
        _("The storage refuses a request to the bucket {bucket}: {reason}", bucket=bucket, reason=code),
        _("The key needs the right to list, read, write and delete in this bucket; the disk must have room."),
    )


def _disk(folder: Path) -> Finding:
    total, _used, free = shutil.disk_usage(folder)
    room = f"{free / GIBIBYTE:.1f}"
    if free < min(total * 0.05, 5 * GIBIBYTE):
        return _bad(
            _("Disk"),
            _("The disk is nearly full: {size} GB left.", size=room),
            _("Make room. PostgreSQL stops when nothing is left, and loses nothing by it."),
        )
    return _well(_("Disk"), _("The disk has {size} GB left.", size=room))


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _migrate_first() -> str:
    return _("Run: portico db upgrade")
