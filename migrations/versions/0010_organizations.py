"""Organizations at the desk, for whoever could declare them before"""

from migrations.grants import grant_to_administrators

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    grant_to_administrators("menu:organizations", "function:organization.manage", *FIELDS)


FIELDS = tuple(
    f"field:organization.{name}"
    for name in (
        "name", "state", "policyholders", "members", "contracts", "parent", "starts_on", "ends_on",
        "include_claims", "profile_currency", "changed_at", "key",
    )
)  # fmt: skip
