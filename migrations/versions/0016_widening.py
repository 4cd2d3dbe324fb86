"""What a large organization comes to see by a job"""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.execute("alter table scopes add column widening integer")
