"""Every table of the product, for migrations and for whoever needs them all at once."""

# ruff: noqa: F401

import app.accounts.models
import app.administration.eyes.models
import app.administration.members.models
import app.administration.reviews.models
import app.cases.models
import app.certificates.models
import app.claim_reports.models
import app.claims.models
import app.contracts.models
import app.contracts.reminders.models
import app.core.audit
import app.core.chain
import app.core.money
import app.core.outbox
import app.documents.models
import app.exchange.models
import app.finance.models
import app.home.models
import app.objects.models
import app.policyholders.models
import app.reports.exports.models
import app.reports.saved.models
import app.reports.subscriptions.models
import permissions.models
import tenants.keys
import tenants.models
import tenants.scopes
import tenants.usage
