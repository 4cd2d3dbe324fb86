"""How a claim looks from outside."""

from app.claims import codes
from app.core.schema import KEY_HELP, Code, CurrencyCode, Day, LongText, Money, RecordSchema, Reference, Text
from app.core.text import _l

LOSS, MONEY, PARTIES = _l("Loss"), _l("Amounts"), _l("Parties involved")


class ClaimSchema(RecordSchema):
    record, plural = "claim", "claims"
    noun, nouns = _l("Claim"), _l("Claims")

    broker_number = Text(
        _l("Broker’s claim number"),
        listed=True,
        search=True,
        help=_l("The number under which we keep the claim."),
    )
    number = Text(
        _l("Insurer’s claim number"),
        search=True,
        help=_l("The number under which the insurer keeps the claim."),
    )
    claim_type = Code(_l("Claim type"), codes.CLAIM_TYPES, listed=True, is_closed=False)
    contract = Reference(_l("Contract"), "contract", listed=True)
    object = Reference(_l("Insured object"), "object", listed=True)
    policyholder = Reference(_l("Policyholder"), "policyholder")
    status = Code(_l("Status"), codes.STATUSES, tones=codes.STATUS_TONES, required=True, listed=True)
    occurred_on = Day(
        _l("Date of loss"),
        section=LOSS,
        listed=True,
        help=_l("The day the loss happened, not the day it was reported."),
    )
    reported_on = Day(
        _l("Date reported"), section=LOSS, help=_l("The day on which we were told of the loss.")
    )
    cause = Code(_l("Cause of loss"), codes.CAUSES, section=LOSS, is_closed=False)
    loss_location = Text(_l("Location of loss"), section=LOSS, search=True)
    description = LongText(_l("Circumstances of the loss"), section=LOSS, search=True)
    claimed_amount = Money(_l("Amount claimed"), section=MONEY, help=_l("What is asked for the loss."))
    reserve = Money(
        _l("Reserve"),
        section=MONEY,
        listed=True,
        help=_l("What the insurer has set aside because it expects to pay it still."),
    )
    paid_amount = Money(_l("Amount paid"), section=MONEY, help=_l("What the insurer has paid so far."))
    deductible = Money(
        _l("Deductible"), section=MONEY, help=_l("The part of each loss that the insured bears.")
    )
    currency = CurrencyCode(_l("Currency"), section=MONEY)
    claimant = Text(_l("Claimant"), section=PARTIES, help=_l("Who asks for compensation."))
    claims_handler = Reference(
        _l("Claims handler"), "staff", section=PARTIES, help=_l("Who at the broker’s deals with the claims.")
    )
    reported_by = Reference(_l("Reported by"), "user", section=PARTIES)
    key = Text(_l("Broker system key"), help=KEY_HELP, section=PARTIES, required=True, broker_only=True)
