"""The measuring measures: its numbers are numbers, and a page over its budget is named.

How fast pages are is no matter of this suite, whose machine is busy; see `python -m tests.budgets`.
"""

import dataclasses
import json
import math

import pytest

from components.budgets import read_budgets
from tests.budgets.measuring import Measured, measure_load
from tests.budgets.places import Place
from tests.budgets.program import measure_all, tell, write_report
from tests.budgets.verdict import judge
from tests.budgets.weight import weigh
from tests.journeys.browsers import Browsers
from tests.support.live_app import serving

BUDGETS = read_budgets()
SIGN_IN = Place("/sign-in", "/sign-in", None)
GOOD = Measured(
    lcp_ms=700, inp_ms=40, cls=0, html_gz=900, dom_nodes=90, requests=5, third_parties=0
)
SHIFTING = """<!doctype html><title>Moves</title><body><button>Slow</button><p id="gap"></p>
<h1>A heading that moves a long way down the page</h1><script>
document.querySelector("button").onkeydown = () => {
  for (const end = performance.now() + 120; performance.now() < end;);
};
setTimeout(() => { document.getElementById("gap").style.height = "300px"; }, 300);
</script>"""


def rounds(**values):
    """Three loads that differ in one number."""
    ((name, numbers),) = values.items()
    return [dataclasses.replace(GOOD, **{name: number}) for number in numbers]


@pytest.fixture
def browsers(app, chromium):
    with serving(app) as address:
        yield Browsers(chromium, address)


@pytest.mark.browser
def test_page_is_measured_and_a_breach_is_named(browsers, tmp_path):
    tiny = dataclasses.replace(BUDGETS.pages, lcp_ms=1, dom_nodes=3)
    said = []
    (verdict,) = measure_all(
        browsers, [SIGN_IN], dataclasses.replace(BUDGETS, pages=tiny), 1, said.append
    )
    found = verdict.middle
    assert found.lcp_ms > 0
    assert all(math.isfinite(value) for value in (found.lcp_ms, found.inp_ms, found.cls))
    assert (found.requests > 1, found.third_parties) == (True, 0)
    assert verdict.is_second_try
    assert not tell([verdict], said.append)
    assert any("/sign-in: lcp_ms is" in words for words in said)
    assert any("/sign-in: dom_nodes is" in words for words in said)
    write_report([verdict], tmp_path / "new" / "report.json", (0.5, 0.5, 0.5))
    report = json.loads((tmp_path / "new" / "report.json").read_text("utf-8"))
    assert report["pages"][0]["rounds"][0]["lcp_ms"] == found.lcp_ms


@pytest.mark.browser
def test_slow_key_and_moving_page_are_seen(chromium):
    """Otherwise every page would look fast and calm."""
    page = chromium.new_context().new_page()
    page.route(
        "http://127.0.0.1/", lambda route: route.fulfill(body=SHIFTING, content_type="text/html")
    )
    found = measure_load(page, "http://127.0.0.1/")
    page.context.close()
    assert found.inp_ms >= 120
    assert found.cls > 0.02
    assert "load: h1" in found.places["cls"]
    assert " on button" in found.places["inp"]


@pytest.mark.browser
def test_page_that_does_not_come_is_named_and_the_others_are_measured(browsers):
    said = []
    places = [Place("/gone", "/no/such/page", None), SIGN_IN]
    gone, there = measure_all(browsers, places, BUDGETS, 1, said.append)
    assert gone.breaches == ("it could not be measured: /no/such/page answered 404",)
    assert there.middle is not None
    assert not tell([gone], said.append)
    assert "/gone: it could not be measured" in "\n".join(said)


@pytest.mark.browser
def test_what_comes_from_the_cache_is_no_request(browsers):
    page = browsers.open()
    once = measure_load(page, "/sign-in")
    again = measure_load(page, "/sign-in")
    browsers.close()
    assert once.requests > again.requests == 1


def test_middle_of_the_rounds_is_what_counts():
    assert judge("/", "nobody", rounds(lcp_ms=[700, 1200, 9000]), BUDGETS).breaches == ()
    (breach,) = judge("/", "nobody", rounds(lcp_ms=[700, 1201, 9000]), BUDGETS).breaches
    assert breach == "lcp_ms is 1201; the budget is 1200"


def test_of_two_rounds_the_worse_one_counts():
    assert judge("/", "nobody", rounds(inp_ms=[40, 101]), BUDGETS).breaches


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(BUDGETS.pages)])
def test_every_number_has_its_limit(name):
    over = dataclasses.replace(GOOD, **{name: getattr(BUDGETS.pages, name) + 1})
    (breach,) = judge("/", "nobody", [over], BUDGETS).breaches
    assert breach.startswith(name)


def test_weight_counts_each_address_once():
    weight = weigh(
        '<!doctype html><link rel="stylesheet" href="/a.css"><script src="/b.js"></script>'
        '<svg><use href="/i.svg#one"></use></svg><svg><use href="/i.svg#two"></use></svg>'
        '<svg><use href="#here"></use></svg><img src="https://elsewhere.example/p.gif">'
    )
    assert weight.fetched == {"/a.css", "/b.js", "/i.svg", "https://elsewhere.example/p.gif"}
    assert weight.requests == 5
    assert weight.dom_nodes == 12
