"""The gates between a person and what is not his, and for each the probe that watches it.

A gate is removed by exchanging one name in the running program, or one property of a table in a transaction that is
undone. A new gate is one entry at the end.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest import mock

import orjson
from sqlalchemy import Text, cast

from app import edge
from app.accounts import actions as account_actions
from app.accounts import views as account_views
from app.administration.config import rest as desk
from app.administration.seen import people as asked_about
from app.claim_reports import releasing, sending
from app.core import web
from app.documents import contents, uploads
from app.documents import views as files_of_documents
from app.reports import (
    address,
    columns,
    contacts,
    files,
    overview,
    places,
    query,
    reading,
    record,
    rest,
    rows,
    shape,
)
from app.reports import reach as reaching
from app.reports.saved import queries as saved_reports
from app.shell import faces
from app.shell import views as shell
from permissions import Level, Viewer, arrival, door, rights
from tenants import current
from tests.security import probes

Probe = Callable[[SimpleNamespace], None]
Removal = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Gate:
    """What keeps somebody out, how it is taken away, and who notices."""

    name: str
    without: Removal
    probe: Probe


def instead(place: Any, name: str, other: Any) -> Removal:
    """Takes a gate away by putting something else in its place."""
    return lambda: mock.patch.object(place, name, other)


def cut(place: Any, name: str, *parts: str) -> Removal:
    """Takes parts of an SQL text away; they must be there."""
    whole = shorter = getattr(place, name)
    for part in parts:
        assert part in shorter, f"{name} has changed: {part}"
        shorter = shorter.replace(part, "")
    assert shorter != whole
    return instead(place, name, shorter)


def both(*removals: Removal) -> Removal:
    """One gate that is known by several names."""

    @contextmanager
    def removed() -> Any:
        with ExitStack() as stack:
            for removal in removals:
                stack.enter_context(removal())
            yield

    return removed


@contextmanager
def without_the_wall() -> Any:
    """The owner of the tables is let through, as he would be without FORCE."""
    with mock.patch.dict(probes.WALL, down="alter table {} no force row level security"):
        yield


def reading_everything(source: Any, name: str, field: Any, rights: Any) -> Level:
    return Level.READ


def own_level_only(source: Any, name: str, field: Any, granted: Any) -> Level:
    return granted.level(source.record, name)


def trusting_cursor(given: str, state: Any, columns: Any) -> Any:
    """Takes whatever can be read for a place in this overview."""
    _sorts, keys, record_id = orjson.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    return (*keys, uuid.UUID(record_id))


def for_everybody(source: Any, how: str, name: str = "t") -> Any:
    return REACH(source, "all", name)


REACH = query.reach
HOUSE_AT = edge.house_at
RIGHTS_OF = rights.rights_of
READS = columns.Column
DATES = "and ({0}.starts_on is null or {0}.starts_on <= %(today)s) and ({0}.ends_on is null or {0}.ends_on >= %(today)s)"
ALL_MANDATES = [
    instead(place, "manner", lambda viewer: "scope" if not viewer.is_staff else "all")
    for place in (shape, record, contacts)
]
NO_TITLE = [instead(place, "of_title", lambda person, state: None) for place in (overview, rest)]

GATES = [
    Gate(
        "sign of the route",
        instead(Viewer, "must", lambda self, right: None),
        probes.a_profile_without_the_area_stays_out,
    ),
    Gate(
        "door of every request",
        instead(edge, "admit", lambda: None),
        probes.a_profile_without_the_area_stays_out,
    ),
    Gate(
        "desk of the whole broker",
        instead(desk, "whole_tenant_only", lambda p: None),
        probes.only_the_whole_desk_declares,
    ),
    Gate(
        "end of a session",
        cut(arrival, "BY_SESSION", " and k.expires_at > now()"),
        probes.an_expired_session_is_over,
    ),
    Gate(
        "end of a token",
        cut(arrival, "BY_TOKEN", " and (k.expires_at is null or k.expires_at > now())"),
        probes.an_expired_token_is_over,
    ),
    Gate("dates of a membership", cut(arrival, "WHO", DATES.format("m")), probes.an_ended_membership_is_over),
    Gate(
        "dates of an organization",
        cut(arrival, "WHO", DATES.format("o")),
        probes.an_ended_organization_is_over,
    ),
    Gate("active users only", cut(arrival, "WHO", " and u.is_active"), probes.a_deactivated_user_is_out),
    Gate(
        "version of a profile",
        instead(arrival, "rights_of", lambda s, t, p, version: RIGHTS_OF(s, t, p, 0)),
        probes.a_withdrawn_right_is_gone_at_the_next_request,
    ),
    Gate(
        "actor of a look",
        cut(arrival, "BY_LOOK", " and a.is_active and a.is_staff"),
        probes.a_deactivated_actor_looks_no_more,
    ),
    Gate(
        "whole desk of a look",
        cut(
            arrival,
            "BY_LOOK",
            "and not exists (select 1 from staff_mandates x",
            "where x.tenant_id = %(tenant)s and x.user_id = a.id)",
        ),
        probes.an_actor_limited_to_a_mandate_looks_no_more,
    ),
    Gate(
        "right to look",
        instead(arrival, "may_look", lambda granted: True),
        probes.an_actor_without_the_right_looks_no_more,
    ),
    Gate(
        "time of a look",
        cut(arrival, "BY_LOOK", " and k.until > now()"),
        probes.a_look_is_over_after_its_time,
    ),
    Gate(
        "session of a look",
        cut(arrival, "BY_LOOK", " and k.session_hash = %(hash)s"),
        probes.a_look_needs_the_session_it_began_in,
    ),
    Gate(
        "hands of who looks",
        instead(door, "check_hands", lambda view: None),
        probes.who_looks_changes_nothing,
    ),
    Gate(
        "rights of who looks",
        instead(arrival, "shared", lambda granted, own: granted),
        probes.who_looks_reads_no_more_than_at_his_own_desk,
    ),
    Gate(
        "origin of a form",
        instead(web, "check_origin", lambda request: None),
        probes.a_form_of_another_site_is_refused,
    ),
    Gate(
        "exact host",
        instead(edge, "house_at", lambda engine, host: HOUSE_AT(engine, host.removeprefix("sub."))),
        probes.only_the_exact_host_answers,
    ),
    Gate(
        "addresses of the portal only",
        instead(account_views, "is_local", lambda path: True),
        probes.signing_in_leads_nowhere_else,
    ),
    Gate(
        "limit of tries",
        instead(account_actions, "tries", lambda session, subject: 1),
        probes.too_many_tries_are_refused_even_when_right,
    ),
    Gate(
        "words that can be",
        instead(web, "check_address", lambda request: None),
        probes.a_text_that_cannot_be_is_refused_at_the_edge,
    ),
    Gate(
        "headers of every answer",
        instead(web, "unsaid", lambda wanted, headers: []),
        probes.every_answer_says_what_it_may_load,
    ),
    Gate("wall, reading", without_the_wall, probes.the_wall_hides_other_brokers_rows),
    Gate("wall, writing", without_the_wall, probes.nobody_writes_into_another_brokers_house),
    Gate(
        "tenant of a transaction",
        instead(current, "tenant_or_none", lambda: None),
        probes.a_transaction_begins_with_its_own_tenant,
    ),
    Gate(
        "scope of a client",
        both(*(instead(place, "reach", for_everybody) for place in (query, reaching, record, contacts))),
        probes.a_sibling_organizations_contract_is_not_there,
    ),
    Gate("mandates of staff", both(*ALL_MANDATES), probes.staff_see_their_mandates_only),
    Gate(
        "sight of what others belong to", both(*NO_TITLE), probes.what_belongs_to_a_hidden_record_is_not_told
    ),
    Gate(
        "sight of what is referred to",
        instead(rows.Rows, "_is_guarded", lambda self, to: False),
        probes.a_reference_out_of_sight_shows_nothing,
    ),
    Gate(
        "sharing of a report",
        instead(saved_reports, "ONE", saved_reports.ONE.replace(saved_reports.OPEN, "true")),
        probes.a_private_report_is_there_for_its_owner_only,
    ),
    Gate(
        "clerk and account manager",
        instead(arrival, "without", lambda granted, *taken: rights.without(granted, *taken[:2])),
        probes.who_looks_after_a_client_is_no_field_where_that_is_not_shown,
    ),
    Gate(
        "switched-off functions",
        instead(arrival, "without", lambda granted, *taken: granted),
        probes.what_is_switched_off_is_refused,
    ),
    Gate(
        "switched-off words of an address",
        instead(address, "switched_off", lambda granted: frozenset()),
        probes.what_is_switched_off_is_refused,
    ),
    Gate(
        "level of a field", instead(columns, "_level", reading_everything), probes.a_hidden_field_is_not_there
    ),
    Gate(
        "mask of a value",
        instead(rows, "masked", lambda value, **more: cast(value, Text())),
        probes.a_masked_value_never_leaves,
    ),
    Gate(
        "no sort by a mask",
        instead(READS, "can_sort", property(lambda self: self.field.sort)),
        probes.a_masked_field_is_not_sorted_by,
    ),
    Gate(
        "no filter by a mask",
        instead(READS, "operators", property(lambda self: ("starts",))),
        probes.a_masked_field_is_not_filtered_by,
    ),
    Gate(
        "no search behind a mask",
        both(
            instead(READS, "can_search", property(lambda self: self.key == "product")),
            instead(rows, "masked", lambda value, **more: cast(value, Text())),
        ),
        probes.a_masked_field_is_not_searched,
    ),
    Gate(
        "currency of an amount",
        instead(columns, "_level", own_level_only),
        probes.an_amount_needs_its_currency,
    ),
    Gate(
        "title behind a reference",
        instead(columns, "_level", own_level_only),
        probes.a_hidden_title_hides_the_reference,
    ),
    Gate(
        "sources of what is computed",
        instead(columns, "_level", own_level_only),
        probes.what_is_computed_needs_all_it_is_computed_from,
    ),
    Gate(
        "cursor of this order",
        instead(reading, "read_cursor", trusting_cursor),
        probes.a_forged_cursor_is_refused,
    ),
    Gate(
        "no formulas in files",
        instead(files, "harmless", lambda value, **more: cast(value, Text())),
        probes.a_formula_in_a_file_is_harmless,
    ),
    Gate(
        "second look before a file",
        instead(files_of_documents, "title_of_record", lambda *given: "Policy"),
        probes.a_link_opens_nothing_once_the_document_is_out_of_sight,
    ),
    Gate(
        "people a client may ask about",
        cut(asked_about, "PLACES", "and (%(own)s::uuid is null or o.id = %(own)s)"),
        probes.a_client_asks_about_his_own_people_only,
    ),
    Gate(
        "seal of a look",
        instead(faces, "_seal", lambda key, tenant_id, said: "0" * 20),
        probes.another_brokers_look_is_not_served_here,
    ),
    Gate(
        "files of a package",
        instead(shell, "is_open_to", lambda found, house: True),
        probes.another_brokers_package_is_not_served_here,
    ),
    Gate(
        "terms of use",
        instead(door, "ask_terms", lambda: None),
        probes.whoever_has_not_accepted_the_terms_is_asked_first,
    ),
    Gate(
        "life of a link", instead(files_of_documents, "LINK_LIVES", 10**12), probes.a_link_dies_after_a_minute
    ),
    Gate(
        "record of an upload",
        instead(places, "seen_ids", lambda connection, viewer, source, ids: ids),
        probes.nothing_is_hung_on_a_record_out_of_sight,
    ),
    Gate(
        "content of an upload",
        instead(contents, "_is_web", lambda head: False),
        probes.a_page_that_could_run_is_not_taken,
    ),
    Gate(
        "limit of an upload",
        instead(uploads, "MB", 2 << 20),
        probes.no_file_is_larger_than_the_broker_lets_it_be,
    ),
    Gate(
        "contract of a claim report",
        # It is asked again once it is the report's turn.
        both(
            instead(places, "seen_ids", lambda connection, viewer, source, ids: ids),
            instead(sending, "sees", lambda *asked: True),
        ),
        probes.nothing_is_reported_on_a_contract_out_of_sight,
    ),
    Gate(
        "second pair of eyes",
        cut(releasing, "OF_COLLEAGUE", " and author_id <> :user"),
        probes.nobody_approves_what_he_reported_himself,
    ),
    Gate(
        "organization of a claim report",
        cut(releasing, "OF_COLLEAGUE", " and organization_id = :organization"),
        probes.a_sibling_organizations_report_is_not_there,
    ),
    Gate(
        "sight of who approves",
        instead(releasing, "sees", lambda *given: True),
        probes.a_report_on_what_he_does_not_see_is_not_there,
    ),
]
"""One line a gate: its name, what is put in its place, and the probe that must then fail."""
