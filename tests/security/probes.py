"""The probes that watch the gates: each asks one thing of the stage and asserts how the portal must answer."""

from __future__ import annotations

import base64
import datetime
import io
import uuid
from types import SimpleNamespace
from typing import Any
from unittest import mock

import orjson
import pytest
from itsdangerous import timed
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.accounts.passwords import hash_password
from app.documents import views as files_of_documents
from app.shell import faces
from app.shell.assets import themes
from app.shell.own_theme import FIRST
from permissions.rights import raise_version
from tenants import current, visibility
from tests.security.stock import as_owner, rows_seen, with_cookie, with_look

Stage = SimpleNamespace
"""Two brokers and the people of the matrix, by name; see test_gates."""


# Who comes in


def a_profile_without_the_area_stays_out(stage: Stage) -> None:
    assert stage.bare.ask("/contracts").status_code == 403


def only_the_whole_desk_declares(stage: Stage) -> None:
    assert stage.limited.ask("/api/v1/config").status_code == 403


def an_expired_session_is_over(stage: Stage) -> None:
    assert stage.expired.ask("/contracts").status_code == 302


def an_expired_token_is_over(stage: Stage) -> None:
    assert stage.expired_token.ask("/api/v1/contracts").status_code == 401


def an_ended_membership_is_over(stage: Stage) -> None:
    assert stage.ended.ask("/contracts").status_code == 302


def an_ended_organization_is_over(stage: Stage) -> None:
    assert stage.closed.ask("/contracts").status_code == 302


def a_deactivated_user_is_out(stage: Stage) -> None:
    assert stage.inactive.ask("/contracts").status_code == 302


def a_withdrawn_right_is_gone_at_the_next_request(stage: Stage) -> None:
    make, profile = stage.make, stage.make.profile()
    person = with_cookie(stage.portal, make, membership=make.member(stage.organization, profile))
    assert person.ask("/contracts").status_code == 200
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        connection.execute(
            text(
                "delete from profile_rules where tenant_id = :t and profile_id = :p and subject = 'menu:contracts'"
            ),
            {"t": make.tenant_id, "p": profile},
        )
        raise_version(connection, make.tenant_id, profile)
    assert person.ask("/contracts").status_code == 403


def a_form_of_another_site_is_refused(stage: Stage) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    assert stage.client.ask("/settings/appearance", "POST", headers=headers).status_code == 403


def only_the_exact_host_answers(stage: Stage) -> None:
    host = stage.client.browser.base.replace("http://", "http://sub.")
    assert stage.portal.test_client().get("/sign-in", base_url=host).status_code == 404


def another_brokers_look_is_not_served_here(stage: Stage) -> None:
    with stage.portal.app_context():
        key, theirs = faces._key(), stage.neighbour.tenant_id
        addresses = [faces._sheet_address(key, theirs, FIRST), faces.logo_address(theirs, "0" * 64)]
    assert [stage.nobody.ask(address).status_code for address in addresses] == [404, 404]


def another_brokers_package_is_not_served_here(stage: Stage) -> None:
    package = themes()["hanse"]
    assert stage.nobody.ask(package.css).status_code == 200
    assert stage.nobody.ask(package.logo_light).status_code == 404


def whoever_has_not_accepted_the_terms_is_asked_first(stage: Stage) -> None:
    required = """update tenants set terms_version = '1', terms_required = :required, links = '{"terms": "https://a.example"}'
                   where tenant_id = :tenant"""
    with current.acting_for(stage.make.tenant_id):
        try:
            with stage.make.engine.begin() as connection:
                connection.execute(text(required), {"tenant": stage.make.tenant_id, "required": True})
            assert stage.client.ask("/contracts").headers.get("Location", "").startswith("/terms")
        finally:
            with stage.make.engine.begin() as connection:
                connection.execute(text(required), {"tenant": stage.make.tenant_id, "required": False})


def signing_in_leads_nowhere_else(stage: Stage) -> None:
    answer = stage.client.ask("/sign-in?next=//elsewhere.example")
    assert "elsewhere" not in answer.headers["Location"]


