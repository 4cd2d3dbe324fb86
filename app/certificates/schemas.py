"""How a transport certificate looks from outside."""

from app.core.schema import (
    KEY_HELP,
    Code,
    CurrencyCode,
    Day,
    Money,
    Number,
    RecordSchema,
    Reference,
    Text,
    Whole,
)
from app.core.text import _l, _lp

TRANSPORTS = {
    "sea": _lp("transport", "Sea"),
    "air": _lp("transport", "Air"),
    "road": _lp("transport", "Road"),
    "rail": _lp("transport", "Rail"),
}
STATUSES = {
    "draft": _lp("certificate_status", "Draft"),
    "issued": _lp("certificate_status", "Issued"),
    "cancelled": _lp("certificate_status", "Cancelled"),
}
TONES = {"draft": "info", "issued": "positive", "cancelled": "off"}
SHIPMENT = _l("Shipment")


class CertificateSchema(RecordSchema):
    record, plural = "certificate", "certificates"
    noun, nouns = _l("Transport certificate"), _l("Transport certificates")

    number = Text(_l("Certificate number"), required=True, listed=True, search=True)
    contract = Reference(_l("Contract"), "contract", required=True, listed=True)
    insured = Text(_l("Insured"), search=True, help=_l("Whose goods are insured."))
    consignee = Text(_l("Consignee"), search=True, help=_l("Who receives the goods."))
    status = Code(_l("Status"), STATUSES, tones=TONES, required=True, listed=True)
    goods = Text(_l("Goods"), section=SHIPMENT, listed=True, search=True)
    packages = Whole(_l("Packages"), section=SHIPMENT)
    weight_kg = Number(_l("Weight (kg)"), digits=3, section=SHIPMENT)
    transport = Code(_l("Mode of transport"), TRANSPORTS, section=SHIPMENT)
    from_place = Text(_l("Place of departure"), section=SHIPMENT, listed=True, search=True)
    to_place = Text(_l("Place of destination"), section=SHIPMENT, listed=True, search=True)
    departs_on = Day(_l("Departure date"), section=SHIPMENT, listed=True)
    sum_insured = Money(
        _l("Insured value"), listed=True, help=_l("The value up to which the shipment is insured.")
    )
    currency = CurrencyCode(_l("Currency"))
    issued_by = Reference(_l("Issued by"), "user")
    key = Text(_l("Broker system key"), help=KEY_HELP, required=True, broker_only=True)
