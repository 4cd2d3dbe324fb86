"""What clients upload is kept as it was sent, hangs where they said, and is seen by them and their broker only."""

from __future__ import annotations

import datetime
import html
import io
import re
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage

from app.documents import uploads
from tenants import current, visibility
from tests.documents.files import PDF, PNG, word_document
from tests.factories import table

MB = 1 << 20


@pytest.fixture
def holder(make: Any) -> Any:
    return make.policyholder("Nordwerk")


@pytest.fixture
def contract(make: Any, holder: Any) -> Any:
    return make.contract(holder)


@pytest.fixture
def organization(make: Any, contract: Any, holder: Any) -> Any:
    shared = make.row("document_profiles", key="shared", name="Shared", tags=["portal"])
    return make.organization(holder, document_profile_id=shared)


@pytest.fixture
def klara(make: Any, organization: Any) -> Any:
    return make.member(organization)


@pytest.fixture
def client(klara: Any, sign_in: Any) -> Any:
    return sign_in(klara)


def send(browser: Any, *files: tuple[bytes, str], of: str = "", **said: str) -> Any:
    form = {"document_type": "photo", "title": "", "dated_on": "2026-03-02", **said}
    return browser.post(
        f"/documents/upload{'?of=' + of if of else ''}",
        data={**form, "files": [(io.BytesIO(content), name) for content, name in files]},
        content_type="multipart/form-data",
        headers={"Accept-Language": "en"},
    )


def said(answer: Any) -> str:
    """What the page says beside the files."""
    found = re.search(r'id="files-error"[^>]*>.*?<span>(.*?)</span>', answer.text, re.S)
    return html.unescape(found[1]).replace("\u00a0", " ") if found else ""


def test_what_was_sent_comes_back_byte_by_byte(client, make, klara, contract, portal):
    answer = send(client, (PDF, "Dach Halle 4.pdf"), of=f"contract:{contract}")

    assert answer.status_code == 303
    page = client.get(answer.location, headers={"Accept-Language": "en"})
    assert "The document is uploaded" in page.text
    assert "Only you and your broker see it." in page.text
    (row,) = make.rows("documents")
    assert (row.title, row.file_name, row.media_type) == (
        "Dach Halle 4",
        "Dach Halle 4.pdf",
        "application/pdf",
    )
    assert (row.document_type, row.dated_on, row.tags) == ("photo", datetime.date(2026, 3, 2), [])
    assert (row.size, row.uploaded_by_id) == (len(PDF), make.user_of(klara))
    assert b"".join(portal.extensions["storage"].read(make.tenant_id, row.sha256)) == PDF
    (link,) = make.rows("document_links")
    assert (link.document_id, link.contract_id) == (row.id, contract)
    link = client.get(f"/documents/{row.id}/file").location
    assert client.get(link).data == PDF
    assert "Dach Halle 4" in client.get(f"/contracts/{contract}").text
    # The note is for the moment.
    assert "The document is uploaded" not in client.get(f"/documents/{row.id}").text


def test_nobody_but_the_uploader_and_the_broker_sees_it_until_it_has_a_shared_tag(
    client, make, organization, contract, sign_in, neighbour, web
):
    path = send(client, (PNG, "Roof.png"), of=f"contract:{contract}").location
    colleague = sign_in(make.member(organization))
    staff = sign_in(user=make.user(is_staff=True, profile_id=make.profile(is_staff=True)))
    stranger = sign_in(
        user=neighbour.user(is_staff=True, profile_id=neighbour.profile(is_staff=True)), at=neighbour
    )
    assert [one.get(path).status_code for one in (client, staff, colleague, stranger)] == [200, 200, 404, 404]
    (row,) = make.rows("documents")

    make.change("documents", row.id, tags=["portal"])

    assert colleague.get(path).status_code == 200
    with current.acting_for(make.tenant_id), web.begin() as connection:
        assert visibility.differences(connection) == []


def test_several_at_once_and_to_no_record(client, make):
    answer = send(client, (PDF, "a.pdf"), (PNG, "b.png"), (word_document(), "c.docx"), title="Storm damage")

    assert answer.location == "/documents/upload?uploaded=3"
    assert "3 documents are uploaded." in client.get(answer.location, headers={"Accept-Language": "en"}).text
    assert {(row.title, row.media_type.rsplit(".", 1)[-1]) for row in make.rows("documents")} == {
        ("Storm damage, a", "application/pdf"),
        ("Storm damage, b", "image/png"),
        ("Storm damage, c", "document"),
    }
    assert make.rows("document_links") == []
    acts = [row for row in make.rows("audit") if row.act == "document.upload"]
    assert {row.after["file_name"] for row in acts} == {"a.pdf", "b.png", "c.docx"}


def test_all_files_or_none_and_nothing_typed_is_lost(client, make, contract):
    answer = send(
        client, (PDF, "a.pdf"), (b"MZ\x90\0", "setup.pdf"), of=f"contract:{contract}", title="Storm & hail"
    )

    assert answer.status_code == 422
    assert said(answer) == (
        "‘setup.pdf’ could run on a computer and is not accepted. Send a PDF, a picture or an office document."
    )
    assert 'value="Storm &amp; hail"' in answer.text
    assert '<option value="photo" selected>' in answer.text
    assert f'action="/documents/upload?of=contract:{contract}"' in answer.text
    assert make.rows("documents") == []


