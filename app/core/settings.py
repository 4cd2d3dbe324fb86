"""What an installation can be told from outside, read from the environment once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    """Addresses and secrets. Secrets come from the environment only and never show in a repr."""

    database_url: str = field(default="", repr=False)
    database_owner_url: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)
    s3_endpoint_url: str = ""
    s3_access_key_id: str = field(default="", repr=False)
    s3_secret_access_key: str = field(default="", repr=False)
    s3_bucket: str = "portico"
    secret_key: str = field(default="", repr=False)
    smtp_url: str = field(default="", repr=False)
    """`smtp://user:password@host:587`, or `smtps://` where the connection is encrypted from its start;
    `file:///folder` keeps mails there for whoever tries the portal. Without it, they wait in the outbox."""
    mail_sender: str = ""
    """The address mails come from where a broker has none of his own."""
    base_host: str = ""
    """Host under which new tenants get their name, such as `localhost:8080`."""
    is_strict: bool = False
    """Whether a template that names something unknown fails, as the tests want, or leaves it empty."""
    rows_at_once: int = 50_000
    """Rows up to which an Excel file is made while somebody waits; larger ones are prepared by a job."""
    export_hours: int = 24
    """How long a prepared file can be fetched."""
    is_secure: bool = False
    """Whether the portal is reached through https: cookies are then bound to it."""

    @classmethod
    def from_environment(cls) -> Settings:
        env = os.environ
        return cls(
            database_url=env.get("DATABASE_URL", ""),
            database_owner_url=env.get("DATABASE_OWNER_URL", env.get("DATABASE_URL", "")),
            redis_url=env.get("REDIS_URL", ""),
            s3_endpoint_url=env.get("S3_ENDPOINT_URL", ""),
            s3_access_key_id=env.get("S3_ACCESS_KEY_ID", ""),
            s3_secret_access_key=env.get("S3_SECRET_ACCESS_KEY", ""),
            s3_bucket=env.get("S3_BUCKET", "portico"),
            secret_key=env.get("SECRET_KEY", ""),
            smtp_url=env.get("SMTP_URL", ""),
            mail_sender=env.get("MAIL_SENDER", ""),
            base_host=env.get("PORTICO_HOST", ""),
            rows_at_once=int(env.get("PORTICO_ROWS_AT_ONCE", cls.rows_at_once)),
            export_hours=int(env.get("PORTICO_EXPORT_HOURS", cls.export_hours)),
            is_secure=env.get("PORTICO_SCHEME", "http") == "https",
        )
