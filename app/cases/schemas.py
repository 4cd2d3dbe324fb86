"""How cases and their messages look from outside."""

from app.core.schema import (
    KEY_HELP,
    Code,
    Flag,
    LongText,
    Moment,
    RecordSchema,
    Reference,
    References,
    Text,
)
from app.core.text import _l, _lp

STATUSES = {
    "new": _lp("case_status", "New"),
    "open": _lp("case_status", "Open"),
    "waiting_for_client": _lp("case_status", "Waiting for you"),
    "waiting_for_broker": _lp("case_status", "Waiting for the broker"),
    "done": _lp("case_status", "Done"),
}
TONES = {
    "new": "info", "open": "info", "waiting_for_client": "warning", "waiting_for_broker": "info", "done": "positive",
}  # fmt: skip


class CaseSchema(RecordSchema):
    record, plural = "case", "cases"
    noun, nouns = _l("Case"), _l("Cases")

    subject = Text(_l("Subject"), required=True, listed=True, search=True)
    status = Code(_l("Status"), STATUSES, tones=TONES, required=True, listed=True)
    category_1 = Text(_l("Category 1"), listed=True)
    category_2 = Text(_l("Category 2"))
    contract = Reference(_l("Contract"), "contract", listed=True)
    claim = Reference(_l("Claim"), "claim")
    policyholder = Reference(_l("Policyholder"), "policyholder")
    owner = Reference(_l("Opened for"), "user", listed=True)
    participants = References(_l("Participants"), "user")
    is_confidential = Flag(_l("Confidential"), help=_l("Colleagues who do not take part do not see it."))
    changed_at = Moment(_l("Changed on"), listed=True, given=False)
    key = Text(_l("Broker system key"), help=KEY_HELP, required=True, broker_only=True)


class MessageSchema(RecordSchema):
    record, plural = "message", "messages"
    noun, nouns = _l("Message"), _l("Messages")

    subject = Text(_l("Subject"), listed=True, search=True)
    sender = Reference(_l("Sender"), "user", listed=True)
    sent_at = Moment(_l("Sent on"), required=True, listed=True)
    of_case = Reference(_l("Case"), "case", required=True, listed=True)
    text = LongText(_l("Text"), required=True, search=True)
    key = Text(_l("Broker system key"), help=KEY_HELP, required=True, broker_only=True)
