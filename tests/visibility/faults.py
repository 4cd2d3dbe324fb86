"""Faults that could be made in the rules, one a line, and for each the story that notices it.

A rule that is written anew takes its faults along.
"""

from __future__ import annotations

from unittest import mock

from permissions import arrival
from tenants import arrangement, rebuilding, rules, visibility
from tests.visibility import test_contracts as contracts
from tests.visibility import test_following as following
from tests.visibility import test_members_and_parents as members
from tests.visibility import test_people as people
from tests.visibility import test_what_hangs_on_them as others
from tests.visibility.planting import Fault, Story, asked, branch, said, step
from tests.visibility.world import EVERY

OWN, TO, BY_OTHERS = rules.OWN, rules.NARROWED_TO, rules.NARROWED_BY_OTHERS
FOLLOWING, NARROWED, LINKED_TO = visibility.FOLLOWING, visibility.FOLLOWING_NARROWED, visibility.LINKED_TO
BOXES = contracts.test_each_status_has_a_box_of_its_name
DATES = contracts.test_the_dates_of_an_own_contract_decide_on_its_only_box
QUOTES = contracts.test_a_quote_is_seen_through_own_once_it_has_its_date
COMES_LATER = contracts.test_a_whole_mandate_a_group_and_an_intermediary_take_in_who_comes_later
BY_HAND = contracts.test_a_contract_shared_by_hand_passes_every_narrowing
LISTS = contracts.test_lists_of_lines_and_types_let_pass_only_what_they_name
JOINT = contracts.test_a_co_policyholder_brings_the_contract_but_the_mandate_is_the_policyholders
CHOSEN = contracts.test_selected_objects_narrow_what_is_shared_automatically_not_by_hand
LINK = contracts.test_a_link_between_contract_and_object_counts_from_either_side
NEW_LINK = contracts.test_a_new_object_and_a_new_co_policyholder_of_a_seen_contract_are_seen
CLAIMS = others.test_a_claim_needs_its_contract_its_object_and_its_type
MEMBERS_CLAIMS = others.test_own_and_members_claims_follow_who_is_a_member
NO_MEMBER = others.test_a_member_of_another_organization_or_of_tomorrow_is_no_member
INVOICES = others.test_an_invoice_without_a_contract_follows_its_policyholder
HANGS = others.test_a_document_may_hang_on_a_record_of_any_kind
TAGS = others.test_a_document_needs_a_shared_tag_and_something_visible_to_hang_on
HIS = members.test_a_narrowed_member_sees_what_has_to_do_with_his_objects
HIS_CLAIMS = members.test_a_narrowed_members_claims_name_his_objects_or_none
GRANDCHILDREN = members.test_a_parent_sees_its_grandchildren_and_only_its_own_when_they_are_gone
FIRST_OF_THE_DAY = members.test_a_narrowed_member_arrives_first_on_the_day_a_colleague_has_left
NEWCOMER = following.test_a_newcomer_to_a_mandate_brings_what_he_holds_what_he_owes_and_his_papers
CONTRACT_BRINGS = (
    following.test_a_contract_brings_and_takes_its_objects_claims_invoices_certificates_and_papers
)
OBJECT_BRINGS = following.test_an_object_brings_and_takes_the_claims_that_name_it_and_its_papers
HOLDERS = following.test_a_contract_brings_a_narrowed_member_its_policyholders
REPORTER = people.test_who_reported_a_claim_always_sees_it_with_its_shared_documents
CASES = people.test_a_case_is_its_owners_and_its_participants
SHARED = people.test_an_organization_that_shares_cases_shares_its_members_but_confidential_ones
PRIVATE = people.test_a_case_about_somebodys_private_insurance_is_never_shared
WHEREVER = people.test_cases_are_shared_whichever_organization_one_works_in_while_both_belong_to_it
STAFF = people.test_staff_see_the_tenant_or_their_mandates
STAFFS_OWN = people.test_staff_of_a_mandate_see_what_they_reported_uploaded_or_take_part_in


def first_of(kind: str) -> str:
    """How the part of the question for one kind begins."""
    name = '"case"' if kind == "case" else kind
    return f"AS {name} WHERE {name}.tenant_id = %(tenant)s::UUID AND "


