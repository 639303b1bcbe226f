"""How an action ended, from the words of other systems."""

import re

# Words are looked for in this order, since `login_failed_access_denied` is a denial.
_DENIED = re.compile(
    r"den(y|ied)|block(ed)?$|forbid|unauthori[sz]ed|not.?authori[sz]ed|reject|prohibited"
    r"|disallow|^40[13]$|refused"
)
_FAILURE = re.compile(
    r"fail|error|^err$|false|invalid|^no$|^n$|timeout|timed.?out|abort|cancel|incorrect|wrong|bad"
    r"|exception|^[45]\d\d$|unsuccess|incomplete|locked"
)
_SUCCESS = re.compile(
    r"success|succeed|^ok|_ok$|^true$|allow|grant|pass(ed)?$|complete|accept|approved|^yes$|^y$"
    r"|^[123]\d\d$|^0$|^none$|permit"
)


def outcome_of(value: object) -> str | None:
    """Return success, failure or denied for a word or a status code; None for anything else."""
    if isinstance(value, bool):
        return "success" if value else "failure"
    if not isinstance(value, str | int):
        return None
    spelled = str(value).strip().lower()
    for pattern, outcome in (
        (_DENIED, "denied"),
        (re.compile(r"^unsuccess|^not success"), "failure"),
        (_FAILURE, "failure"),
        (_SUCCESS, "success"),
    ):
        if pattern.search(spelled):
            return outcome
    return None
