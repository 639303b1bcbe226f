"""How large a call is: the bound that holds for a slice of a hundred events or of a million."""

import json
import math

from app.gateway.sizes import size_in_bytes
from app.summaries.claims.contract import Content, answer_schema

# Of a whole call, by the gateway's estimate: prompt, digest, schema, and what comes back once.
MAX_TOKENS = 6_000
# The system text of the prompt; a test holds every version of it to this.
PROMPT_TOKENS = 1_250
# How many claims are sent back to be mended, and what each takes.
MAX_MENDED = 6
MISTAKE_TOKENS = 130
MAX_DIGEST_TOKENS = MAX_TOKENS - PROMPT_TOKENS - MAX_MENDED * MISTAKE_TOKENS

# As the gateway estimates.
BYTES_PER_TOKEN = 3


def tokens_of(content: Content) -> int:
    """Return the tokens of a digest as it is sent, with the schema of its answer."""
    message = json.dumps(content.as_json(), ensure_ascii=False, separators=(",", ":"))
    size = size_in_bytes(message) + size_in_bytes(answer_schema(content))
    return math.ceil(size / BYTES_PER_TOKEN)
