"""Imports from outside: GDV files, the command line, the API."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from app.exchange.commands import import_
from app.exchange.gdv import FOOTER_REASONS
from app.exchange.gdv_import import take_gdv
from tenants import current

SAMPLES = Path(__file__).parent / "samples"


def take_sample(web, name, **how):
    with (SAMPLES / name).open("rb") as stream:
        return take_gdv(web, stream, mandate="M-1", file_name=name, **how).summary


@pytest.mark.usefixtures("stock")
def test_a_gdv_file_comes_in_once_and_twice_changes_nothing(web):
    first = take_sample(web, "musterdatei_041222.txt")
    again = take_sample(web, "musterdatei_041222.txt")

    assert first["errors"] == []
    assert {kind: counts["new"] for kind, counts in first["taken"].items()} == {
        "insurer": 1, "policyholder": 10, "contract": 14, "object": 18,
    }  # fmt: skip
    assert all(counts["new"] == counts["changed"] == 0 for counts in again["taken"].values())
    with web.begin() as connection:
        total = connection.execute(
            text("select sum(premium_net) from contracts where tenant_id = :t and key like '9999-%'"),
            {"t": current.tenant_id()},
        ).scalar_one()
    assert total == Decimal(first["premium_total"]) == Decimal("4806.00")


@pytest.mark.parametrize(
    "name", ["igor_110120.txt", "drei_datenpakete.txt", "missing_nachsatz.gdv", "garbage.gdv"]
)
@pytest.mark.usefixtures("stock")
def test_a_broken_gdv_file_is_reported_and_leaves_nothing(web, name):
    count = text("select count(*) from contracts where tenant_id = :t")
    with web.begin() as connection:
        before = connection.execute(count, {"t": current.tenant_id()}).scalar_one()

    summary = take_sample(web, name)

    assert summary["refused"] == summary["packages"]
    assert all(error["line"] and error["text"] for error in summary["errors"])
    with web.begin() as connection:
        assert connection.execute(count, {"t": current.tenant_id()}).scalar_one() == before


def values(web, statement):
    with web.begin() as connection:
        return [tuple(row) for row in connection.execute(text(statement), {"t": current.tenant_id()})]


@pytest.mark.usefixtures("stock")
def test_good_packages_stay_beside_refused_ones(web):
    summary = take_sample(web, "multi_package.gdv")

    assert (summary["packages"], summary["refused"], summary["contracts"]) == (3, 2, 14)
    assert summary["taken"]["contract"]["new"] == 14


@pytest.mark.usefixtures("stock")
@pytest.mark.parametrize(
    ("name", "partners", "contracts", "holders", "premium"),
    [
        ("unfall.gdv", 1, 1, 1, "126.80"),
        ("muster_kfzantrag.gdv", 8, 4, 4, "0.00"),
        ("kranken.gdv", 2, 1, 1, "147.80"),
        ("multiple_addresses.gdv", 2, 1, 1, "44.00"),
    ],
)
def test_a_mismatch_is_taken_when_accepted_and_put_on_record(
    web, name, partners, contracts, holders, premium
):
    refused = take_sample(web, name)
    taken = take_sample(web, name, accept_mismatch=True)
    again = take_sample(web, name, accept_mismatch=True)

    assert refused["refused"] == 1
    assert {error["reason"] for error in refused["errors"]} <= FOOTER_REASONS
    assert (taken["partners"], taken["contracts"], taken["premium_total"]) == (partners, contracts, premium)
    assert taken["taken"]["contract"]["new"] == contracts
    assert taken["taken"]["policyholder"]["new"] == holders
    assert all(counts["new"] == counts["changed"] == 0 for counts in again["taken"].values())
    recorded = values(
        web,
        """select summary -> 'mismatches_accepted' -> 0 -> 'footer' -> 0 from imports
            where tenant_id = :t and file_name is not null and summary -> 'mismatches_accepted' <> '[]'""",
    )
    (first, *_rest), *_later = recorded
    footer = next(note for note in taken["notes"] if note["reason"] in FOOTER_REASONS)
    assert (first["line"], first["field"]) == (footer["line"], footer["field"])
    assert Decimal(first["announced"]) != Decimal(first["found"])
    audited = values(
        web, "select after -> 'mismatch_accepted' from audit where tenant_id = :t and act = 'import'"
    )
    assert any(entry[0] for entry in audited)


@pytest.mark.usefixtures("stock")
def test_an_insurer_keeps_the_name_he_has_when_a_file_knows_his_number_only(web, give):
    take_sample(web, "muster_kfzantrag.gdv", accept_mismatch=True)
    names = "select name from insurers where tenant_id = :t and key = '4711'"
    assert values(web, names) == [("4711",)]

    give("insurer", {"key": "4711", "name": "Nordlicht Versicherung"})
    again = take_sample(web, "muster_kfzantrag.gdv", accept_mismatch=True)

    assert values(web, names) == [("Nordlicht Versicherung",)]
    assert "nameless_insurer" not in {note["reason"] for note in again["notes"]}


@pytest.mark.usefixtures("stock")
def test_what_the_database_refuses_is_told_with_the_line_it_came_from(web):
    lines = (SAMPLES / "musterdatei_041222.txt").read_bytes().replace(b"EUR0000000", b"EUX0000000")
    summary = take_gdv(web, io.BytesIO(lines), mandate="M-1").summary

    assert (summary["refused"], summary["contracts"], summary["taken"]) == (1, 0, {})
    first = summary["errors"][0]
    assert (first["line"], first["field"], first["value"]) == (5, "Währung", "EUX")
    assert first["record"] == "Vertrag 9999-59999999999"
    assert lines.splitlines()[first["line"] - 1].startswith(b"0200")
    assert all(lines.splitlines()[error["line"] - 1].startswith(b"0200") for error in summary["errors"])


@pytest.mark.usefixtures("tenant_id")
def test_a_gdv_file_for_an_unknown_broker_unit_is_refused(web):
    summary = take_sample(web, "musterdatei_041222.txt")

    assert summary["refused"] == 1
    assert {(error["field"], error["value"]) for error in summary["errors"]} == {("Mandant", "M-1")}


@pytest.fixture
def portico(portal, make):
    def portico(*words):
        with portal.app_context():
            return portal.test_cli_runner().invoke(
                import_, [*map(str, words), "--tenant", make.tenant_id.hex]
            )

    return portico


def test_the_command_reports_in_words_and_json_and_ends_with_1_on_errors(portico, tmp_path):
    file = tmp_path / "insurers.json"
    file.write_text('{"key": "1", "name": "A"}\n{"key": "2"}\n')

    refused = portico("json", "insurer", file)
    assert refused.exit_code == 1
    assert "name" in refused.output

    file.write_text('{"key": "1", "name": "A"}\n')
    trial = json.loads(portico("json", "insurer", file, "--dry-run", "--json").output)
    assert (trial["new"], trial["dry_run"]) == (1, True)
    assert portico("json", "insurer", file).exit_code == 0
    assert json.loads(portico("json", "insurer", file, "--json").output)["unchanged"] == 1


def test_the_command_takes_csv_and_gdv(portico, tmp_path):
    file = tmp_path / "units.csv"
    file.write_text("key;name;country\nM-1;Nord;DE\n")

    assert portico("csv", "mandate", file).exit_code == 0
    done = portico("gdv", SAMPLES / "musterdatei_041222.txt", "--mandate", "M-1", "--json")
    assert done.exit_code == 0
    assert json.loads(done.output)["contracts"] == 14
    assert portico("gdv", SAMPLES / "igor_110120.txt").exit_code == 1


def test_the_command_tells_a_clerk_what_happened_and_what_to_do(portico, tmp_path):
    units = tmp_path / "units.csv"
    units.write_text("key;name;country\nM-1;Nord;DE\nM-2;Süd;DE\n")
    portico("csv", "mandate", units)

    assert "M-1, M-2" in portico("gdv", SAMPLES / "kranken.gdv").output
    assert "M-1, M-2" in portico("gdv", SAMPLES / "kranken.gdv", "--mandate", "M-9").output
    said = portico("gdv", SAMPLES / "multi_package.gdv", "--mandate", "M-1", "--language", "de")

    assert said.exit_code == 1
    assert (
        "Paket 2, Zeilen 10 bis 174 (XXX Versicherung AG): übernommen. Sein Nachsatz stimmt." in said.output
    )
    assert (
        "  Zeilen 9, 183, Satz 9999, Feld Anzahl der Sätze, „0000000400“: "
        "Der Nachsatz nennt 400 Sätze; gefunden wurden 7." in said.output
    )
    assert "--accept-mismatch" in said.output
    told = portico("gdv", SAMPLES / "multi_package.gdv", "--mandate", "M-1", "--json", "--dry-run")
    report = json.loads(told.output)
    assert {"packages", "records", "partners", "contracts", "premium_total", "errors"} <= report.keys()
    assert [error["line"] for error in report["errors"]] == [9, 183]


def test_the_command_stores_a_documents_file_before_its_record(portico, make, tmp_path, web):
    (tmp_path / "police.pdf").write_bytes(b"%PDF-1.7 x")
    file = tmp_path / "documents.json"
    row = {"key": "D-1", "title": "Police", "document_type": "policy", "file": "police.pdf"}
    file.write_text(json.dumps(row))

    assert portico("json", "document", file).output
    with current.acting_for(make.tenant_id), web.begin() as connection:
        assert connection.execute(
            text("select file_name, media_type, size from documents where tenant_id = :t"),
            {"t": make.tenant_id},
        ).all() == [("police.pdf", "application/pdf", 10)]

    for path in ("../../../etc/passwd", "/etc/passwd", "missing.pdf", 5, "."):
        file.write_text(json.dumps(row | {"file": path}))
        answer = portico("json", "document", file, "--json")
        assert answer.exit_code == 1
        assert json.loads(answer.output)["errors"][0]["reason"] == "file_unreadable"


@pytest.fixture
def desk(make, sign_in):
    """Somebody at the broker's desk whose profile lets him import."""
    profile = make.row("profiles", key="desk", name="Desk")
    make.row("profile_rules", profile_id=profile, subject="function:import", action="use")
    user = make.row("users", email="desk@broker.test", name="Eva Lang", is_staff=True, profile_id=profile)
    desk = sign_in(user=user)

    def post(path, data, content_type):
        return desk.post(
            f"/api/v1/import/{path}", data=data, content_type=content_type, headers={"Origin": desk.base}
        )

    return post


