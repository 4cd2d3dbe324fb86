"""Exchange rates: the ECB's euro reference rates, and the conversion every amount goes through."""

from __future__ import annotations

import datetime
from decimal import Decimal

from sqlalchemy import CHAR, Numeric, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class ExchangeRate(Base):
    """1 EUR = `rate` of the currency, on a day. The same for every broker, so without a wall."""

    __tablename__ = "exchange_rates"

    currency: Mapped[str] = mapped_column(CHAR(3))
    day: Mapped[datetime.date]
    rate: Mapped[Decimal] = mapped_column(Numeric(18, 8))
    source: Mapped[str]

    __table_args__ = (PrimaryKeyConstraint("currency", "day"),)
