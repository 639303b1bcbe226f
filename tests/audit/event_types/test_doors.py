"""The description of the API and the doors that there are."""

import re

from app.audit.openapi import DOORS
from app.kernel.routing import Audience
from tests.laws.catalogue import routes_of


def test_every_door_of_the_api_is_described_and_nothing_else(app):
    there = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.rule.rule), route.method.lower())
        for route in routes_of(app, Audience.API)
    }
    described = {(address, method) for address, methods in DOORS.items() for method in methods}

    assert described == there
