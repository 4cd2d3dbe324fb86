"""The broker's desk: tenants, organizations, profiles and users, their pages and the document that declares them."""

from app.administration import audit
from app.administration.access import ADMINISTRATION
from app.administration.announcements import ANNOUNCEMENTS
from app.administration.announcements import pages as announcements
from app.administration.branding import BRANDING
from app.administration.branding import PAGES as OF_BRANDING
from app.administration.commands import COMMANDS
from app.administration.config import Plan, apply, export, plan
from app.administration.config.rest import api
from app.administration.eyes.access import EYES
from app.administration.eyes.telling import JOBS as TELLING
from app.administration.eyes.views import pages as eyes
from app.administration.features import FEATURES
from app.administration.features import pages as features
from app.administration.grants import RESOURCES as GRANTS
from app.administration.grants import SOURCES as GRANT_SOURCES
from app.administration.grants import pages as grants
from app.administration.grants import ways_beside
from app.administration.members import DELEGATION, MEMBERS
from app.administration.members import JOBS as INVITING
from app.administration.members import PAGES as OF_MEMBERS
from app.administration.organizations import ORGANIZATION_SOURCE, ORGANIZATIONS, way_to_grants
from app.administration.organizations import PAGES as OF_ORGANIZATIONS
from app.administration.passwords import JOBS as PASSWORD_JOBS
from app.administration.passwords import pages as passwords
from app.administration.private import pages as private
from app.administration.profiles.access import PERMISSION_PROFILES
from app.administration.profiles.editor import pages as profile_editor
from app.administration.profiles.views import pages as profiles
from app.administration.report_functions import pages as report_functions
from app.administration.reviews import JOBS as REVIEW_JOBS
from app.administration.reviews import REVIEWING
from app.administration.reviews import pages as reviews
from app.administration.seen import SEEN, way_here
from app.administration.seen import api as seen_api
from app.administration.seen import pages as seen_pages
from app.administration.seen import paths as visibility_paths
from app.administration.tenants import FirstUser, create_tenant
from app.administration.users import PORTAL_USERS, USER_SOURCE
from app.administration.users import pages as users
from app.administration.welcome import pages as welcome

RESOURCES = [
    ORGANIZATIONS,
    *GRANTS,
    PORTAL_USERS,
    MEMBERS,
    REVIEWING,
    DELEGATION,
    EYES,
    PERMISSION_PROFILES,
    SEEN,
    ANNOUNCEMENTS,
    ADMINISTRATION,
    FEATURES,
    BRANDING,
    audit.AUDIT,
]
"""What profiles decide about the desk, in the order of its menu."""
SOURCES = [ORGANIZATION_SOURCE, USER_SOURCE, *GRANT_SOURCES]
PAGES = [
    *OF_ORGANIZATIONS,
    *OF_BRANDING,
    *OF_MEMBERS,
    reviews,
    users,
    private,
    grants,
    eyes,
    profiles,
    profile_editor,
    report_functions,
    welcome,
    announcements,
    features,
    passwords,
    audit.pages,
    audit.own_pages,
    seen_pages,
    seen_api,
    api,
]
JOBS = [*INVITING, *TELLING, *REVIEW_JOBS, *PASSWORD_JOBS]

__all__ = [
    "COMMANDS",
    "JOBS",
    "PAGES",
    "RESOURCES",
    "SOURCES",
    "FirstUser",
    "Plan",
    "apply",
    "create_tenant",
    "export",
    "plan",
    "visibility_paths",
    "way_here",
    "way_to_grants",
    "ways_beside",
]
