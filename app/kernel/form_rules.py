"""Rules that the forms of every domain share."""

import unicodedata

from wtforms import Field, Form
from wtforms.validators import ValidationError

from app.kernel.untrusted_text import is_storable

_BLANKS = "\t\n\r"


def stripped(text: str | None) -> str | None:
    """Return the text without the blanks around it; a filter of WTForms fields."""
    return text.strip() if isinstance(text, str) else text


def storable(_form: Form, field: Field) -> None:
    """Refuse text that no database can store, or that no page can show as it is.

    The field keeps the rest of it, because the page that says so shows it again.
    """
    if not isinstance(field.data, str):
        return
    kept = "".join(c for c in field.data if is_storable(c) and (c in _BLANKS or _is_shown(c)))
    if kept != field.data:
        field.data = kept
        raise ValidationError("This held characters that cannot be stored; look at it again.")


def one_line(_form: Form, field: Field) -> None:
    """Refuse line breaks where there is one line: it would become two in a mail or a log."""
    if isinstance(field.data, str) and any(c in field.data for c in _BLANKS):
        field.data = " ".join(field.data.split())
        raise ValidationError("This is one line; look at it again.")


def _is_shown(character: str) -> bool:
    return unicodedata.category(character) != "Cc"