APPLICATION = "c.status = 'own' and c.application_on is not null and c.document_on is null"
POLICY = "c.status = 'own' and c.document_on is not null"
NO_DATES = "c.status = 'own' and c.application_on is null and c.document_on is null"
RUNS_UNTIL = " and (m.ends_on is null or m.ends_on >= %(today)s)"
RUNS_FROM = "(m.starts_on is null or m.starts_on <= %(today)s) and "
OF_OBJECT = "r.object_id is null"


def contract(name: str, old: str, new: str, story: Story) -> Fault:
    return Fault(name, said(OWN, "contract", old, new), story)


FAULTS = [
    # CONTRACT
    contract("excluded is seen", "x.part = 'excluded'", "false", contracts.test_excluded_beats_automatic),
    contract("shared by hand is not seen", "oc.part = 'shared'", "false", BY_HAND),
    contract("by hand passes the rules", "k.is_by_hand or", "", BY_HAND),
    contract(
        "shared though not automatically", "o.share_automatically", "true",
        contracts.test_nothing_is_shared_automatically_unless_the_organization_says_so,
    ),
    contract("a policyholder brings nothing", "held.tenant_id = %(tenant)s", "false", LISTS),
    contract("a co-policyholder brings nothing", "co.tenant_id = %(tenant)s", "false", JOINT),
    contract("any line passes", "c.line_of_business = any(o.lines_of_business)", "true", LISTS),
    contract("no line passes no list", "o.lines_of_business = '{{}}'", "false", JOINT),
    contract("any type passes", "c.contract_type = any(o.contract_types)", "true", LISTS),
    contract("no type passes no list", "o.contract_types = '{{}}'", "false", JOINT),
    contract("any mandate passes", "n.mandate_id = p.mandate_id", "true", JOINT),
    *(
        contract(f"no box for {status}", f"c.status in {rules.BY_STATUS}", f"c.status <> '{status}'", BOXES)
        for status in rules.BY_STATUS
    ),
    contract("a box of its name for own", f"c.status in {rules.BY_STATUS} and", "", DATES),
    contract("applications of others", APPLICATION, APPLICATION.replace("c.status = 'own' and ", ""), BOXES),
    contract(
        "an application without its date", APPLICATION, "c.status = 'own' and c.document_on is null",
        DATES,
    ),
    contract(
        "an application once issued", APPLICATION, "c.status = 'own' and c.application_on is not null",
        DATES,
    ),
    contract("policies of others", POLICY + " and 'policy'", "c.document_on is not null and 'policy'", BOXES),
    contract("a policy without its date", POLICY + " and 'policy'", "c.status = 'own' and 'policy'", DATES),
    contract("own though applied for", NO_DATES, "c.status = 'own' and c.document_on is null", DATES),
    contract("own though issued", NO_DATES, "c.status = 'own' and c.application_on is null", DATES),
    contract("own without quotes", "c.status = 'quote' and c.quote_on is not null", "false", QUOTES),
    contract(
        "own with quotes to come", "c.status = 'quote' and c.quote_on is not null", "c.status = 'quote'",
        QUOTES,
    ),
    contract(
        "any dated quote is own", "c.status = 'quote' and c.quote_on is not null", "c.quote_on is not null",
        DATES,
    ),
    contract("any object will do", "and chosen.organization_id = o.id", "", CHOSEN),
    contract("no object needed", "o.objects = 'all'", "true", CHOSEN),
    # OBJECT
    Fault("an object not selected", said(OWN, "object", "o.objects = 'all'"), CHOSEN),
    Fault("an object another selected", said(OWN, "object", "chosen.organization_id = o.id"), CHOSEN),
    Fault(
        "an object without its contract",
        said(OWN, "object", "v.contract_id = i.contract_id"),
        contracts.test_excluded_beats_automatic,
    ),
    # CLAIM
    Fault("claims though not included", said(OWN, "claim", "and o.include_claims", ""), CLAIMS),
    Fault("claims of hidden contracts", said(OWN, "claim", "v.contract_id = c.contract_id"), CLAIMS),
    Fault("claims of any type", said(OWN, "claim", "c.claim_type = any(o.claim_types)"), CLAIMS),
    Fault("claims of hidden objects", said(OWN, "claim", "c.object_id is null"), CLAIMS),
    Fault("no claims without an object", said(OWN, "claim", "c.object_id is null", "false"), CLAIMS),
    Fault("everybody's claims", said(OWN, "claim", "o.claims = 'all'"), MEMBERS_CLAIMS),
    Fault("claims of former members", said(OWN, "claim", RUNS_UNTIL, ""), MEMBERS_CLAIMS),
    Fault("claims of future members", said(OWN, "claim", RUNS_FROM, ""), NO_MEMBER),
    Fault("claims of others' members", said(OWN, "claim", "m.organization_id = o.id"), NO_MEMBER),
    Fault(
        "a reporter sees nothing more", asked("scope", "OR claim.reported_by_id = %(user)s::UUID", ""),
        REPORTER,
    ),
    # INVOICE, CERTIFICATE
    Fault("invoices of hidden contracts", said(OWN, "invoice", "n.contract_id is null and", ""), INVOICES),
    Fault("no invoice without a contract", branch(OWN, "invoice", "n.contract_id is null"), INVOICES),
    Fault("no invoice of a contract", said(OWN, "invoice", "v.contract_id = n.contract_id", "false"), INVOICES),
    Fault(
        "certificates of hidden contracts", said(OWN, "certificate", "v.contract_id = c.contract_id"),
        others.test_a_certificate_follows_its_contract,
    ),
    # POLICYHOLDER
    Fault(
        "nobody is named", said(OWN, "policyholder", "s.organization_id = op.organization_id", "false"),
        LISTS,
    ),
    Fault("no whole mandates", branch(OWN, "policyholder", "om.part = 'whole'"), COMES_LATER),
    Fault("no groups", branch(OWN, "policyholder", "corporate_groups"), COMES_LATER),
    Fault("no intermediaries", branch(OWN, "policyholder", "o.intermediaries"), COMES_LATER),
    Fault("a narrowing list takes in", said(OWN, "policyholder", " and om.part = 'whole'", ""), JOINT),
    # DOCUMENT
    *(
        Fault(f"no document on a {kind}", said(OWN, "document", f"v.{kind}_id = l.{kind}_id", "false"), HANGS)
        for kind in rules.LINKED
    ),
    Fault("documents with any tag", said(OWN, "document", "d.tags && f.tags"), TAGS),
    Fault(
        "an uploader sees nothing more", asked("scope", "document.uploaded_by_id = %(user)s::UUID", "false"),
        REPORTER,
    ),
    Fault("any document on a reported claim", asked("scope", "(document.tags && %(tags)s::TEXT[])"), REPORTER),
    Fault(
        "no document on a reported claim", asked("scope", "(document.tags && %(tags)s::TEXT[])", "false"),
        REPORTER,
    ),
    # CASE
    Fault("participants are shut out", asked("scope", "part.user_id = %(user)s::UUID", "false"), CASES),
    Fault("owners are shut out", asked("scope", '"case".owner_id = %(user)s::UUID', "false"), CASES),
    Fault("no cases are shared", asked("scope", 'NOT "case".is_confidential', "false"), SHARED),
    Fault("confidential cases are shared", asked("scope", 'NOT "case".is_confidential'), SHARED),
    *(
        Fault(f"private cases: {part}", asked("scope", old, new), PRIVATE)
        for part, old, new in (
            ("anybody's portal counts", 'private.private_user_id = "case".owner_id', "true"),
            ("none are", 'private.private_user_id = "case".owner_id', "false"),
            ("clients are not", '"case".policyholder_id, private_claim', "private_claim"),
            ("clients with a claim are not", '"case".policyholder_id, private_claim.policyholder_id',
             '"case".policyholder_id'),
            ("contracts are not", 'private_contract.id in ("case".contract_id, ', "private_contract.id in ("),
            ("contracts with a claim are not", 'private_contract.id in ("case".contract_id, private_claim.contract_id)',
             'private_contract.id = "case".contract_id'),
            ("only joint contracts are",
             "private_contract.policyholder_id = private_holder.policyholder_id", "false"),
            ("joint contracts are not", "private_other.policyholder_id = private_holder.policyholder_id",
             "false"),
            ("contracts by hand are not", "by_hand.part = 'shared'", "false"),
            ("every claim is", 'private_claim.id = "case".claim_id', "true"),
        )
    ),
    Fault("cases are shared unasked", asked("scope", "sharing.case_sharing"), WHEREVER),
    Fault("cases of strangers are shared", asked("scope", "mine.user_id = %(user)s::UUID"), WHEREVER),
    Fault("former members share cases", asked("scope", "theirs.ends_on >= %(today)s::DATE"), SHARED),
    Fault("cases for former members", asked("scope", "mine.ends_on >= %(today)s::DATE"), WHEREVER),
    Fault(
        "ended organizations share cases", asked("scope", "sharing.ends_on >= %(today)s::DATE"),
        people.test_an_ended_organization_shares_no_cases,
    ),
    # MEMBER
    Fault("a member's objects are all", said(TO, "object", "and m.object_id = v.object_id", ""), HIS_CLAIMS),
    Fault("a member's contracts are all", said(TO, "contract", "n.scope_id = s.id"), HIS_CLAIMS),
    Fault("a member's claims are his contracts'", said(TO, "claim", OF_OBJECT), HIS_CLAIMS),
    Fault("a member's claims are his objects'", said(TO, "claim", OF_OBJECT, "false"), HIS),
    Fault("a member's invoices are all", said(TO, "invoice", "n.scope_id = s.id"), HIS_CLAIMS),
    Fault("a member's certificates are all", said(TO, "certificate", "n.scope_id = s.id"), HIS_CLAIMS),
    Fault("a member's policyholders: no holder", branch(BY_OTHERS, "policyholder", "from contracts h"), HIS),
    Fault(
        "a member's policyholders: no co-holder", branch(BY_OTHERS, "policyholder", "from contract_policyholders"),
        HIS,
    ),
    Fault("a member's policyholders are all", said(BY_OTHERS, "policyholder", "n.scope_id = s.id"), HOLDERS),
    Fault(
        "a member's documents are all", said(BY_OTHERS, "document", "s.id = h.scope_id", "s.base_id = h.scope_id"),
        HIS,
    ),
    Fault(
        "a member works unnarrowed", said(arrival, "WHO", "when m.objects = 'selected' then m.id", ""),
        HIS,
    ),
    Fault(
        "a member keeps his narrowing", step("delete from scopes s using memberships"),
        members.test_a_member_narrowed_and_widened_again_sees_as_his_colleagues_do,
    ),
    # PARENT
    Fault(
        "a parent sees its own", said(arrival, "WHO", "coalesce(tree.id, s.id)", "s.id"),
        GRANDCHILDREN,
    ),
    Fault("a narrowed member sees the tree", said(arrival, "WHO", "m.objects = 'all' and tree.id", "tree.id"), GRANDCHILDREN),
    Fault("a parent sees nothing of its children", step("with recursive"), GRANDCHILDREN),
    Fault(
        "a parent sees no grandchildren", step("with recursive", "c.parent_id = u.id", "c.parent_id = u.top_id"),
        GRANDCHILDREN,
    ),
    Fault("a parent sees ended children", step("with recursive", rules.RUNS.format("c")), GRANDCHILDREN),
    Fault("a former parent stays one", step("delete from scopes s using organizations"), GRANDCHILDREN),
    # How far a change of stock reaches
    Fault("policyholder, his contracts", branch(FOLLOWING, "policyholder", "from contracts "), NEWCOMER),
    Fault(
        "policyholder, contracts he co-holds", branch(FOLLOWING, "policyholder", "from contract_policyholders"),
        NEWCOMER,
    ),
    Fault("policyholder, his invoices", branch(FOLLOWING, "policyholder", "from invoices"), NEWCOMER),
    Fault("policyholder, his documents", branch(FOLLOWING, "policyholder", "from document_links"), NEWCOMER),
    *(
        Fault(f"contract, {table}", branch(FOLLOWING, "contract", f"from {table}"), CONTRACT_BRINGS)
        for table in ("contract_objects", "claims", "invoices", "certificates", "document_links")
    ),
    Fault("object, claims that name it", branch(FOLLOWING, "object", "from claims"), OBJECT_BRINGS),
    Fault("object, its documents", branch(FOLLOWING, "object", "from document_links"), OBJECT_BRINGS),
    Fault("claim, its documents", branch(FOLLOWING, "claim", "document"), following.test_a_claim_brings_and_takes_its_papers),
    Fault(
        "invoice, its documents", branch(FOLLOWING, "invoice", "document"),
        following.test_an_invoice_brings_and_takes_its_papers,
    ),
    Fault(
        "certificate, its documents", branch(FOLLOWING, "certificate", "document"),
        following.test_a_certificate_brings_and_takes_its_papers,
    ),
    Fault(
        "narrowed: object, its contracts", branch(NARROWED, "object", "contract_objects"),
        following.test_an_object_one_child_shows_brings_a_narrowed_member_the_contract_another_child_shows,
    ),
    Fault("narrowed: contract, its policyholder", branch(NARROWED, "contract", "from contracts"), HOLDERS),
    Fault(
        "narrowed: contract, its co-policyholders", branch(NARROWED, "contract", "from contract_policyholders"),
        HOLDERS,
    ),
    Fault("changed policyholder, his contracts", branch(LINKED_TO, "policyholder", "from contracts"), JOINT),
    Fault("changed object, its contracts", branch(LINKED_TO, "object", "contract_objects"), LINK),
    Fault(
        "changed contract, its objects", said(LINKED_TO, "contract", "i.contract_id = any(%(ids)s)", "false"),
        NEW_LINK,
    ),
    Fault(
        "changed contract, its policyholders", said(LINKED_TO, "contract", "s.kind = 'narrowed'", "false"),
        NEW_LINK,
    ),
    # How far a change of rules reaches, and a new day
    Fault(
        "a parent does not notice", said(rebuilding, "BUILT_ON", "p.part_id = any(%(scopes)s)", "false"),
        GRANDCHILDREN,
    ),
    Fault(
        "a narrowed member does not notice", said(rebuilding, "BUILT_ON", "t.id = n.base_id", "false"),
        members.test_the_organizations_rules_are_its_narrowed_members_too,
    ),
    Fault(
        "a new member's claims are not noticed", said(arrangement, "REPORTED", "o.claims = 'members'", "false"),
        MEMBERS_CLAIMS,
    ),
    Fault(
        "rows of nobody stay", said(arrangement, "SWEEP", "where scope_id is not null", "where false"),
        members.test_what_a_dissolved_organization_saw_is_forgotten,
    ),
    Fault("a day comes: members", lambda: mock.patch.dict(arrangement.FRESH, own="null::date"), MEMBERS_CLAIMS),
    Fault(
        "a day comes: children", lambda: mock.patch.dict(arrangement.FRESH, tree="null::date"),
        GRANDCHILDREN,
    ),
    Fault(
        "a day comes: narrowed", lambda: mock.patch.dict(arrangement.FRESH, narrowed="null::date"),
        FIRST_OF_THE_DAY,
    ),
    # STAFF
    *(
        Fault(
            f"staff of a mandate see every {kind}", asked("mandates", first_of(kind), first_of(kind)[:-4] + "OR "),
            STAFF,
        )
        for kind in EVERY
    ),
    *(
        Fault(
            f"staff of a mandate: not by {column}", asked("mandates", f"{at}{column} IN", f"{at}NULL IN"),
            STAFF,
        )
        for at, column in (
            ("(", "claim.policyholder_id"), ("OR ", "claim.contract_id"),
            ("(", "invoice.policyholder_id"), ("OR ", "invoice.contract_id"), ("OR ", "mandated_link.object_id"),
            ("(", '"case".policyholder_id'), ("OR ", '"case".contract_id'), ("OR ", '"case".claim_id'),
        )
    ),
    Fault(
        "staff's own claims", asked("mandates", "claim.reported_by_id = %(user)s::UUID", "false"),
        STAFFS_OWN,
    ),
    Fault(
        "staff's own documents", asked("mandates", "document.uploaded_by_id = %(user)s::UUID", "false"),
        STAFFS_OWN,
    ),
    Fault("cases staff take part in", asked("mandates", "part.user_id = %(user)s::UUID", "false"), STAFFS_OWN),
]  # fmt: skip
"""A line each, in the order of the rules: what goes wrong, how, and who notices."""
