"""A contract that was taken away while somebody’s report waited for its turn is not reported on."""

from __future__ import annotations

import threading

from sqlalchemy import text

from tenants import arrangement, current, visibility
from tests.administration.waiting import until_somebody_waits
from tests.claim_reports.conftest import loss

EN = {"Accept-Language": "en"}


def test_asked_again_once_it_is_his_turn(make, house):
    answers: list[int] = []

    def send() -> None:
        answer = house.reporter.post(f"/claims/report?contract={house.contract}", data=loss(), headers=EN)
        answers.append(answer.status_code)

    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        visibility.lock(connection)
        thread = threading.Thread(target=send)
        thread.start()
        until_somebody_waits(connection)
        connection.execute(
            text(
                "insert into organization_contracts (tenant_id, organization_id, contract_id, part)"
                " values (:t, :o, :c, 'excluded')"
            ),
            {"t": make.tenant_id, "o": house.organization, "c": house.contract},
        )
        arrangement.arrange(connection, {house.organization}, set())
    thread.join(30)
    assert house.reporter.get(f"/contracts/{house.contract}").status_code == 404
    assert answers == [404]
    assert make.rows("claims") == []
