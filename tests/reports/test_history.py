"""What became of a record: what changed, when and from where, for whoever reads what changed."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

import pytest

from tests.factories.past import lived

JANUARY, FEBRUARY, MARCH = "2026-01-10", "2026-02-10", "2026-03-10"
READS_NUMBER = ("menu:contracts", "field:contract.number")


@pytest.fixture
def holder(make):
    return make.policyholder("Nordwerk")


@pytest.fixture
def contract(make, holder):
    """Its premium rose in February, its remarks and area changed in March; each import brought one."""
    found = make.contract(
        holder, number="F-1", premium_net=Decimal(900), remarks="Nachtrag 7", attributes={"area": "820 m²"}
    )
    imports = {
        day: make.row("imports", source="json", file_name=f"stock-{day}.json", summary={})
        for day in (FEBRUARY, MARCH)
    }
    was = {"premium_net": Decimal(500), "remarks": None, "attributes": {"area": "700 m²"}}
    lived(
        make, "contracts", found, (JANUARY, was), (FEBRUARY, {**was, "premium_net": Decimal(900), "import_id": imports[FEBRUARY]}),
        since=MARCH, import_id=imports[MARCH],
    )  # fmt: skip
    return found


def entries(reader, path):
    """The lines of the history as somebody hears them."""
    page = reader.get(path, headers={"Accept-Language": "en"})
    assert page.status_code == 200, page.text
    told = page.text.partition('id="history"')[2].partition("</section>")[0]
    items = re.findall(r"<li.*?</li>", told, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]*>", " ", item)).split()) for item in items]


@pytest.fixture
def reader(make, sign_in, holder):
    def reader(*subjects, **levels):
        profile = make.profile(*subjects, **levels) if subjects else None
        return sign_in(make.member(make.organization(holder), profile))

    return reader


def test_each_change_says_what_when_and_from_where(reader, contract):
    changes = entries(reader(), f"/contracts/{contract}")

    assert len(changes) == 3
    assert changes[0].startswith("10/03/2026, 13:00 ")
    assert "Remarks: before empty after Nachtrag 7" in changes[0]
    assert "before 700 m² after 820 m²" in changes[0]
    assert "premium" not in changes[0].lower()
    assert changes[0].endswith("Import from the broker’s system")
    assert changes[1] == (
        "10/02/2026, 13:00 Premium excl. tax: before EUR 500.00 after EUR 900.00 Import from the broker’s system"
    )
    assert changes[2] == "10/01/2026, 13:00 Start of the record"


def test_only_the_brokers_people_read_what_a_file_was_called(make, sign_in, contract):
    desk = sign_in(user=make.user(is_staff=True, profile_id=make.profile(is_staff=True)))
    assert entries(desk, f"/contracts/{contract}")[1].endswith("Import of stock-2026-02-10.json")


def test_a_change_of_what_one_may_not_read_is_none(reader, contract):
    """Without premium and remarks there is neither a line nor a moment at which anything happened."""
    assert entries(reader(*READS_NUMBER), f"/contracts/{contract}") == [
        "10/01/2026, 13:00 Start of the record"
    ]


def test_a_masked_field_changes_by_its_mask_only(make, reader, holder):
    contract = make.contract(holder, number="F-1", intermediary="4711-0815-9999")
    lived(
        make, "contracts", contract, (JANUARY, {"intermediary": None}), (FEBRUARY, {"intermediary": "1234-5678-9999"}),
        since=MARCH,
    )  # fmt: skip
    subjects = (*READS_NUMBER, "field:contract.intermediary")

    changes = entries(reader(*subjects, **{"field:contract.intermediary": "mask"}), f"/contracts/{contract}")

    assert len(changes) == 2
    assert "Intermediary: before empty after ••• 9999" in changes[0]
    assert changes[0].startswith("10/02/2026")


def test_changes_one_may_not_read_push_none_out_that_one_may(make, reader, holder):
    contract = make.contract(holder, number="F-2", remarks="60")
    states = [(f"2026-01-{day:02}", {"number": "F-1", "remarks": str(day)}) for day in range(1, 29)]
    later = [(f"2026-02-{day:02}", {"remarks": str(day)}) for day in range(1, 29)]
    lived(make, "contracts", contract, *states, *later, since=MARCH)

    assert entries(reader(*READS_NUMBER), f"/contracts/{contract}") == [
        "01/02/2026, 13:00 Policy number: before F-1 after F-2",
        "01/01/2026, 13:00 Start of the record",
    ]
    page = reader().get(f"/contracts/{contract}", headers={"Accept-Language": "en"}).text
    assert "Earlier changes are not shown." in page
    assert (
        "Earlier changes"
        not in reader(*READS_NUMBER).get(f"/contracts/{contract}", headers={"Accept-Language": "en"}).text
    )


def test_another_record_is_named_only_to_whom_it_concerns(make, sign_in, holder):
    """The contract came from Südwerk. Nordwerk sees that its holder was another one to him: nobody."""
    other = make.policyholder("Südwerk")
    contract = make.contract(holder, number="F-1")
    lived(make, "contracts", contract, (JANUARY, {"policyholder_id": other}), since=MARCH)
    alone = sign_in(make.member(make.organization(holder)))
    both = sign_in(make.member(make.organization(holder, other)))

    assert "Policyholder: before empty after Nordwerk" in entries(alone, f"/contracts/{contract}")[0]
    assert "Policyholder: before Südwerk after Nordwerk" in entries(both, f"/contracts/{contract}")[0]


def test_claims_and_invoices_have_a_history_and_documents_none(make, reader, holder):
    contract = make.contract(holder)
    claim, invoice = make.claim(contract, status="closed"), make.invoice(holder, contract, status="paid")
    lived(make, "claims", claim, (JANUARY, {"status": "open"}), since=MARCH)
    lived(make, "invoices", invoice, (JANUARY, {"status": "open"}), since=MARCH)
    document = make.document(links={"contract": contract})
    anna = reader()

    assert "Status: before Open after Closed" in entries(anna, f"/claims/{claim}")[0]
    assert "Status: before Outstanding after Paid" in entries(anna, f"/invoices/{invoice}")[0]
    assert 'id="history"' not in anna.get(f"/documents/{document}").text
