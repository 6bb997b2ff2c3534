"""What is to be paid later is told apart from what is waived: until now both were a waiver."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "758e9fa6b7c9"
down_revision = "647d8e95a6b8"
branch_labels = None
depends_on = None

LATER = ("To be paid later", "Später zu zahlen", "A pagar más tarde", "बाद में चुकाना है", "يُدفع لاحقًا")
"""The note of such a row, in the languages in which it was written."""


def upgrade() -> None:
    op.drop_constraint(op.f("ck_payment_method"), "payment")
    op.create_check_constraint(
        op.f("ck_payment_method"), "payment", "method IN ('cash','bank_transfer','waiver','later')"
    )
    op.drop_constraint(op.f("ck_payment_waiver_is_no_money"), "payment")
    op.create_check_constraint(
        op.f("ck_payment_word_is_no_money"),
        "payment",
        "method NOT IN ('waiver','later') OR refunded_minor = 0",
    )
    told = sa.text(
        "UPDATE payment SET method = 'later', note = '' WHERE method = 'waiver' AND note = ANY(:notes)"
    )
    op.execute(told.bindparams(sa.bindparam("notes", list(LATER), sa.ARRAY(sa.Text()))))


def downgrade() -> None:
    op.execute(f"UPDATE payment SET method = 'waiver', note = '{LATER[0]}' WHERE method = 'later'")
    op.drop_constraint(op.f("ck_payment_word_is_no_money"), "payment")
    op.create_check_constraint(
        op.f("ck_payment_waiver_is_no_money"), "payment", "method <> 'waiver' OR refunded_minor = 0"
    )
    op.drop_constraint(op.f("ck_payment_method"), "payment")
    op.create_check_constraint(
        op.f("ck_payment_method"), "payment", "method IN ('cash','bank_transfer','waiver')"
    )
