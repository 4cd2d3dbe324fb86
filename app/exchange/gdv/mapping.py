"""The lines of a package, block by block, to rows that an import takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from app.exchange.gdv import collection, contracts, partners
from app.exchange.gdv.objects import Objects, recipe_of
from app.exchange.gdv.problems import Reason
from app.exchange.gdv.records import Record
from app.exchange.gdv.rows import Row, Rows

EVENT, EVENT_END = "0052", "9952"
APPLICATION_SENT = "001"
PARTNER_RECORDS = frozenset({"0100", "0102"})
CLAIM_RECORDS = frozenset({"0500", "0550"})
INVOICE = "0400"
MAPPED_RECORDS = contracts.RECORDS | CLAIM_RECORDS | {INVOICE}
BROKER_SENDERS = frozenset("29")


class Mapper:
    """Makes rows of one package. It holds the lines of one contract at a time.

    Keys rest on numbers the insurer keeps (see `contracts.contract_key`, `partners.holders`), never on the
    place in the file, so that the same delivery gives the same rows and a later one meets the same records.
    """

    def __init__(self, rows: Rows, unmapped: Counter[str]) -> None:
        """`rows` takes what is made, `unmapped` is where lines are counted of which no row is made."""
        self._rows = rows
        self._unmapped = unmapped
        self._insurer = ""
        self._block: list[Record] = []
        self._has_partners = self._has_content = False
        self._partners_of: dict[str, list[partners.Partner]] = {}
        self._last_invoice: Row | None = None
        self._last_claim: Row | None = None
        self._insurer_name: dict[str, str] = {}

    def begin(self, header: Record) -> None:
        """Remember what the header says about the insurer."""
        self._insurer, sender = header.get("VuNr"), header.get("Absender")
        if self._insurer and sender and header.get("ArtAbsenders") not in BROKER_SENDERS:
            self._insurer_name[self._insurer] = sender

    def take(self, record: Record) -> None:
        """Add a line; the contract before it is mapped when the line opens another."""
        if self._opens_block(record):
            self._map_block()
        if record.type == EVENT_END:
            return
        self._block.append(record)
        is_partner = record.type in PARTNER_RECORDS
        self._has_partners = self._has_partners or is_partner
        self._has_content = self._has_content or not (is_partner or record.type == EVENT)

    def finish(self) -> None:
        """Map what is still held."""
        self._map_block()

    def _opens_block(self, record: Record) -> bool:
        block = self._block
        if not block:
            return False
        if record.type == EVENT:
            return record.part == "1" or block[-1].type != EVENT
        is_framed = block[0].type == EVENT
        same_policy = record.policy == block[-1].policy
        if record.type in PARTNER_RECORDS:
            follows_partner = block[-1].type in PARTNER_RECORDS
            if self._has_content and not follows_partner:
                return self._has_partners or not same_policy
            return not same_policy and not is_framed and self._has_partners
        # Within the frame of a business event, the contract may follow its partner under a new policy number.
        return not same_policy and not (is_framed and not self._has_content)

    def _map_block(self) -> None:
        block, self._block = self._block, []
        self._has_partners = self._has_content = False
        found = partners.read_partners(r for r in block if r.type == "0100")
        groups = list(_contract_groups(block))
        if not groups:
            for policy in {r.policy for r in block if r.type in PARTNER_RECORDS}:
                self._partners_of[policy] = found
            return
        application_on = _application_day(block)
        for group in groups:
            self._map_group(group, found or self._partners_of.get(group[0].policy, []), application_on)

    def _map_group(
        self, group: list[Record], found: list[partners.Partner], application_on: str | None
    ) -> None:
        first = group[0]
        insurer = first.insurer or self._insurer
        if not (insurer and first.policy) and not any(r.type in MAPPED_RECORDS for r in group):
            # Texts and attachments may belong to no contract at all.
            self._unmapped.update(record.type for record in group)
            return
        if not insurer:
            first.report(Reason.NO_INSURER, is_fatal=True)
            return
        if not first.policy:
            first.report(Reason.NO_POLICY_NUMBER, is_fatal=True)
            return
        key = contracts.contract_key(first, insurer)
        bundle = contracts.bundle_key(first, insurer)
        if first.type != "0200" and key != bundle and not self._rows.has("contracts", key):
            # A line of a bundle that came without its contract belongs to the bundle, when that is known.
            key = bundle if self._rows.has("contracts", bundle) else key
        self._map_insurer(insurer, first)
        contract = (
            self._map_contract(key, insurer, group, found, application_on)
            if first.type == "0200"
            else self._rows.find("contracts", key)
        )
        holder = contract["policyholder"] if contract else None
        objects = Objects(key)
        for record in group:
            recipe = recipe_of(record)
            if recipe is not None:
                objects.take(record, recipe)
            elif record.type in CLAIM_RECORDS:
                self._map_claim(record, insurer, key, holder, found)
            elif record.type == INVOICE:
                self._map_invoice(record, key, holder)
            elif record.type not in contracts.RECORDS:
                self._unmapped[record.type] += 1
        made = objects.rows(holder)
        for line, row in made:
            self._rows.put("objects", row, line)
        if contract is not None:
            if len(made) == 1 and "sum_insured" in made[0][1]:
                contract.setdefault("sum_insured", made[0][1]["sum_insured"])
            self._rows.put("contracts", contract, first.line.number)

    def _map_insurer(self, number: str, record: Record) -> None:
        if not self._rows.has("insurers", number):
            row = {"key": number}
            if number in self._insurer_name:
                row["name"] = self._insurer_name[number]
            self._rows.put("insurers", row, record.line.number)

    def _map_contract(
        self,
        key: str,
        insurer: str,
        group: list[Record],
        found: list[partners.Partner],
        application_on: str | None,
    ) -> Row:
        first = group[0]
        number = first.code("PersonenKundenNrVersicherers")
        around = partners.holders(found, insurer=insurer, contract=key, customer_number=number)
        row = contracts.contract_row(key, insurer, group)
        if around.rows:
            holder, *others = [self._keep_holder(line, known, key, first) for line, known in around.rows]
        else:
            # The policyholder may be known from an earlier delivery, under the same key.
            holder, others = f"{insurer}-{number}" if number else partners.holder_key(key), []
            first.report(Reason.NO_POLICYHOLDER)
        row["policyholder"] = holder
        if others:
            row["co_policyholders"] = others
        if application_on:
            row.setdefault("application_on", application_on)
        for name, entries in (("other_addresses", around.other_addresses), ("other_partners", around.others)):
            if entries:
                row.setdefault("attributes", {})[name] = entries
        before = self._rows.find("contracts", key)
        if before is not None and before["line_of_business"] != row["line_of_business"]:
            first.report(
                Reason.REPEATED_CONTRACT, first=before["line_of_business"], second=row["line_of_business"]
            )
        return row

    def _keep_holder(self, line: int, row: Row, contract: str, record: Record) -> str:
        """Keep a policyholder and say his key. One comes once per contract; later deliveries only fill what the
        first left blank. Somebody else under the same customer number must not see the first one's contracts."""
        known = self._rows.find("policyholders", row["key"])
        if known is not None and partners.is_somebody_else(known, row):
            record.report(
                Reason.SHARED_CUSTOMER_NUMBER,
                "PersonenKundenNrVersicherers",
                first=partners.full_name(known),
                second=partners.full_name(row),
            )
            row = row | {"key": partners.holder_key(contract)}
            known = self._rows.find("policyholders", row["key"])
        whole = row | (known or {})
        if whole != known:
            self._rows.put("policyholders", whole, line)
        return row["key"]

    def _map_invoice(self, record: Record, contract: str, holder: str | None) -> None:
        if record.part == "2":
            last = self._last_invoice
            if last is not None and last["contract"] == contract:
                collection.complete_invoice(last, record)
                self._rows.put("invoices", last, record.line.number)
            return
        if not collection.is_invoice(record):
            self._unmapped[record.type] += 1
            return
        row = collection.invoice_row(record, contract)
        if holder:
            row["policyholder"] = holder
        row["key"] = _free_key(row["key"], self._rows)
        self._rows.put("invoices", row, record.line.number)
        self._last_invoice = row

    def _map_claim(
        self,
        record: Record,
        insurer: str,
        contract: str,
        holder: str | None,
        found: list[partners.Partner],
    ) -> None:
        if record.type == "0500" and record.part == "2":
            number = collection.claim_number(record)
            row = self._rows.find("claims", f"{insurer}-{number}") if number else self._last_claim
            if row is not None:
                collection.complete_claim(row, record)
                self._keep_claim(row, record)
            return
        new = collection.claim_row(record, insurer, contract, found)
        # Later steps of the same claim bring its latest state.
        row = (self._rows.find("claims", new["key"]) or {}) | new
        if holder:
            row["policyholder"] = holder
        collection.add_payment(row, record)
        self._keep_claim(row, record)

    def _keep_claim(self, row: Row, record: Record) -> None:
        self._rows.put("claims", row, record.line.number)
        self._last_claim = row


def _free_key(key: str, taken: Rows) -> str:
    """The key, with a number behind it where needed: two bookings may differ in nothing but their amount."""
    free, number = key, 1
    while taken.has("invoices", free):
        number += 1
        free = f"{key}-{number}"
    return free


def _contract_groups(block: list[Record]) -> Iterator[list[Record]]:
    """The lines of a block per contract: each 0200, part 1, begins one; lines before it belong together."""
    group: list[Record] = []
    for record in block:
        if record.type in PARTNER_RECORDS or record.type == EVENT:
            continue
        if group and record.type == "0200" and record.part == "1":
            yield group
            group = []
        group.append(record)
    if group:
        yield group


def _application_day(block: list[Record]) -> str | None:
    """The day on which an application was sent, when that is the business event the block reports."""
    for record in block:
        if record.type == EVENT and record.get("ArtGeschaeftsvorfallsKategorie") == APPLICATION_SENT:
            day = record.day("AufgabedatumDiesesGeschaeftsvorfalls")
            return day.isoformat() if day else None
    return None
