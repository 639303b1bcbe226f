"""Metrics: for this machine or for whoever holds the token, and of bounded size."""

import pytest

from app import create_app

HERE = {"REMOTE_ADDR": "127.0.0.1"}


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-Ip"])
def test_request_that_came_through_a_proxy_is_not_this_machine(visitor, header):
    """A proxy beside the app makes every stranger's request come from 127.0.0.1."""
    assert visitor.client.get("/metrics", environ_overrides=HERE).status_code == 200
    response = visitor.client.get(
        "/metrics", headers={header: "203.0.113.9"}, environ_overrides=HERE
    )
    assert response.status_code == 404


def test_stranger_gets_no_metrics(visitor):
    response = visitor.client.get("/metrics", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert response.status_code == 404


def test_invented_methods_make_no_new_series(visitor):
    """Each label value is memory until the process ends, and methods are the caller's words."""
    for number in range(3):
        visitor.client.open("/sign-in", method=f"INVENTED{number}")
    metrics = visitor.client.get("/metrics", environ_overrides=HERE).text
    assert "ballast_requests_total" in metrics
    assert "INVENTED" not in metrics


def test_token_is_demanded_where_there_is_one(settings):
    app = create_app(type(settings)(**{**fields(settings), "metrics_token": "t" * 40}))
    client = app.test_client()
    assert client.get("/metrics").status_code == 404
    sent = {"Authorization": f"Bearer {'t' * 40}"}
    assert client.get("/metrics", headers=sent).status_code == 200


def fields(settings):
    return {name: getattr(settings, name) for name in settings.__slots__}
