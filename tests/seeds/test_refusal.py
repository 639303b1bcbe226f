"""The demonstration does not go where real people are."""

import dataclasses


def test_demonstration_refuses_a_database_with_real_tenants(app, alder):
    result = app.test_cli_runner().invoke(args=["seed"])
    assert result.exit_code == 1
    assert "This database has real tenants" in result.output
    assert alder.account("owner@alder.example") is None


def test_demonstration_refuses_production(app, settings, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", dataclasses.replace(settings, is_production=True))
    result = app.test_cli_runner().invoke(args=["seed"])
    assert result.exit_code == 1
    assert "no demonstration is loaded there" in result.output
