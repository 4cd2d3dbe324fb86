"""How a mandate looks from outside."""

from app.core.schema import CountryCode, CurrencyCode, RecordSchema, Text
from app.core.text import _l, _lp


class MandateSchema(RecordSchema):
    record, plural = "mandate", "mandates"
    noun, nouns = _l("Broker unit"), _l("Broker units")

    name = Text(_lp("mandate", "Name"), required=True, listed=True, search=True)
    country = CountryCode(_l("Country"), listed=True)
    currency = CurrencyCode(_l("Currency"), listed=True)
    key = Text(_l("Broker system key"), required=True, listed=True)
