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
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from app.identity.passwords import MAX_LENGTH, MIN_LENGTH
from app.identity.reach import may_reach
from app.identity.roles import Role
from app.identity.service.api_keys import KEY_SCOPES
from app.kernel.actor import Actor
from app.kernel.form_rules import one_line, storable, stripped

# As much as can be said about an address without sending a mail to it.
# HTML's own rule, less encoded words, which mail programs read as something else.
_ADDRESS = Regexp(
    r"^(?!.*=\?)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z",
    message="Write an address like ann@example.org.",
)

LIFETIMES = (("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("0", "until revoked"))


class SignInForm(FlaskForm):
    """Address and password."""

    email = EmailField(
        "Work email", [DataRequired("Write your address."), Length(max=320), storable], [stripped]
    )
    password = PasswordField(
        "Password", [InputRequired("Write your password."), Length(max=MAX_LENGTH)]
    )
    next = HiddenField("Next")


class InvitationForm(FlaskForm):
    """Whom to invite, as what."""

    email = EmailField(
        "Work email",
        [DataRequired("Write the address to invite."), Length(max=320), _ADDRESS, storable],
        [stripped],
    )
    role = SelectField("Role", [InputRequired()])


class AcceptanceForm(FlaskForm):
    """Name and password of somebody who accepts an invitation.

    The same for somebody who has an account: a form that differed would tell whoever invited
    them.
    """

    name = StringField(
        "Your name",
        [DataRequired("Write your name."), Length(max=120), storable, one_line],
        [stripped],
    )
    password = PasswordField(
        "Password",
        [
            InputRequired("Choose a password."),
            Length(MIN_LENGTH, MAX_LENGTH, f"Use {MIN_LENGTH} characters or more."),
        ],
        description=f"The one you have on Ballast, or a new one of {MIN_LENGTH} characters or"
        " more; a sentence is easy to remember.",
    )


class RoleForm(FlaskForm):
    """Another role for a member."""

    role = SelectField("Role", [InputRequired()])


class ReasonForm(FlaskForm):
    """Why somebody does something that others will want to understand later."""

    reason = StringField(
        "Reason",
        [Optional(), Length(max=500), storable, one_line],
        [stripped],
        description="Stands in the audit log, for example a ticket number.",
    )


class ApiKeyForm(FlaskForm):
    """A new API key."""

    name = StringField(
        "Name",
        [DataRequired("Name what will use the key."), Length(max=120), storable, one_line],
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
