"""The operator's file of endpoints: what fits is used, and what does not is named."""

import pytest

from app.boot.settings import Settings, SettingsError
from app.gateway.endpoints.config import ModelOffer

GOOD = """
currency = "CHF"
[endpoints.house]
base_url = "https://models.house.example/v1"
key_from = "HOUSE_KEY"
token_limit = "max_completion_tokens"
[endpoints.house.models."small-1"]
price_in = 150000
price_out = 600000
[endpoints.house.models.large]
"""


@pytest.fixture
def read(tmp_path):
    """Read the settings of an installation with this file."""

    def settings(text, **environment):
        path = tmp_path / "endpoints.toml"
        path.write_text(text)
        values = {"HOUSE_KEY": "the-key-of-the-house", **environment}
        return Settings.from_environment(
            {"BALLAST_DATA_DIR": str(tmp_path), "BALLAST_LLM_ENDPOINTS": str(path), **values}
        ).gateway

    return settings


def test_endpoints_of_the_file_stand_beside_the_built_in_one(read):
    gateway = read(GOOD)
    house = gateway.endpoints["house"]

    assert list(gateway.endpoints) == ["house", "extractive"]
    assert house.models == (ModelOffer("small-1", 150_000, 600_000), ModelOffer("large"))
    assert (house.api_key, house.token_limit) == ("the-key-of-the-house", "max_completion_tokens")
    assert gateway.currency == "CHF"
    assert "the-key" not in repr(gateway)


def test_endpoint_of_the_environment_comes_first(read):
    gateway = read(GOOD, BALLAST_LLM_BASE_URL="http://127.0.0.1/v1", BALLAST_LLM_MODEL="m")

    assert list(gateway.endpoints) == ["default", "house", "extractive"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("x = ", "no TOML"),
        ("extra = 1", "extra"),
        ('currency = "euro"', "currency"),
        ("endpoints = 1", "table"),
        (GOOD.replace("endpoints.house", "endpoints.House"), "'House' is no name"),
        (GOOD.replace("endpoints.house", "endpoints.extractive"), "'extractive' is no name"),
        (GOOD.replace("https://models.house.example/v1", "models"), "base_url"),
        (GOOD.replace("https://", "https://user:pass@"), "base_url"),
        (GOOD.replace("HOUSE_KEY", "NO_SUCH_KEY"), "NO_SUCH_KEY"),
        (GOOD.replace("max_completion_tokens", "tokens"), "token_limit"),
        (GOOD.replace("150000", "0.15"), "micro-units"),
        (GOOD.replace("150000", "-1"), "micro-units"),
        (GOOD.replace("price_in = 150000", ""), "both prices"),
        (GOOD.replace("price_in", "prize_in"), "prize_in"),
        ('[endpoints.house]\nbase_url = "https://h.example/v1"', "no model"),
        ('[endpoints.house]\napi_key = "sk-in-the-file"', "api_key"),
    ],
)
def test_what_does_not_fit_is_named_before_anything_starts(read, text, named):
    with pytest.raises(SettingsError, match="BALLAST_LLM_ENDPOINTS") as caught:
        read(text)

    assert named in str(caught.value)
    assert "sk-in-the-file" not in str(caught.value)
    assert "pass@" not in str(caught.value)


def test_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        Settings.from_environment(
            {"BALLAST_DATA_DIR": str(tmp_path), "BALLAST_LLM_ENDPOINTS": str(tmp_path / "no.toml")}
        )


def test_two_endpoints_called_default_are_refused(read):
    with pytest.raises(SettingsError, match="default"):
        read(
            GOOD.replace("endpoints.house", "endpoints.default"),
            BALLAST_LLM_BASE_URL="http://127.0.0.1/v1",
            BALLAST_LLM_MODEL="m",
        )
