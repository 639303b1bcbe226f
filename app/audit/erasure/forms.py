"""The forms of erasures of a person."""

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.audit.erasure.person import MOST_TEXTS, SHORTEST
from app.kernel.form_rules import one_line, storable, stripped

MAX_REASON = 500
MAX_ID = 200
MAX_TEXTS = 4_000


class RequestForm(FlaskForm):
    """Whom to erase, and why."""

    person_id = StringField(
        "Actor id",
        [InputRequired("Write the id."), Length(max=MAX_ID), storable, one_line],
        [stripped],
        description="The id that events carry for the person: “Actor id” of one of their events.",
    )
    texts = TextAreaField(
        "Names and addresses",
        [Optional(), Length(max=MAX_TEXTS), storable],
        [stripped],
        description="One a line, such as mail addresses and account names. The names that the log"
        " has for the id are looked for by themselves. A word that also means something else goes"
        " everywhere it stands.",
    )
    reason = TextAreaField(
        "Reason",
        [InputRequired("Say why."), Length(max=MAX_REASON), storable],
        [stripped],
        description="Such as the number of the request. It stays in the log: do not write who.",
    )

    def validate_texts(self, field: TextAreaField) -> None:
        """Refuse words too short to mean one person, and more than anybody is called."""
        if any(len(text) < SHORTEST for text in self.words):
            raise ValidationError(f"Each needs {SHORTEST} characters at least.")
        if len(self.words) > MOST_TEXTS:
            raise ValidationError(f"{MOST_TEXTS} at most.")
        del field

    @property
    def words(self) -> list[str]:
        """The names and addresses that were typed."""
        lines = (line.strip() for line in (self.texts.data or "").splitlines())
        return [line for line in lines if line]


class ApproveForm(FlaskForm):
    """Nothing to fill in: the page says what happens."""


class RefuseForm(FlaskForm):
    """Why nothing is erased."""

    reason = TextAreaField(
        "Reason",
        [InputRequired("Say why nothing is erased."), Length(max=MAX_REASON), storable],
        [stripped],
        description="It stays in the log: do not write who.",
    )
