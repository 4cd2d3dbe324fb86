"""Embedded servers: PostgreSQL, Valkey and S3 storage as children of Portico, or managed ones by address."""

from app.core.servers.launcher import AlreadyRunning, Launcher, environment_of
from app.core.servers.process import ServerFailed

__all__ = ["AlreadyRunning", "Launcher", "ServerFailed", "environment_of"]
