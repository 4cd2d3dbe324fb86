"""How a claim looks from outside."""

from app.claims import codes
from app.core.schema import Code, CurrencyCode, Day, LongText, Money, RecordSchema, Reference, Text
from app.core.text import _l

LOSS, MONEY, PARTIES = _l("Loss"), _l("Amounts"), _l("Parties involved")


class ClaimSchema(RecordSchema):
    record, plural = "claim", "claims"
    noun, nouns = _l("Claim"), _l("Claims")

    broker_number = Text(_l("Broker’s claim number"), listed=True, search=True)
    number = Text(_l("Insurer’s claim number"), search=True)
    claim_type = Code(_l("Claim type"), codes.CLAIM_TYPES, listed=True, is_closed=False)
    contract = Reference(_l("Contract"), "contract", listed=True)
    object = Reference(_l("Insured object"), "object", listed=True)
    policyholder = Reference(_l("Policyholder"), "policyholder")
    status = Code(_l("Status"), codes.STATUSES, tones=codes.STATUS_TONES, required=True, listed=True)
    occurred_on = Day(_l("Date of loss"), section=LOSS, listed=True)
    reported_on = Day(_l("Date reported"), section=LOSS)
    cause = Code(_l("Cause of loss"), codes.CAUSES, section=LOSS, is_closed=False)
    loss_location = Text(_l("Location of loss"), section=LOSS, search=True)
    description = LongText(_l("Circumstances of the loss"), section=LOSS, search=True)
    claimed_amount = Money(
        _l("Amount claimed"), help=_l("What was asked for, before it was examined."), section=MONEY
    )
    reserve = Money(
        _l("Reserve"),
        help=_l("What the insurer sets aside for the claim: an estimate, not a commitment."),
        section=MONEY,
        listed=True,
    )
    paid_amount = Money(_l("Amount paid"), help=_l("What the insurer has paid so far."), section=MONEY)
    deductible = Money(
        _l("Deductible"), help=_l("The part of each loss that the insured bears."), section=MONEY
    )
    currency = CurrencyCode(_l("Currency"), section=MONEY)
    claimant = Text(_l("Claimant"), section=PARTIES)
    claims_handler = Reference(_l("Claims handler"), "staff", section=PARTIES)
    reported_by = Reference(_l("Reported by"), "user", section=PARTIES)
    key = Text(_l("Broker system key"), section=PARTIES, required=True, broker_only=True)
