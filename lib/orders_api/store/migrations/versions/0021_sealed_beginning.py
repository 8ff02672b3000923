"""How many rows of the audit log came before it was sealed stands in its head, under the head's seal."""

import hmac
import json

import sqlalchemy as sa
from alembic import context, op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply this change. Whoever migrates without the key leaves the head unsealed, which is a fault."""
    op.add_column("audit_head", sa.Column("unsealed", BIG_KEY, nullable=False, server_default="0"))
    sealer = context.config.attributes.get("sealer")
    connection = op.get_bind()
    head = connection.execute(sa.text("SELECT entries, seal, head_seal FROM audit_head")).one()
    unsealed = connection.execute(sa.text("SELECT count(*) FROM audit_log WHERE seal = ''")).scalar_one()
    never_sealed = head.seal == head.head_seal == "" and unsealed == head.entries
    if sealer is None:
        return
    text, keys = json.dumps(["head", head.entries, head.seal]), range(len(sealer.key_names))
    fitting = [key for key in keys if hmac.compare_digest(head.head_seal, sealer.audit_mac(text, key))]
    # A head that somebody changed stays as it is: it must not become a good one by this.
    for key in [0] if never_sealed else fitting:
        seal = sealer.audit_mac(json.dumps(["head", head.entries, head.seal, unsealed]), key)
        statement = sa.text("UPDATE audit_head SET unsealed = :unsealed, head_seal = :seal")
        connection.execute(statement, {"unsealed": unsealed, "seal": seal})