def too_many_tries_are_refused_even_when_right(stage: Stage) -> None:
    make, email = stage.make, f"{uuid.uuid4().hex}@nordwerk.example"
    user = make.user(email=email, password_hash=hash_password("a long enough password"))
    make.member(stage.organization, user=user)
    until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=5)
    make.row("sign_in_tries", subject=f"account {email}", tries=10, until=until)
    form = {"email": email, "password": "a long enough password"}
    assert stage.nobody.ask("/sign-in", "POST", data=form).status_code == 401


def a_text_that_cannot_be_is_refused_at_the_edge(stage: Stage) -> None:
    assert (
        stage.client.ask("/api/v1/contracts?nothing=%00").json["title"].startswith("Something in the address")
    )


def every_answer_says_what_it_may_load(stage: Stage) -> None:
    assert "default-src 'none'" in stage.client.ask("/").headers.get("Content-Security-Policy", "")


# Through whose eyes


def who_looks_after_a_client_is_no_field_where_that_is_not_shown(stage: Stage) -> None:
    stage.make.change("organizations", stage.organization, caretakers_shown=False)
    try:
        assert "account_manager" not in stage.client.ask("/api/openapi.json").text
    finally:
        stage.make.change("organizations", stage.organization, caretakers_shown=True)


def _looking(stage: Stage, *without: str) -> tuple[uuid.UUID, Any]:
    """An administrator who lacks these rights, and what he sees as a client who has all."""
    actor = stage.make.user(is_staff=True, profile_id=stage.make.profile(is_staff=True, without=without))
    return actor, with_look(stage.portal, stage.make, actor, stage.make.member(stage.organization))


def a_deactivated_actor_looks_no_more(stage: Stage) -> None:
    actor, looking = _looking(stage)
    assert looking.ask("/contracts").status_code == 200
    stage.make.change("users", actor, is_active=False)
    assert looking.ask("/contracts").status_code == 302


def an_actor_limited_to_a_mandate_looks_no_more(stage: Stage) -> None:
    actor, looking = _looking(stage)
    assert looking.ask("/contracts").status_code == 200
    stage.make.row("staff_mandates", user_id=actor, mandate_id=stage.make.mandate("Bremen"))
    assert looking.ask("/contracts").status_code == 302


def an_actor_without_the_right_looks_no_more(stage: Stage) -> None:
    _actor, looking = _looking(stage, "function:user.view_as")
    assert looking.ask("/contracts").status_code == 302


def a_look_is_over_after_its_time(stage: Stage) -> None:
    actor, looking = _looking(stage)
    assert looking.ask("/contracts").status_code == 200
    with current.acting_for(stage.make.tenant_id), stage.make.engine.begin() as connection:
        connection.execute(
            text("update looks set until = now() where tenant_id = :t and actor_id = :a"),
            {"t": stage.make.tenant_id, "a": actor},
        )
    assert looking.ask("/contracts").status_code == 302


def a_look_needs_the_session_it_began_in(stage: Stage) -> None:
    _actor, looking = _looking(stage)
    domain = f"{stage.make.tenant_id.hex}.test"
    look = looking.browser.client.get_cookie("portico-look", domain=domain)
    other = with_cookie(stage.portal, stage.make, membership=stage.make.member(stage.organization))
    other.browser.client.set_cookie("portico-look", look.value, domain=domain)
    assert other.ask("/contracts").status_code == 302


def who_looks_changes_nothing(stage: Stage) -> None:
    _actor, looking = _looking(stage)
    assert looking.ask("/settings/appearance", "POST", data={"scheme": "dark"}).status_code == 403


def who_looks_reads_no_more_than_at_his_own_desk(stage: Stage) -> None:
    _actor, looking = _looking(stage, "field:contract.product")
    answer = looking.ask("/api/v1/contracts")
    assert answer.status_code == 200
    assert "Gewerbepolice" not in answer.text


# Whose data


WALL = {"down": ""}
"""What a transaction does to the wall before it looks; undone with it."""


def the_wall_hides_other_brokers_rows(stage: Stage) -> None:
    with as_owner(stage.owner, stage.neighbour.tenant_id) as connection:
        if WALL["down"]:
            connection.execute(text(WALL["down"].format("contracts")))
        assert rows_seen(connection, "contracts", stage.make.tenant_id) == 0


