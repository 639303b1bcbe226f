"""Short bodies are read before a request touches the database.

Who sends slowly then holds no transaction, and none has to be given back for it: that would be
three round trips more for each call of the API. A long body waits until it is known who sends it,
and its door gives the transaction back meanwhile.
"""

from flask import Request, request

# As much as one may send without being asked who it is; forms may hold twice that.
SHORT_BYTES = 256 * 1024


def is_short(asked: Request) -> bool:
    """Say whether a request declares a short body; one without a length is not."""
    length = asked.content_length
    return length is not None and length <= SHORT_BYTES


def read_short_body() -> None:
    """Read the body of the running request, if it is short, and keep it for `get_data`."""
    if is_short(request):
        request.get_data()
