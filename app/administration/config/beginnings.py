"""What holds of something new wherever the document says nothing. The order is the one people read."""

from __future__ import annotations

from typing import Any

from app.accounts.passwords import STANDARD_LENGTH

Item = dict[str, Any]

NEW_TENANT: Item = {
    "name": None,
    "theme": "hanse",
    "own_theme": None,
    "logo": None,
    "logo_dark": None,
    "language": "de",
    "links": {},
    "terms_version": None,
    "terms_required": False,
    "mail_sender": None,
    "mail_domains": [],
    "report_functions_off": [],
    "views_may_change": False,
    "views_are_mailed": True,
    "welcome_shown": False,
    "welcome": {},
    "video": {},
    "video_words": {},
    "home_view": "overview",
    "case_sharing_allowed": True,
    "profile_currency_allowed": True,
    "notice_days": 30,
    "review_months": 12,
    "upload_megabytes": 25,
    "upload_types": [],
    "upload_type_required": True,
    "password_length": STANDARD_LENGTH,
}
NEW_PROFILE: Item = {"name": None, "staff": False, "inherits": [], "grants": {}}
NEW_DOCUMENT_PROFILE: Item = {"name": None, "tags": []}
NEW_USER: Item = {
    "name": None,
    "salutation": None,
    "phone": None,
    "role": None,
    "staff": False,
    "key": None,
    "active": True,
    "language": None,
    "profile": None,
    "mandates": [],
}
NEW_ORGANIZATION: Item = {
    "name": None,
    "parent": None,
    "starts_on": None,
    "ends_on": None,
    "policyholders": [],
    "whole_mandates": [],
    "corporate_groups": [],
    "intermediaries": [],
    "share_automatically": False,
    "states": [],
    "mandates": [],
    "lines_of_business": [],
    "contract_types": [],
    "shared_contracts": [],
    "excluded_contracts": [],
    "objects": "all",
    "include_claims": False,
    "claim_types": [],
    "claims": "all",
    "reference_addresses": False,
    "document_profile": None,
    "case_sharing": False,
    "profile_currency": None,
    "valuation": "today",
    "logo": None,
    "theme": None,
    "links": {},
    "report_functions_off": [],
    "welcome_mode": "broker",
    "welcome": {},
    "home_view": None,
    "home_fixed": False,
    "home_tiles": [],
    "home_widgets": None,
    "caretakers_shown": True,
    "four_eyes_claims": False,
    "private_for": None,
    "mailbox": "sidebar",
}
NEW_MEMBER: Item = {"profile": None, "main": False, "objects": "all", "starts_on": None, "ends_on": None}
