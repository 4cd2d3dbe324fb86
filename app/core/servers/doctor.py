"""Says in words what is wrong with PostgreSQL, Valkey, the storage or the disk, and what to do about it."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
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

from app.core.formats import formats_for
from app.core.servers.backlog import jobs
from app.core.servers.findings import Finding, bad, first_line, migrate_first, well
from app.core.text import _, language

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


def _postgres(settings: Addresses) -> Iterator[Finding]:
    if not settings.database_url:
        yield bad("PostgreSQL", _("No database address is set."), _("Set DATABASE_URL."))
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
        yield bad(
            "PostgreSQL",
            _("The database address cannot be read."),
            _("Write it as postgresql+psycopg://role:password@host:5432/database."),
        )
    except DBAPIError as error:
        yield bad(
            "PostgreSQL",
            _("The database does not answer: {reason}", reason=first_line(error.orig)),
            _("Check that PostgreSQL is running and that the address, the role and its password are right."),
        )


def _as_web_role(connection: Connection) -> Iterator[Finding]:
    version = connection.execute(text("show server_version")).scalar_one().split()[0]
    if int(version.split(".")[0]) < OLDEST_POSTGRES:
        yield bad(
            "PostgreSQL",
            _("PostgreSQL {version} is too old.", version=version),
            _("Upgrade to PostgreSQL {version} or later.", version=OLDEST_POSTGRES),
        )
    else:
        yield well("PostgreSQL", _("PostgreSQL {version} answers.", version=version))
    role = connection.execute(text("select current_user")).scalar_one()
    yield _wall(connection, role)
    yield _ownership(connection, role)
    yield _rates(connection)
    yield from jobs(connection)


def _wall(connection: Connection, role: str) -> Finding:
    may_bypass = connection.execute(
        text(
            "select bool_or(rolsuper or rolbypassrls) from pg_roles"
            # A member may become the role it belongs to, and bypass with it.
            " where rolname = current_user or pg_has_role(current_user, oid, 'set')"
        )
    ).scalar_one()
    if may_bypass:
        return bad(
            "PostgreSQL",
            _("The role {role} may pass the wall between brokers.", role=role),
            _("Use a role without SUPERUSER and BYPASSRLS in DATABASE_URL."),
        )
    return well("PostgreSQL", _("The role {role} cannot pass the wall between brokers.", role=role))


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
        return bad(
            "PostgreSQL",
            _("The role {role} owns tables and could take their wall down.", role=role),
            _("Let another role own the tables and run the migrations; set it in DATABASE_OWNER_URL."),
        )
    if may_create:
        return bad(
            "PostgreSQL",
            _("The role {role} may create tables.", role=role),
            _("Revoke CREATE on the schema public and CREATE, TEMPORARY on the database."),
        )
    return well("PostgreSQL", _("The role {role} owns nothing and cannot create tables.", role=role))


def _rates(connection: Connection) -> Finding:
    advice = _("Run: portico rates update --seed")
    try:
        if connection.execute(text("select to_regclass('public.exchange_rates')")).scalar_one() is None:
            return bad("PostgreSQL", _("There is no table for exchange rates yet."), migrate_first())
        day = connection.execute(text("select max(day) from public.exchange_rates")).scalar_one()
    except DBAPIError as error:
        connection.rollback()
        return bad(
            "PostgreSQL",
            _("The exchange rates cannot be read: {reason}", reason=first_line(error.orig)),
            migrate_first(),
        )
    if day is None:
        return bad("PostgreSQL", _("No exchange rates are loaded."), advice)
    return well(
        "PostgreSQL", _("Exchange rates are loaded up to {day}.", day=formats_for(language()).day(day))
    )


def _as_owner(connection: Connection) -> Iterator[Finding]:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    wanted = set(ScriptDirectory.from_config(config).get_heads())
    if connection.execute(text("select to_regclass('public.alembic_version')")).scalar_one() is None:
        yield bad("PostgreSQL", _("The database has no tables yet."), migrate_first())
        return
    found = set(connection.execute(text("select version_num from public.alembic_version")).scalars())
    if found == wanted:
        yield well("PostgreSQL", _("All migrations have been applied."))
    else:
        yield bad(
            "PostgreSQL",
            _(
                "The tables do not belong to this version of Portico: {found} instead of {wanted}.",
                found=", ".join(sorted(found)) or "–",
                wanted=", ".join(sorted(wanted)) or "–",
            ),
            migrate_first(),
        )


def _valkey(settings: Addresses) -> Iterator[Finding]:
    if not settings.redis_url:
        yield bad("Valkey", _("No Valkey address is set."), _("Set REDIS_URL."))
        return
    try:
        with redis.Redis.from_url(settings.redis_url, socket_timeout=3, socket_connect_timeout=3) as client:
            client.ping()
            # INFO, because managed services often forbid CONFIG.
            policy = client.info("memory").get("maxmemory_policy", "noeviction")
    except redis.exceptions.AuthenticationError:
        yield bad("Valkey", _("Valkey refuses the password."), _("Check the password in REDIS_URL."))
        return
    except ValueError:
        yield bad(
            "Valkey",
            _("The Valkey address cannot be read."),
            _("Write it as redis://host:6379/0, rediss://… or unix://path?db=0."),
        )
        return
    except redis.exceptions.RedisError as error:
        yield bad(
            "Valkey",
            _("Valkey does not answer: {reason}", reason=first_line(error)),
            _("Check that Valkey is running and that REDIS_URL is right. Jobs wait until then."),
        )
        return
    yield well("Valkey", _("Valkey answers."))
    if policy == "noeviction":
        yield well("Valkey", _("Valkey keeps what it is given."))
    else:
        yield bad(
            "Valkey",
            _("Valkey may drop queued work when its memory is full ({policy}).", policy=policy),
            _("Set maxmemory-policy to noeviction."),
        )


def _storage(settings: Addresses) -> Iterator[Finding]:
    if not settings.s3_endpoint_url:
        yield bad("S3", _("No storage address is set."), _("Set S3_ENDPOINT_URL."))
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
        yield well("S3", _("The storage answers and holds the bucket {bucket}.", bucket=bucket))
        client.put_object(Bucket=bucket, Key=key, Body=content)
        is_same = client.get_object(Bucket=bucket, Key=key)["Body"].read() == content
        client.delete_object(Bucket=bucket, Key=key)
    except ClientError as error:
        yield _refused(error, bucket)
    except (BotoCoreError, ValueError) as error:
        yield bad(
            "S3",
            _("The storage does not answer: {reason}", reason=first_line(error)),
            _("Check that the storage is running and that S3_ENDPOINT_URL is right."),
        )
    else:
        if is_same:
            yield well("S3", _("A file could be written, read and deleted."))
        else:
            yield bad(
                "S3",
                _("A file came back different from what was written."),
                _("Check the disk of the storage, and any proxy in front of it."),
            )


def _refused(error: ClientError, bucket: str) -> Finding:
    code = str(error.response.get("Error", {}).get("Code", ""))
    if code in ("NoSuchBucket", "404"):
        return bad(
            "S3",
            _("The bucket {bucket} does not exist.", bucket=bucket),
            _("Create it, or set S3_BUCKET to the right name."),
        )
    if code in ("InvalidAccessKeyId", "SignatureDoesNotMatch", "403"):
        return bad(
            "S3",
            _("The storage refuses the access key or its secret."),
            _("Check S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY."),
        )
    return bad(
        "S3",
        _("The storage refuses a request to the bucket {bucket}: {reason}", bucket=bucket, reason=code),
        _("The key needs the right to list, read, write and delete in this bucket; the disk must have room."),
    )


def _disk(folder: Path) -> Finding:
    total, _used, free = shutil.disk_usage(folder)
    room = formats_for(language()).number(Decimal(free) / GIBIBYTE, 1)
    if free < min(total * 0.05, 5 * GIBIBYTE):
        return bad(
            _("Disk"),
            _("The disk is nearly full: {size} GB left.", size=room),
            _("Make room. PostgreSQL stops when nothing is left, and loses nothing by it."),
        )
    return well(_("Disk"), _("The disk has {size} GB left.", size=room))
