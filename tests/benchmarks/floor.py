"""F1, the floor every page is measured against: Flask, one prepared indexed query of 50 rows × 20, orjson."""

from __future__ import annotations

import uuid
from decimal import Decimal

import orjson
import psycopg
from flask import Flask, Response

COLUMNS = (
    "id, number, line_of_business, contract_type, status, product, starts_on, ends_on, annual_due_on, document_on, "
    "notice_period_months, payment_frequency, currency, premium_net, insurance_tax, premium_gross, sum_insured, "
    "deductible, remarks, application_on"
)
"""Twenty columns of one table; bench_pages asks the portal for the same."""
QUERY = f"select {COLUMNS} from contracts where tenant_id = %s order by number_key, id limit 50"


def floor(dsn: str, tenant_id: uuid.UUID) -> Flask:
    app = Flask("floor")
    connection = psycopg.connect(dsn, autocommit=True)
    connection.execute("select set_config('app.tenant_id', %s, false)", [str(tenant_id)])
    names = [name.strip() for name in COLUMNS.split(",")]

    def plain(value: object) -> str:
        if isinstance(value, Decimal | uuid.UUID):
            return str(value)
        raise TypeError

    @app.get("/contracts")
    def contracts() -> Response:
        rows = connection.execute(QUERY, [tenant_id], prepare=True).fetchall()
        items = [dict(zip(names, row, strict=True)) for row in rows]
        return Response(orjson.dumps({"contracts": items}, default=plain), mimetype="application/json")

    return app
