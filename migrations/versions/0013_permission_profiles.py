"""The page of permission profiles, for whoever may declare them already"""

from migrations.grants import grant_to_administrators

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    grant_to_administrators("menu:profiles", "function:profile.manage")
