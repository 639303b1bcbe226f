"""Forms of people, invitations, keys and sessions."""

from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    HiddenField,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp

from app.identity.passwords import MAX_LENGTH, MIN_LENGTH
from app.identity.reach import may_reach
from app.identity.roles import Role
from app.identity.service.api_keys import KEY_SCOPES
from app.kernel.actor import Actor
from app.kernel.form_rules import storable, stripped

# As much as can be said about an address without sending a mail to it.
_ADDRESS = Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message="Write an address like ann@example.org.")

LIFETIMES = (("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("0", "until revoked"))


class SignInForm(FlaskForm):
    """Address and password."""

    email = EmailField(
        "Work email", [InputRequired("Write your address."), Length(max=320)], [stripped]
    )
    password = PasswordField(
        "Password", [InputRequired("Write your password."), Length(max=MAX_LENGTH)]
    )
    next = HiddenField("Next")


class InvitationForm(FlaskForm):
    """Whom to invite, as what."""

    email = EmailField(
        "Work email",
        [InputRequired("Write the address to invite."), Length(max=320), _ADDRESS, storable],
        [stripped],
    )
    role = SelectField("Role", [InputRequired()])


class AcceptanceForm(FlaskForm):
    """Name and password of somebody who accepts an invitation and is new here."""

    name = StringField(
        "Your name", [InputRequired("Write your name."), Length(max=120), storable], [stripped]
    )
    password = PasswordField(
        "Choose a password",
        [
            InputRequired("Choose a password."),
            Length(MIN_LENGTH, MAX_LENGTH, f"Use {MIN_LENGTH} characters or more."),
        ],
        description=f"{MIN_LENGTH} characters or more; a sentence is easy to remember.",
    )


class KnownAcceptanceForm(FlaskForm):
    """The password of somebody who accepts an invitation and has an account already."""

    password = PasswordField(
        "Your password", [InputRequired("Write your password."), Length(max=MAX_LENGTH)]
    )


class RoleForm(FlaskForm):
    """Another role for a member."""

    role = SelectField("Role", [InputRequired()])


class ReasonForm(FlaskForm):
    """Why somebody does something that others will want to understand later."""

    reason = StringField(
        "Reason",
        [Optional(), Length(max=500), storable],
        [stripped],
        description="Stands in the audit log, for example a ticket number.",
    )


class ConfirmationForm(FlaskForm):
    """Nothing but the confirmation itself."""


class ApiKeyForm(FlaskForm):
    """A new API key."""

    name = StringField(
        "Name",
        [InputRequired("Name what will use the key."), Length(max=120), storable],
        [stripped],
        description="What will use it, for example billing-sync.",
    )
    scope = SelectField("May", choices=[SelectChoice(scope.value) for scope in KEY_SCOPES])
    lifetime = SelectField(
        "Valid for", choices=[SelectChoice(days, words) for days, words in LIFETIMES], default="90"
    )


def grantable_roles(actor: Actor) -> list[SelectChoice]:
    """Return the roles that the actor may give."""
    return [
        SelectChoice(role.value, f"{role.label}: {role.purpose}")
        for role in Role
        if may_reach(actor, role)
    ]
