"""How an insured object looks from outside."""

from app.core.schema import (
    KEY_HELP,
    Code,
    CountryCode,
    CurrencyCode,
    Details,
    Money,
    Number,
    RecordSchema,
    Reference,
    References,
    Text,
    Whole,
)
from app.core.text import _l, _lp

KINDS = {
    "building": _lp("object_kind", "Building"),
    "vehicle": _lp("object_kind", "Vehicle"),
    "machine": _lp("object_kind", "Machine"),
    "vessel": _lp("object_kind", "Vessel"),
    "person": _lp("object_kind", "Person"),
    "other": _lp("object_kind", "Other"),
}
PLACE = _l("Risk address")


class ObjectSchema(RecordSchema):
    record, plural = "object", "objects"
    noun, nouns = _l("Insured object"), _l("Insured objects")

    label = Text(_l("Description"), required=True, listed=True, search=True)
    kind = Code(_l("Object type"), KINDS, required=True, listed=True)
    policyholder = Reference(_l("Policyholder"), "policyholder", required=True, listed=True)
    contracts = References(_l("Contracts"), "contract")
    responsible = Text(_l("Person responsible"), listed=True, search=True)
    street = Text(_l("Street and number"), section=PLACE, search=True)
    postal_code = Text(_l("Postcode"), section=PLACE)
    city = Text(_l("Town or city"), section=PLACE, listed=True, search=True)
    country = CountryCode(_l("Country"), section=PLACE)
    latitude = Number(_l("Latitude"), digits=6, section=PLACE)
    longitude = Number(_l("Longitude"), digits=6, section=PLACE)
    sum_insured = Money(
        _l("Sum insured"),
        listed=True,
        help=_l("The amount on which the insurance is based, and usually the most that is paid."),
    )
    currency = CurrencyCode(_l("Currency"))
    year_built = Whole(_l("Year built"), grouped=False)
    attributes = Details(_l("Further details"))
    key = Text(_l("Broker system key"), help=KEY_HELP, required=True, broker_only=True)
