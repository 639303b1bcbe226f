"""Names of actions in the form of the contract, `object.verb`."""

import functools
import hashlib
import re
import unicodedata

MAX_ACTION = 120

_CAMEL = (
    (re.compile(r"([A-Z]+)([A-Z][a-z])"), r"\1_\2"),
    (re.compile(r"([a-z0-9])([A-Z])"), r"\1_\2"),
)
_OTHER = re.compile(r"[^a-z0-9]+")
_PARTING = re.compile(r"[./:]+")


def snake(spelled: str) -> str:
    """Return the words in lower case, parted by underscores: `DescribeDBInstances`."""
    for pattern, parted in _CAMEL:
        spelled = pattern.sub(parted, spelled)
    plain = unicodedata.normalize("NFKD", spelled.lower()).encode("ascii", "ignore").decode()
    return _OTHER.sub("_", plain).strip("_")


@functools.lru_cache(maxsize=4_096)
def action_of(*parts: str) -> str:
    """Return an action of its parts; dots, slashes and colons within a part divide it too.

    `("okta", "user.session.start")` → `okta.user.session.start`. A part that begins with a digit
    gets the word "event" before it, and so does one in a script other than Latin, whose words
    become a number that tells them apart.
    """
    named = []
    for part in parts:
        # `MICROSOFT.COMPUTE/DELETE` shouts; it has no words in camel case.
        calm = part.lower() if part.isupper() else part
        named += [snake(word) or _unspelt(word) for word in _PARTING.split(calm)]
    whole = ".".join(f"event_{word}" if word[0].isdigit() else word for word in named if word)
    return whole[:MAX_ACTION].rstrip("._")


def _unspelt(word: str) -> str:
    if not any(character.isalpha() for character in word):
        return ""
    return "event_" + hashlib.sha256(word.strip().encode("utf-8", "replace")).hexdigest()[:8]