def nobody_writes_into_another_brokers_house(stage: Stage) -> None:
    with as_owner(stage.owner, stage.neighbour.tenant_id) as connection:
        if WALL["down"]:
            connection.execute(text(WALL["down"].format("insurers")))
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(
                text("insert into insurers (tenant_id, key, name) values (:t, 'smuggled', 'Smuggled')"),
                {"t": stage.make.tenant_id},
            )


def a_transaction_begins_with_its_own_tenant(stage: Stage) -> None:
    ours = stage.make.tenant_id
    with current.acting_for(ours), stage.make.engine.begin() as connection:
        assert rows_seen(connection, "contracts", ours) > 0


def a_sibling_organizations_contract_is_not_there(stage: Stage) -> None:
    assert str(stage.theirs["contract"]) not in stage.client.ask("/api/v1/contracts").text
    assert stage.client.ask(f"/contracts/{stage.theirs['contract']}").status_code == 404


def staff_see_their_mandates_only(stage: Stage) -> None:
    assert str(stage.ours["contract"]) not in stage.limited.ask("/api/v1/contracts").text
    assert stage.limited.ask(f"/contracts/{stage.ours['contract']}").status_code == 404


def what_belongs_to_a_hidden_record_is_not_told(stage: Stage) -> None:
    of = f"of=contract:{stage.theirs['contract']}"
    assert stage.client.ask(f"/api/v1/claims?{of}").status_code == 404
    assert stage.client.ask(f"/claims?{of}").status_code == 404
    assert stage.client.ask(f"/claims.csv?{of}").status_code == 404


def a_reference_out_of_sight_shows_nothing(stage: Stage) -> None:
    answer = stage.reporter.ask(f"/api/v1/claims/{stage.reported}")
    assert answer.json["contract"] is None
    assert answer.json["contract_id"] is None


def a_private_report_is_there_for_its_owner_only(stage: Stage) -> None:
    private = {"owner_id": stage.user, "source": "contract", "name": str(uuid.uuid4()), "document": {}}
    report = stage.make.row("saved_reports", **private)
    assert stage.client.ask(f"/contracts?report={report}").status_code == 200
    assert stage.reporter.ask(f"/contracts?report={report}").status_code == 404


def what_is_switched_off_is_refused(stage: Stage) -> None:
    assert stage.client.ask("/contracts?q=1").status_code == 200
    stage.make.change(
        "organizations", stage.organization, report_functions_off=["report.search", "report.csv"]
    )
    try:
        assert stage.client.ask("/api/v1/contracts?q=1").status_code == 422
        assert stage.client.ask("/contracts.csv").status_code == 403
    finally:
        stage.make.change("organizations", stage.organization, report_functions_off=[])


# Which fields


def a_hidden_field_is_not_there(stage: Stage) -> None:
    assert "premium_net" not in stage.narrow.ask(f"/api/v1/contracts/{stage.ours['contract']}").json


def a_masked_value_never_leaves(stage: Stage) -> None:
    answers = [
        stage.narrow.ask(path)
        for path in ("/contracts?columns=number,product", "/contracts.csv?columns=product")
    ]
    assert not [answer for answer in answers if "Gewerbepolice" in answer.get_data(as_text=True)]


def a_masked_field_is_not_sorted_by(stage: Stage) -> None:
    assert stage.narrow.ask("/api/v1/contracts?sort=product").status_code == 422


def a_masked_field_is_not_filtered_by(stage: Stage) -> None:
    assert stage.narrow.ask("/api/v1/contracts?product.starts=G").status_code == 422


def a_masked_field_is_not_searched(stage: Stage) -> None:
    assert stage.narrow.ask("/api/v1/contracts?q=Gewerbepolice").json["contracts"] == []


def an_amount_needs_its_currency(stage: Stage) -> None:
    assert "sum_insured" not in stage.narrow.ask(f"/api/v1/objects/{stage.ours['object']}").json


def a_hidden_title_hides_the_reference(stage: Stage) -> None:
    assert "insurer" not in stage.narrow.ask(f"/api/v1/contracts/{stage.ours['contract']}").json


def what_is_computed_needs_all_it_is_computed_from(stage: Stage) -> None:
    assert "last_day_to_cancel" not in stage.narrow.ask(f"/api/v1/contracts/{stage.ours['contract']}").json


