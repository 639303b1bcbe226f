"""What log text goes through before any of it may stand in a prompt.

Whoever acts in a system writes into its audit log: names, user agents, error messages. Names
become tokens, so that an instruction hidden in one never reaches the model; other values are
cleaned of what cannot be seen, of secrets, and of length.
"""

import re
import unicodedata
from enum import StrEnum

MAX_VALUE = 120
MASK = "[secret]"

# No value is worth more work than this; what follows would be cut anyway.
_READ_AT_MOST = 4_000

# Invisible, but letters or marks by category: fillers, joiners, variation selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_DROPPED_CATEGORIES = frozenset({"Cf", "Cs", "Co", "Cn"})
_SPACE_CATEGORIES = frozenset({"Cc", "Zl", "Zp", "Zs"})

_SECRETS = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        # Key material, also when its end is cut off.
        (r"-----BEGIN [A-Z ]{0,40}KEY.*?(?:-----END [A-Z ]{0,40}KEY-----|$)", re.DOTALL),
        # Keys that name their issuer: AWS, GitHub, GitLab, Slack, Google, Stripe, model vendors.
        (r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b", 0),
        (r"\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}", re.ASCII),
        (r"\bxox[abeoprs]-[\w-]{10,}|\bAIza[\w-]{30,}", re.ASCII),
        (r"\b(?:sk|rk|pk)[-_](?:[a-z]{2,8}[-_])?[\w-]{16,}", re.ASCII),
        (r"\bballast_[a-z0-9-]{1,40}\.[0-9a-f]{32}\.\S+", 0),
        # JSON web tokens, and whatever an Authorization header carries.
        (r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?", re.ASCII),
        (r"(?<=bearer )(?!\[secret\])\S+", re.IGNORECASE),
        (r"(?<=basic )(?!\[secret\])[\w+/=-]{8,}", re.ASCII | re.IGNORECASE),
        # The password in an address.
        (r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)", 0),
    )
)
_NAMED_SECRET = re.compile(
    r"""(?P<name>
        (?:pass(?:word|wd|phrase)?|pwd|secret|token|api[ _-]?key|access[ _-]?key|credential)
        [\w-]{0,20}["']?\s{0,3}[:=]\s{0,3}["']?)
        (?!\[secret\])[^\s"',;&]+""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


class TokenKind(StrEnum):
    """What a token stands for; the value is the letter that it begins with."""

    ACTOR = "A"
    RESOURCE = "R"
    ADDRESS = "I"
    EVENT = "E"
    GROUP = "G"


class Pseudonyms:
    """Stable tokens within one call: the same real thing always has the same token."""

    def __init__(self) -> None:
        self._tokens: dict[tuple[TokenKind, str], str] = {}
        self._reals: dict[str, str] = {}

    def token_for(self, kind: TokenKind, real: str) -> str:
        """Return the token of a real id, name or address; numbered in the order of first use."""
        known = self._tokens.get((kind, real))
        if known is not None:
            return known
        number = 1 + sum(1 for used, _ in self._tokens if used is kind)
        token = f"{kind.value}{number}"
        self._tokens[kind, real] = token
        self._reals[token] = real
        return token

    def real_of(self, token: str) -> str:
        """Return what a token stands for; raises `KeyError` for one that was never given out."""
        return self._reals[token]


def clean_value(text: str, most: int = MAX_VALUE) -> str:
    """Return the text as it may go into a prompt: one visible line, no secret, at most so long.

    Normalised to NFKC; control, bidi, zero-width and tag characters are gone, and secrets are
    masked. A cut is marked with an ellipsis.
    """
    visible = _visible(text[:_READ_AT_MOST])
    masked = _mask_secrets(visible)
    is_cut = len(masked) > most or len(text) > _READ_AT_MOST
    return f"{masked[: most - 1].rstrip()}…" if is_cut else masked


def _visible(text: str) -> str:
    # A hidden character can keep two others from composing, hence normalising again after it.
    shown = _UNSEEN.sub("", "".join(_shown(c) for c in unicodedata.normalize("NFKC", text)))
    return " ".join(unicodedata.normalize("NFKC", shown).split())


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in _SPACE_CATEGORIES:
        return " "
    return "" if category in _DROPPED_CATEGORIES else character


def _mask_secrets(text: str) -> str:
    for pattern in _SECRETS:
        text = pattern.sub(MASK, text)
    return _NAMED_SECRET.sub(lambda match: f"{match['name']}{MASK}", text)
