"""The forms of a review."""

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, IPAddress, Length, NumberRange, Optional

from app.kernel.commands import Outcome
from app.kernel.form_rules import storable, stripped
from app.summaries.claims.contract import MAX_QUESTION
from app.summaries.service.decisions import MAX_NOTE
from app.summaries.service.review_tests import MAX_ONE_IN
from app.summaries.service.withdrawals import MAX_REASON
from app.summaries.slices import MAX_EVENTS
from app.summaries.states import RejectReason

TIME_FORMATS = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]
_LONGEST_ID = 512


class ClaimForm(FlaskForm):
    """What a claim says. Whatever is left empty means "any"."""

    actor = StringField(
        "Actor",
        [Optional(), Length(max=_LONGEST_ID), storable],
        [stripped],
        description="Name or id of who did it.",
    )
    action = StringField("Action", [Optional(), Length(max=_LONGEST_ID), storable], [stripped])
    outcome = SelectField(
        "Outcome",
        choices=[SelectChoice("", "any"), *(SelectChoice(each.value) for each in Outcome)],
    )
    target = StringField(
        "Target",
        [Optional(), Length(max=_LONGEST_ID), storable],
        [stripped],
        description="Name or id of what it was done to.",
    )
    ip = StringField(
        "Address",
        [Optional(), IPAddress(ipv4=True, ipv6=True, message="Write one IP address.")],
        [stripped],
    )
    count = IntegerField("How many", [InputRequired("Write a number."), NumberRange(0, MAX_EVENTS)])
    first = DateTimeLocalField("First", [Optional()], format=TIME_FORMATS)
    last = DateTimeLocalField("Last", [Optional()], format=TIME_FORMATS)
    is_complete = BooleanField(
        "These are all there are",
        description="Without it the claim speaks of the cited events alone.",
    )
    events = SelectMultipleField("Cited events", validate_choice=True)


class QuestionForm(FlaskForm):
    """What of a slice somebody wants to know."""

    question = TextAreaField(
        "Question",
        [Optional(), Length(max=MAX_QUESTION), storable],
        [stripped],
        description="What you want to know of these events, such as: who failed to sign in? It goes"
        " to the model as you write it, but names that the slice knows leave as tokens.",
    )


class ReviewRuleForm(FlaskForm):
    """Whether reviews are tested, and how often."""

    plants_tests = BooleanField(
        "Put test drafts into the review queue",
        description="Reviewers are told after their decision that a draft was a test.",
    )
    one_in = IntegerField(
        "With about one in so many drafts",
        [InputRequired("Write a number."), NumberRange(1, MAX_ONE_IN)],
    )


class WithdrawalForm(FlaskForm):
    """Why a signed summary is taken back."""

    reason = TextAreaField(
        "Reason",
        [InputRequired("Say why."), Length(max=MAX_REASON), storable],
        [stripped],
        description="Its readers see this.",
    )


class RejectionForm(FlaskForm):
    """Why a draft is sent back."""

    reason = RadioField(
        "Reason",
        [InputRequired("Choose a reason.")],
        choices=[SelectChoice(reason.value, reason.label) for reason in RejectReason],
    )
    note = TextAreaField(
        "Note",
        [Optional(), Length(max=MAX_NOTE), storable],
        [stripped],
        description="What should be different. Needed when the reason is something else.",
    )
