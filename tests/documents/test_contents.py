"""A file is what its content says; what could run is not taken, whatever it is called."""

from __future__ import annotations

import io

import pytest

from app.core.text import set_language
from app.documents.codes import FILE_TYPES
from app.documents.contents import NotTaken, type_of_document
from tests.documents.files import OLE, PDF, PNG, directory, packed_as, word_document

OFFICE = "application/vnd.openxmlformats-officedocument."
TAKEN = {
    "application/pdf": PDF,
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\0" + b"\0" * 40,
    "image/heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "video/mp4": b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2",
    "text/plain": "Grüße aus Halle 4 <b>sehr</b> <script>".encode(),
    "message/rfc822": b"Received: from x\nSubject: a\n\n<html><script>1</script>",
    "application/xml": b"<?xml version='1.0'?><claim/>",
    "application/zip": packed_as({"Fotos/1.jpg": "x"}),
    f"{OFFICE}wordprocessingml.document": word_document(),
    f"{OFFICE}spreadsheetml.sheet": packed_as({"[Content_Types].xml": "", "xl/workbook.xml": ""}),
    "application/vnd.oasis.opendocument.text": packed_as(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}
    ),
    "application/msword": directory("WordDocument"),
    "application/vnd.ms-outlook": directory("__substg1.0_0037001F"),
    "application/octet-stream": b"\x01\x02\0\x03 drawing of a hall",
}
REFUSED = {
    "a page": b"<!DOCTYPE html><p>Hello",
    "a page after a mark and blanks": b"\xef\xbb\xbf \n<!-- x --><HTML>",
    "a page in UTF-16": "<html>".encode("utf-16"),
    "a drawing": b"<svg xmlns='http://www.w3.org/2000/svg'>",
    "a drawing in XML": b"<?xml version='1.0'?><s:svg xmlns:s='http://www.w3.org/2000/svg'/>",
    "a program of Windows": b"MZ\x90\0",
    "a program of Linux": b"\x7fELF\x02",
    "a script": b"#!/bin/sh\nrm -rf /",
    "an archive with a program": packed_as({"invoice.pdf.exe": "x"}),
    "macros in Word": word_document("word/vbaProject.bin"),
    "macros in an older document": directory("WordDocument", "_VBA_PROJECT"),
    "macros in OpenDocument": packed_as({"mimetype": "x", "Basic/Standard/Module1.xml": ""}),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_the_type_is_that_of_the_content(kind):
    stream = io.BytesIO(TAKEN[kind])
    assert type_of_document(stream, "what.ever") == kind
    assert kind in FILE_TYPES
    assert stream.tell() == 0


@pytest.mark.parametrize("what", REFUSED)
def test_what_could_run_is_not_taken_under_any_name(what):
    set_language("en")
    with pytest.raises(NotTaken) as refused:
        type_of_document(io.BytesIO(REFUSED[what]), "invoice.pdf")
    assert "‘invoice.pdf’" in str(refused.value)
    assert ("macros" in str(refused.value)) == ("macros" in what)


@pytest.mark.parametrize("name", ["a.js", "a.EXE", "a.pdf.bat", "a.exe. ", "a.svg", "a.xlsm", "a.hta"])
def test_nor_is_what_a_computer_runs_by_its_name(name):
    with pytest.raises(NotTaken):
        type_of_document(io.BytesIO(b"Good morning"), name)


def test_an_archive_with_a_list_nobody_would_read_is_not_taken():
    many = packed_as({f"{n:0200}": "" for n in range(20_000)})
    with pytest.raises(NotTaken):
        type_of_document(io.BytesIO(many), "many.zip")
    few = packed_as({f"{n:0200}": "" for n in range(200)})
    assert type_of_document(io.BytesIO(few), "few.zip") == "application/zip"


def test_what_only_begins_like_an_archive_breaks_nothing():
    for content in (b"PK\x03\x04", b"PK\x03\x04" + b"\xff" * 500, word_document()[:-30], OLE[:20]):
        assert type_of_document(io.BytesIO(content), "a.zip") == "application/octet-stream"
