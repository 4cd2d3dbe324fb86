"""Mails kept in a folder, as the demonstration does: whole, readable, for their owner's eyes."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest

from app.core import mail

LINK = "http://hansen.localhost:8080/invitations/" + "a=b?" * 60


def kept(folder: Path, to: str) -> Path:
    message = mail.written(
        "noreply@broker.example",
        "Hänsel & Söhne",
        to,
        "Grüße",
        f"Guten Tag,\n\n{LINK}\n",
        headers={},
        attached={"Übersicht.pdf": (b"%PDF", "application/pdf")},
    )
    before = set(folder.glob("*"))
    mail.send(folder.as_uri(), message)
    (new,) = set(folder.glob("*")) - before
    return new


def test_a_mail_in_a_folder_is_whole_and_its_link_stands_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "mails of Jörg"

    path = kept(folder, "erika.beispiel@client.example")

    assert f"\n{LINK}\n" in path.read_text()
    told = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert (told["To"], told["Subject"]) == ("erika.beispiel@client.example", "Grüße")
    body = told.get_body(("plain",))
    assert body is not None
    assert body.get_content() == f"Guten Tag,\n\n{LINK}\n"
    assert [(one.get_filename(), one.get_content()) for one in told.iter_attachments()] == [
        ("Übersicht.pdf", b"%PDF")
    ]
    assert (folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.parametrize("local", ["../../evil", "a/b", ".hidden", '"a b"'])
def test_no_address_leads_out_of_the_folder(tmp_path: Path, local: str) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()

    path = kept(folder, f"{local}@client.example")

    assert path.parent == folder
    assert path.name.endswith("@client.example.eml")
    assert sorted(tmp_path.rglob("*")) == [folder, path]
