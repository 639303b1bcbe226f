"""How large a call is: the bound that holds for a slice of a hundred events or of a million."""

import json
import math

from app.summaries.contract import MAX_CLAIMS, Content, answer_schema

MAX_TOKENS = 6_000
# The system text of the prompt; a test holds every version of it to this.
PROMPT_TOKENS = 1_500
# What a repair round adds: a dozen claims at most, each with its verdict.
REPAIR_TOKENS = 100 * MAX_CLAIMS
MAX_DIGEST_TOKENS = MAX_TOKENS - PROMPT_TOKENS - REPAIR_TOKENS

_BYTES_PER_TOKEN = 3


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a text is, rather too many: one for each three bytes."""
    return math.ceil(len(text.encode("utf-8", "surrogatepass")) / _BYTES_PER_TOKEN)


def tokens_of(content: Content) -> int:
    """Return the tokens of a digest as it is sent, with the schema of its answer."""
    return estimate_tokens(_written(content.as_json()) + _written(answer_schema(content)))


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