def test_the_api_takes_ndjson_and_csv(desk):
    assert desk("insurer", b'{"key": "1", "name": "A"}\n', "application/x-ndjson").json["new"] == 1

    trial = desk("insurer?dry_run=1", b"key;name\n1;B\n2;C\n", "text/csv; charset=utf-8").json
    assert (trial["new"], trial["changed"]) == (1, 1)
    assert trial["differences"]["name"]["examples"] == [{"key": "1", "old": "A", "new": "B"}]


@pytest.mark.parametrize(
    ("path", "data", "content_type", "status"),
    [
        ("insurer", b'{"key": "1"}', "application/x-ndjson", 422),
        ("insurer", b"\xff\x00", "application/x-ndjson", 422),
        ("insurer", b"", "text/csv", 422),
        ("insurer", b"{}", "application/json", 415),
        ("insurer?dry_run=perhaps", b"", "text/csv", 422),
        ("insurer?foo=1", b"", "text/csv", 422),
        ("secret", b"", "text/csv", 404),
        ("document", b'{"key": "1", "file": "/etc/passwd"}', "application/x-ndjson", 422),
    ],
)
def test_the_api_refuses_with_reasons(desk, path, data, content_type, status):
    answer = desk(path, data, content_type)

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_nobody_imports_unasked(nobody):
    assert nobody.post("/api/v1/import/insurer", data=b"", content_type="text/csv").status_code == 401