@pytest.mark.parametrize(
    ("control", "change"),
    [
        ("document_type", {"document_type": ""}),
        ("document_type", {"document_type": "nonsense"}),
        ("dated_on", {"dated_on": "2026-02-30"}),
        ("title", {"title": "x" * 201}),
    ],
)
def test_what_is_wrong_stands_beside_its_field(client, make, control, change):
    answer = send(client, (PDF, "a.pdf"), **change)
    assert answer.status_code == 422
    assert f'id="{control}-error"' in answer.text
    assert make.rows("documents") == []


def test_without_a_file_there_is_nothing_to_keep(client, make):
    assert said(send(client)) == "Choose a file."
    assert said(send(client, (b"", "a.pdf"))) == "‘a.pdf’ is empty. Choose another file."
    assert said(send(client, *[(PDF, f"{n}.pdf") for n in range(21)])) == "At most 20 files at once."
    assert make.rows("documents") == []


def test_a_file_over_the_limit_is_told_its_size(client, make, owner):
    _set(owner, make, upload_megabytes=2)
    exactly = PDF + b"0" * (2 * MB - len(PDF))

    answer = send(client, (exactly + b"0", "survey.pdf"))

    assert answer.status_code == 422
    assert said(answer) == "‘survey.pdf’ is 2.1 MB; the limit is 2 MB. Split the file or send us a message."
    assert make.rows("documents") == []
    assert send(client, (exactly, "survey.pdf")).status_code == 303


def test_storage_itself_holds_the_limit_while_it_streams(client, make, monkeypatch):
    """Should somebody’s stream be longer than it says."""
    monkeypatch.setattr(uploads, "_size", lambda stream: 1)
    monkeypatch.setattr(uploads, "MB", 10)
    answer = send(client, (PDF + b"0" * 5000, "survey.pdf"))
    assert answer.status_code == 422
    assert "survey.pdf" in said(answer)
    assert make.rows("documents") == []


def test_more_than_a_form_may_hold_is_refused_in_words(client, make):
    answer = send(client, (PDF + b"0" * (65 * MB), "film.mp4"))
    assert answer.status_code == 413
    assert "This is too large" in answer.text
    assert make.rows("documents") == []


@pytest.mark.parametrize("cookie", [None, "made up"])
def test_nobody_has_us_keep_files_before_we_know_him(nobody, make, cookie):
    if cookie:
        nobody.client.set_cookie("portico", cookie, domain=f"{make.tenant_id.hex}.test")
    form = {"email": "x@example.test", "password": "y", "file": (io.BytesIO(b"0" * (2 * MB)), "film.mp4")}

    answer = nobody.post("/sign-in", data=form, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert send(nobody, (PDF + b"0" * (65 * MB), "film.mp4")).location == "/sign-in"


def test_the_broker_says_which_types_there_are_and_whether_one_is_needed(client, make, owner):
    _set(owner, make, upload_types=["claim_report", "photo"], upload_type_required=False)
    page = client.get("/documents/upload").text
    assert re.findall(r'<option value="(\w*)"', page.partition("document_type")[2]) == [
        "",
        "photo",
        "claim_report",
    ]

    assert send(client, (PDF, "a.pdf"), document_type="policy").status_code == 422
    assert send(client, (PDF, "a.pdf"), document_type="").status_code == 303
    assert [row.document_type for row in make.rows("documents")] == ["other"]


def test_whoever_has_not_the_function_has_no_way_to_it(make, organization, contract, sign_in):
    reader = sign_in(make.member(organization, make.profile(without=("function:document.upload",))))
    for path in (f"/contracts/{contract}", "/documents"):
        assert "/documents/upload" not in reader.get(path).text
    assert reader.get("/documents/upload").status_code == 403
    assert send(reader, (PDF, "a.pdf")).status_code == 403


def test_the_way_there_stands_on_each_kind_of_record_and_on_the_overview(client, make, contract, holder):
    there = {
        f"/contracts/{contract}": f"contract:{contract}",
        f"/policyholders/{holder}": f"policyholder:{holder}",
        f"/claims/{(claim := make.claim(contract))}": f"claim:{claim}",
        f"/invoices/{(invoice := make.invoice(holder, contract))}": f"invoice:{invoice}",
        f"/certificates/{(certificate := make.certificate(contract))}": f"certificate:{certificate}",
    }
    for path, word in there.items():
        assert f'href="/documents/upload?of={word}"' in client.get(path).text
        assert send(client, (PDF, "a.pdf"), of=word).status_code == 303
    assert 'href="/documents/upload' in client.get("/documents").text
    assert len(make.rows("document_links")) == len(there)


def test_staff_of_one_unit_see_what_they_uploaded_to_no_record(make, sign_in, contract):
    clerk = make.user(is_staff=True, profile_id=make.profile(is_staff=True))
    make.row("staff_mandates", user_id=clerk, mandate_id=make.mandate("Wien"))
    desk = sign_in(user=clerk)
    assert desk.get(send(desk, (PDF, "a.pdf")).location).status_code == 200
    assert send(desk, (PDF, "a.pdf"), of=f"contract:{contract}").status_code == 404


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\klara\\roof.pdf", "roof.pdf"),
        ("pass\u202efdp\r\n.exe\0.pdf", "passfdp.exe.pdf"),
        ("x" * 400 + ".pdf", "x" * 196 + ".pdf"),
        ("/", "file"),
    ],
)
def test_names_of_files_are_names_only(sent, kept):
    assert uploads.name_of(FileStorage(io.BytesIO(PDF), sent)) == kept


def _set(owner: Any, make: Any, **values: Any) -> None:
    with current.acting_for(make.tenant_id), owner.begin() as connection:
        tenants = table("tenants")
        connection.execute(tenants.update().where(tenants.c.tenant_id == make.tenant_id).values(**values))
