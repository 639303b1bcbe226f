"""The form of what calls for a purpose may take in a month."""

from decimal import Decimal

from flask_wtf import FlaskForm
from wtforms import DecimalField, IntegerField
from wtforms.validators import NumberRange, Optional

from app.gateway.budgets.accounts import Limits
from app.gateway.budgets.money import MICROS, micros_of, typed_of
from app.gateway.budgets.service import MOST


class BudgetForm(FlaskForm):
    """The most of a month; an empty field is no limit."""

    tokens = IntegerField(
        "Tokens a month",
        [Optional(), NumberRange(0, MOST)],
        description="Of prompts and answers together. Empty is no limit, 0 lets nothing through.",
    )
    money = DecimalField(
        "Money a month",
        [Optional(), NumberRange(Decimal(0), Decimal(MOST // MICROS))],
        places=None,
        description="In units of the currency. It binds for models whose price is known.",
    )

    @classmethod
    def of(cls, limits: Limits, currency: str) -> "BudgetForm":
        """Return the form with what is decided now."""
        form = cls(tokens=limits.tokens, money=typed_of(limits.micros))
        form.money.label.text = f"Money a month ({currency})"
        return form

    @property
    def limits(self) -> Limits:
        """What was typed, once it is valid."""
        return Limits(self.tokens.data, micros_of(self.money.data))
