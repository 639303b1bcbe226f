"""What the built-in rules make of a person's question: which groups answer it, if a log can.

Words alone decide, in English. Names of the log come as tokens; what else is written like a name
is nobody whom the slice knows. A question is never guessed at: what is not understood is refused.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

OUT_OF_SCOPE, NO_EVIDENCE = "out_of_scope", "no_evidence"

Group = Mapping[str, Any]

_TOKEN = re.compile(r"\b[ARI]\d+\b")
_WORD = re.compile(r"[a-z][a-z_']+")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Written like a name, an address or an id, and not at the beginning of the question.
_NAMELIKE = re.compile(
    r"(?<=[a-z,] )[A-Z][\w'’-]+|\S+@\S+\.\S+|\b(?:u|svc|k)-[\w-]+|\b\d{1,3}(?:\.\d{1,3}){3}\b"
    r"|\"[^\"]+\"|“[^”]+”"
)
_NO_NAMES = frozenset(
    re.findall(
        r"\w+",
        "API UTC IP I SSO ID January February March April May June July August September October"
        " November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    )
)

# What a log does not hold: rules and advice, money, promises, reasons, opinions, and the future.
_NOT_IN_A_LOG = re.compile(
    r"\b(?:why|should|shall|must|may we|can i|can we|could we|how (?:do|can|long|safe|secure|much)"
    r"|how to|will|would|going to|tomorrow|yesterday|last (?:week|month|year)|next"
    r"|polic(?:y|ies)|rules?|regulations?|laws?|legal|permitted|allowed|required|handbook"
    r"|compliant|complian\w+|contracts?"
    r"|pric(?:e|es|ing)|costs?|fees?|discounts?|plans?|subscription|seats?|cheap\w*|sum of|paid"
    r"|refund\w*|money|credited|chargebacks?|reimburse\w*|owed"
    r"|encrypt\w*|certif\w+|ciphers?|penetration|vulnerab\w+|safe|secure|iso|soc"
    r"|good|best|better|happy|opinion|think|feel|recommend\w*|advice|advise"
    r"|weather|poem|joke|phone number|e-?mail address|(?:do|does|have|has|are) (?:you|your|our|my)"
    r"|is (?:our|your|my)|behind|is it)\b",
    re.IGNORECASE,
)
# Such a question asks for what happened, whatever else stands in it.
_DONE = (
    r"\b(?:changed?|changes|updated?|created?|deleted?|revoked?|invited?|removed?|exported?"
    r"|shared?|signed|failed|denied|archived?)\b"
)
_EVENTFUL = re.compile(
    r"^(?:who|whose|which|what|how many|how often|when|did|was|were|list|count|has anybody)\b"
    rf".*{_DONE}",
    re.IGNORECASE | re.DOTALL,
)
_ABOUT_RULES = re.compile(
    r"\b(?:should|must|allowed|permitted|required|our|your|why|going|will|cost\w*|refund\w*"
    r"|by law|paid)\b",
    re.IGNORECASE,
)

# What people call an action, beside the words of its own name.
_CALLED = {
    "sign": "session",
    "signed": "session",
    "login": "session",
    "logins": "session",
    "logged": "session",
    "log": None,
    "password": "session",
    "role": "role",
    "privilege": "role",
    "permission": "role",
    "rights": "role",
    "promoted": "role",
    "person": "member",
    "people": "member",
    "user": "member",
    "delivery": "delivered",
    "deliveries": "delivered",
    "download": "downloaded",
}
_OUTCOMES = {
    "failure": re.compile(r"\b(?:fail\w*|unsuccessful\w*|wrong|guess\w*)\b", re.IGNORECASE),
    "denied": re.compile(r"\b(?:den(?:y|ied|ials?)|refused|blocked|rejected)\b", re.IGNORECASE),
    "success": re.compile(r"\b(?:succe\w+)\b", re.IGNORECASE),
}
_BURST = re.compile(r"\b(?:bursts?|spikes?|at once|rapid\w*|mass)\b", re.IGNORECASE)
_NIGHT = re.compile(
    r"\b(?:night|nights|off[- ]hours|outside (?:office|working|business) hours|after hours)\b",
    re.IGNORECASE,
)
_ANYTHING = re.compile(
    r"\b(?:happen\w*|activit\w+|summar\w+|overview|stands? out|unusual|suspicious|important"
    r"|anything|everything|noteworthy|going on)\b",
    re.IGNORECASE,
)
# Words that say nothing of what is asked for.
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "a all an and any anybody anyone are as at by came come count did do does done event events"
        " for from had has have how in is it list many much of often on one or our own person show"
        " some somebody someone that the their them there these they this times to tried try was"
        " were what when which who whose with you",
    )
)
# Stems of what any log may hold, also where this slice does not.
_KNOWN = frozenset({"api", "document", "export", "fil", "key", "member", "rol", "sess", "sett"})
_NIGHT_ENDS, _NIGHT_BEGINS = 7, 19
# As the digest has it: so many within ten minutes.
_MIN_BURST, _BURST_SECONDS = 5, 600


@dataclass(frozen=True, slots=True)
class Selection:
    """The groups and the absent actions that answer a question, or why nothing does."""

    groups: Sequence[Group] = ()
    absent: Sequence[str] = ()
    refusal: str | None = None


# What gives a question its sense, word by word.
_SENSE = (_NOT_IN_A_LOG, *_OUTCOMES.values(), _BURST, _NIGHT, _ANYTHING, re.compile(_DONE))


def is_ordinary(word: str) -> bool:
    """Say whether a word is one that questions are made of, so that it names nobody."""
    word = word.lower()
    return (
        word in _EMPTY
        or word in _CALLED
        or _stem(word) in _KNOWN
        or any(pattern.fullmatch(word) for pattern in _SENSE)
    )


def select_for(question: str, digest: Mapping[str, Any]) -> Selection:
    """Return what of the digest answers the question."""
    if _is_beyond(question, digest):
        return Selection(refusal=OUT_OF_SCOPE)
    tests = [*_named(question), *_kinds(question)]
    words = _words(question)
    actions = _asked_actions(words, digest["groups"], lambda group: group["action"])
    missing = _asked_actions(words, digest["absent"], lambda one: one["action"])
    if actions:
        tests.append(lambda group: group["action"] in actions)
    if not tests and not missing:
        return Selection(digest["groups"]) if _ANYTHING.search(question) else _nothing(words)
    found = [group for group in digest["groups"] if all(test(group) for test in tests)]
    if not tests or (missing and not actions):
        return Selection((), sorted(missing))
    return Selection(found) if found else Selection(refusal=NO_EVIDENCE)


def _nothing(words: set[str]) -> Selection:
    """Say that what is asked for did not happen, or that it is nothing a log knows."""
    return Selection(refusal=NO_EVIDENCE if words & _KNOWN else OUT_OF_SCOPE)


def _is_beyond(question: str, digest: Mapping[str, Any]) -> bool:
    if _NOT_IN_A_LOG.search(question) and not (
        _EVENTFUL.search(question) and not _ABOUT_RULES.search(question)
    ):
        return True
    strangers = [name for name in _NAMELIKE.findall(question) if name not in _NO_NAMES]
    if any(not _TOKEN.fullmatch(name.strip("?.,!")) for name in strangers):
        return True
    years = {int(year) for year in _YEAR.findall(question)}
    window = digest["window"]
    return any(not int(window["start"][:4]) <= year <= int(window["end"][:4]) for year in years)


def _named(question: str) -> list[Callable[[Group], bool]]:
    """Return a test for each kind of token in the question; targets and actors may stand in."""
    tokens = set(_TOKEN.findall(question))
    if not tokens:
        return []
    return [lambda group: bool(tokens & {group["actor"], group["target"], group["ip"]})]


def _kinds(question: str) -> list[Callable[[Group], bool]]:
    tests: list[Callable[[Group], bool]] = []
    for outcome, pattern in _OUTCOMES.items():
        if pattern.search(question):
            tests.append(_has_outcome(outcome))
    if _BURST.search(question):
        tests.append(_is_burst)
    if _NIGHT.search(question):
        tests.append(_is_at_night)
    return tests


def _has_outcome(outcome: str) -> Callable[[Group], bool]:
    return lambda group: bool(group["outcome"] == outcome)


def _is_burst(group: Group) -> bool:
    first, last = (datetime.fromisoformat(group[name]) for name in ("first", "last"))
    return group["count"] >= _MIN_BURST and (last - first).total_seconds() <= _BURST_SECONDS


def _is_at_night(group: Group) -> bool:
    hours = [datetime.fromisoformat(group[name]).astimezone(UTC).hour for name in ("first", "last")]
    return all(hour < _NIGHT_ENDS or hour >= _NIGHT_BEGINS for hour in hours)


def _words(question: str) -> set[str]:
    """Return the words that may name an action, each cut down to its stem."""
    found = set(_WORD.findall(question.lower())) - _EMPTY
    return {_stem(_CALLED.get(word, word) or "") for word in found} - {""}


def _asked_actions(
    words: set[str], listed: Sequence[Any], action_of: Callable[[Any], str]
) -> set[str]:
    """Return the actions that most of the words name: of two that match, the one matched more."""
    scores: dict[str, int] = {}
    for one in listed:
        action = action_of(one)
        parts = {_stem(part) for part in re.split(r"[._]", action.lower())}
        scores[action] = len(parts & words)
    best = max(scores.values(), default=0)
    return {action for action, score in scores.items() if score == best and best > 0}


def _stem(word: str) -> str:
    for ending in ("ies", "ied", "ions", "ion", "ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= len("key"):
            return word.removesuffix(ending)
    return word