def a_forged_cursor_is_refused(stage: Stage) -> None:
    forged = [["commission"], ["1"], str(uuid.UUID(int=0))]
    cursor = base64.urlsafe_b64encode(orjson.dumps(forged)).rstrip(b"=").decode()
    assert stage.client.ask(f"/api/v1/contracts?after={cursor}").status_code == 422


def a_formula_in_a_file_is_harmless(stage: Stage) -> None:
    assert "'=1+1" in stage.client.ask("/contracts.csv?columns=number,intermediary").get_data(as_text=True)


# Files


def a_link_opens_nothing_once_the_document_is_out_of_sight(stage: Stage) -> None:
    link = files_of_documents._signer
    with stage.portal.app_context():
        token = link().dumps([str(stage.make.tenant_id), str(stage.user), str(stage.theirs["document"])])
    assert stage.client.ask(f"/files/{token}").status_code == 404


def a_link_dies_after_a_minute(stage: Stage) -> None:
    with stage.portal.app_context(), mock.patch.object(timed.time, "time", return_value=1000):
        old = files_of_documents._signer().dumps(
            [str(stage.make.tenant_id), str(stage.user), str(stage.ours["document"])]
        )
    assert stage.client.ask(f"/files/{old}").status_code == 404


def _uploading(stage: Stage, content: bytes, of: str = "") -> int:
    form = {"document_type": "photo", "files": (io.BytesIO(content), "Roof.pdf")}
    answer = stage.client.ask(
        f"/documents/upload?of={of}", "POST", data=form, content_type="multipart/form-data"
    )
    return int(answer.status_code)


def nothing_is_hung_on_a_record_out_of_sight(stage: Stage) -> None:
    assert _uploading(stage, b"%PDF-1.7", f"contract:{stage.theirs['contract']}") == 404


def a_page_that_could_run_is_not_taken(stage: Stage) -> None:
    assert _uploading(stage, b"<!doctype html><script>1</script>") == 422


def no_file_is_larger_than_the_broker_lets_it_be(stage: Stage) -> None:
    assert _uploading(stage, b"%PDF-1.7" + b"0" * (26 << 20)) == 422


def nothing_is_reported_on_a_contract_out_of_sight(stage: Stage) -> None:
    form = {"claim_type": "fire", "occurred_on": str(visibility.today()), "description": "Fire."}
    path = f"/claims/report?contract={stage.theirs['contract']}"
    assert stage.client.ask(path, "POST", data=form).status_code == 404


def _approving(stage: Stage, author: uuid.UUID, contract: uuid.UUID, organization: uuid.UUID) -> int:
    """What the client hears who approves a report that waits."""
    report = stage.make.row(
        "claim_reports", organization_id=organization, author_id=author, once=uuid.uuid4().hex, number="M-0",
        state="waiting", contract_id=contract,
    )  # fmt: skip
    return int(stage.client.ask(f"/claims/reports/{report}/release", "POST").status_code)


def _colleague(stage: Stage, organization: uuid.UUID) -> uuid.UUID:
    author: uuid.UUID = stage.make.user()
    stage.make.member(organization, stage.make.profile(), author)
    return author


def nobody_approves_what_he_reported_himself(stage: Stage) -> None:
    contract, organization = stage.ours["contract"], stage.organization
    assert _approving(stage, stage.user, contract, organization) == 404
    assert _approving(stage, _colleague(stage, organization), contract, organization) == 303


def a_sibling_organizations_report_is_not_there(stage: Stage) -> None:
    sibling = stage.make.organization(stage.ours["policyholder"])
    assert _approving(stage, _colleague(stage, sibling), stage.ours["contract"], sibling) == 404


def a_report_on_what_he_does_not_see_is_not_there(stage: Stage) -> None:
    author = _colleague(stage, stage.organization)
    assert _approving(stage, author, stage.theirs["contract"], stage.organization) == 404


def a_client_asks_about_his_own_people_only(stage: Stage) -> None:
    stranger = stage.make.user("Stranger")
    assert stage.client.ask(f"/api/v1/visibility?person={stranger}").status_code == 404
    assert stage.client.ask(f"/api/v1/visibility?person={stage.user}").status_code == 200
