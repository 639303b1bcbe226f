"""A model that fails at every third call: nothing is lost, billed twice, or left hanging.

The long run, with workers that are killed, is `python -m tests.chaos.model`.
"""

from concurrent.futures import ThreadPoolExecutor

from app.gateway.budgets.accounts import get_account
from app.gateway.budgets.pricing import estimate_tokens
from app.gateway.errors import ModelCallFailed
from app.gateway.gateway import gateway_settings
from app.kernel import clock
from app.kernel.ids import uuid7
from tests.chaos.billing import BookkeepingServer
from tests.gateway.digests import chat_request
from tests.support.scripted_model import unlucky

CALLS = 40


def test_every_call_ends_once_and_is_charged_what_was_done_for_it(caller, endpoints):
    ids = [uuid7() for _ in range(CALLS)]
    with BookkeepingServer(*unlucky(0.3, seed=5)) as server:
        endpoints(house=server)

        def ask(call_id):
            try:
                return caller.complete(call_id).data
            except ModelCallFailed as failure:
                return failure.failure_code

        with ThreadPoolExecutor(4) as pool:
            # Each is asked twice, as by a job that is repeated.
            first, again = [*pool.map(ask, ids)], [*pool.map(ask, ids)]

    assert first == again
    estimate = estimate_tokens(chat_request())
    for call_id in ids:
        call = caller.row(call_id)
        assert call.status != "started"
        assert call.tokens_charged == server.books.bills[str(call_id)].tokens(estimate)
    with caller.session():
        account = get_account("summary", clock.now(), gateway_settings().deadline_s)
    assert (account.calls, account.reserved.tokens) == (CALLS, 0)
