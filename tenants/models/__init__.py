"""Brokers, their units, organizations, people and their memberships."""

# ruff: noqa: F401

from tenants.models.brokers import DocumentProfile, Host, Mandate, Tenant
from tenants.models.organizations import (
    HOME_VIEWS,
    STATE_BOXES,
    ClaimsShown,
    MailboxPlace,
    Organization,
    OrganizationContract,
    OrganizationMandate,
    OrganizationObject,
    OrganizationPolicyholder,
    Shown,
    Valuation,
    WelcomeMode,
)
from tenants.models.people import Membership, MembershipObject, StaffMandate, User
