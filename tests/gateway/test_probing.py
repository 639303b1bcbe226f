"""Whether an endpoint enforces schemas is asked, stored and shown."""

import datetime as dt

import pytest
from sqlalchemy import update

from app.gateway.cli import gateway_cli
from app.gateway.endpoints.models import ModelProbe
from app.gateway.endpoints.probing import list_probes, probe_what_is_due
from app.gateway.endpoints.stops import find_global_stop, stop_everywhere
from app.gateway.gateway import gateway_settings
from app.identity.roles import Role
from app.kernel.database import unit_of_work
from tests.fakes import model_server as fake
from tests.gateway.conftest import KEY
from tests.support import scripted_model as model


def due(caller):
    with caller.session():
        return probe_what_is_due(gateway_settings())


def found(caller, name="house"):
    with caller.session():
        return list_probes()[name, "scripted"]


@pytest.mark.parametrize(
    ("reply", "enforces"),
    [
        (model.enforces_schema(), True),
        (model.ignores_schema(), False),
        (fake.nonsense(), False),
        (fake.error(500), None),
        (fake.error(401, f"wrong key {KEY}"), None),
        (fake.truncated(), None),
        (fake.html(), None),
        (fake.drop(), None),
    ],
)
def test_probe_tells_who_enforces_who_ignores_and_who_cannot_be_asked(
    caller, endpoints, reply, enforces
):
    script = reply if enforces is not None else fake.Reply(**_parts(reply))
    with fake.ModelServer(script) as server:
        endpoints(house=server)
        assert due(caller) == 1

    assert found(caller).enforces_schema is enforces
    assert KEY not in found(caller).note


def _parts(reply):
    parts = {name: getattr(reply, name) for name in reply.__slots__}
    if callable(parts["body"]):
        # The question of the probe is no digest.
        parts["body"] = '{"choices": [{"message": {"content": "{"}, "finish_reason": "length"}]}'
    return parts


def test_probe_is_asked_once_and_again_after_a_day(caller, endpoints):
    with fake.ModelServer(model.enforces_schema()) as server:
        endpoints(house=server)
        assert (due(caller), due(caller)) == (1, 0)
        with caller.session(), unit_of_work() as session:
            yesterday = ModelProbe.probed_at - dt.timedelta(days=1)
            session.execute(update(ModelProbe).values(probed_at=yesterday))
        assert due(caller) == 1

    assert len(server.requests) == 2


def test_endpoint_at_another_address_is_probed_anew(caller, endpoints):
    for reply, enforces in ((model.enforces_schema(), True), (model.ignores_schema(), False)):
        with fake.ModelServer(reply) as server:
            endpoints(house=server)
            assert due(caller) == 1
        assert found(caller).enforces_schema is enforces


def test_probe_learns_the_parameters_of_the_endpoint(caller, endpoints):
    script = fake.error(400, parameter="max_tokens"), model.enforces_schema()
    with fake.ModelServer(*script) as server:
        endpoints(house=server)
        due(caller)

    assert found(caller).enforces_schema is True
    assert "max_completion_tokens" in server.requests[1].body


def test_nothing_is_probed_while_calls_are_stopped(caller, endpoints):
    with fake.ModelServer(model.enforces_schema()) as server:
        endpoints(house=server)
        with caller.session():
            stop_everywhere("Enough.", "root")
        assert due(caller) == 0

    assert server.requests == []


def test_probe_is_shown_to_tenants(alder, caller, endpoints):
    with fake.ModelServer(model.ignores_schema()) as server:
        endpoints(house=server)
        due(caller)
        page = alder.as_person(Role.OWNER).get(f"{alder.path}/settings/models")

    [cells] = [cells for cells in page.rows if cells[0].startswith("house: scripted")]
    assert cells[1:3] == ["no fault", "ignored"]


@pytest.fixture
def command(app):
    def run(*arguments):
        return app.test_cli_runner().invoke(gateway_cli, arguments)

    return run


def test_operator_stops_starts_and_asks_how_it_stands(command, caller, endpoints):
    with fake.ModelServer(model.enforces_schema()) as server:
        endpoints(house=server)
        assert "allowed" in command("status").output
        assert command("stop", "--reason", "Costs are out of hand.").exit_code == 0
        assert "STOPPED" in command("status").output
        assert command("stop", "--reason", "Again.").exit_code == 1
        assert command("probe").exit_code == 1
        assert server.requests == []
        assert command("start").exit_code == 0
        assert command("start").exit_code == 1
        probed = command("probe", "house")

    assert "house: scripted  enforces schemas" in probed.output
    assert "breaker closed  enforces schemas" in command("status").output
    assert command("probe", "nobody").exit_code == 1
    with caller.session():
        assert find_global_stop() is None


def test_stop_needs_a_reason(command):
    assert command("stop").exit_code == 2
    assert command("stop", "--reason", "  ").exit_code == 2
