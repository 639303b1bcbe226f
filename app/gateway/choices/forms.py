"""The forms of what a tenant decides about models."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from app.gateway.choices.policy import Choice, ModelPolicy, Withheld
from app.gateway.choices.service import CALLS_BOUNDS, MAX_REASON
from app.gateway.egress import FieldGroup
from app.kernel.form_rules import storable, stripped

_SEPARATOR = "\t"
NOTHING = ""


def value_of(choice: Choice | None) -> str:
    """Return a choice as an option's value; a name never holds a tab."""
    return NOTHING if choice is None else f"{choice.endpoint}{_SEPARATOR}{choice.model}"


def choice_of(value: str | None) -> Choice | None:
    """Return the choice of an option's value."""
    if not value:
        return None
    endpoint, _, model = value.partition(_SEPARATOR)
    return Choice(endpoint, model)


class PolicyForm(FlaskForm):
    """Which model answers, and who stands in for it."""

    chosen = SelectField("Model")
    first = SelectField(
        "First fallback",
        description="Asked when the model gave no usable answer or may not be asked. What a"
        " fallback answered says so wherever it stands.",
    )
    second = SelectField("Second fallback")
    third = SelectField("Third fallback")
    calls_per_minute = IntegerField(
        "Calls a minute",
        [InputRequired("Write a number."), NumberRange(*CALLS_BOUNDS)],
        description=f"{CALLS_BOUNDS[0]:,} to {CALLS_BOUNDS[1]:,}, of the whole tenant.",
    )

    @classmethod
    def of(cls, policy: ModelPolicy, offered: Iterable[Choice], default: Choice) -> "PolicyForm":
        """Return the form with what is decided now, over what the operator offers."""
        slots = [*policy.fallbacks, None, None, None]
        form = cls(
            chosen=value_of(policy.chosen),
            first=value_of(slots[0]),
            second=value_of(slots[1]),
            third=value_of(slots[2]),
            calls_per_minute=policy.calls_per_minute,
        )
        options = [(value_of(one), one.words) for one in offered]
        form.chosen.choices = [(NOTHING, f"The installation's first ({default.words})"), *options]
        for field in (form.first, form.second, form.third):
            field.choices = [(NOTHING, "None"), *options]
        return form

    @property
    def policy(self) -> ModelPolicy:
        """What was chosen, once it is valid."""
        typed = (self.first.data, self.second.data, self.third.data)
        fallbacks = tuple(choice for one in typed if (choice := choice_of(one)) is not None)
        return ModelPolicy(choice_of(self.chosen.data), fallbacks, self.calls_per_minute.data or 0)


def _may_leave(group: FieldGroup) -> BooleanField:
    return BooleanField(group.label, description=f"{group.meaning}.")


class EgressForm(FlaskForm):
    """Which groups of fields may leave for an endpoint."""

    actors = _may_leave(FieldGroup.ACTORS)
    actions = _may_leave(FieldGroup.ACTIONS)
    targets = _may_leave(FieldGroup.TARGETS)
    addresses = _may_leave(FieldGroup.ADDRESSES)
    outcomes = _may_leave(FieldGroup.OUTCOMES)
    times = _may_leave(FieldGroup.TIMES)

    @classmethod
    def of(cls, withheld: Withheld) -> "EgressForm":
        """Return the form with what is decided now."""
        return cls(**{group.value: group not in withheld for group in FieldGroup})

    @property
    def withheld(self) -> Withheld:
        """What may not leave, as it was ticked."""
        return frozenset(group for group in FieldGroup if not self[group.value].data)


class StopForm(FlaskForm):
    """Why nothing may go to a model."""

    reason = TextAreaField(
        "Reason",
        [InputRequired("Say why."), Length(max=MAX_REASON), storable],
        [stripped],
        description="It stays in the log, and stands on this page until somebody starts calls.",
    )
