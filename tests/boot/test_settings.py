"""Settings: what is wrong is said in one sentence, before anything starts."""

import stat

import pytest

from app.boot.database_addresses import EmbeddedDatabase, GivenDatabase
from app.boot.settings import Settings, SettingsError

SECRET = "x" * 32
DATABASE = "postgresql://ann:secret@db.example:5432/ballast"
PRODUCTION = {
    "BALLAST_ENV": "production",
    "BALLAST_SECRET_KEY": SECRET,
    "DATABASE_URL": DATABASE,
    "BALLAST_PUBLIC_URL": "https://ballast.example",
}


@pytest.fixture
def read(tmp_path):
    """Read settings from an environment of its own."""

    def reading(**environment):
        return Settings.from_environment({"BALLAST_DATA_DIR": str(tmp_path), **environment})

    return reading


def complaint(read, **environment):
    with pytest.raises(SettingsError) as error:
        read(**environment)
    return str(error.value)


BAD = {
    "BALLAST_ENV": ["prod", "Production"],
    "BALLAST_SECRET_KEY": ["short"],
    "DATABASE_URL": [
        "mysql://a@b/c",
        "db.example",
        "postgresql://ann@db.example:many/ballast",
        "postgresql://ann@db.example",
        "postgresql://",
    ],
    "BALLAST_OWNER_DATABASE_URL": ["mysql://a@b/c"],
    "PORT": ["0", "65536", "http", "-1", "8000.5", "٨٠٠٠", "9" * 5_000],
    "BALLAST_WEB_WORKERS": ["0", "65", "two"],
    "BALLAST_TRUSTED_PROXIES": ["11", "yes"],
    "BALLAST_SMTP_PORT": ["smtp"],
    "BALLAST_PUBLIC_URL": ["ballast.example", "ftp://ballast.example", "https://"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in BAD.items() for value in values]
)
def test_bad_value_gives_one_sentence_with_its_name(read, name, value):
    others = {"DATABASE_URL": DATABASE} if name == "BALLAST_OWNER_DATABASE_URL" else {}
    words = complaint(read, **others, **{name: value})
    assert name in words
    assert "\n" not in words
    assert words.endswith((".", '"'))
    assert len(words) < 300


def test_complaint_about_an_address_does_not_repeat_its_password(read):
    words = complaint(read, DATABASE_URL="postgresql://ann:top-secret@db.example:many/ballast")
    assert "top-secret" not in words


def test_endpoint_without_a_model_is_refused(read):
    words = complaint(read, BALLAST_LLM_BASE_URL="https://models.example/v1")
    assert "BALLAST_LLM_MODEL" in words


@pytest.mark.parametrize("name", ["BALLAST_SECRET_KEY", "DATABASE_URL"])
def test_production_demands(read, name):
    environment = {key: value for key, value in PRODUCTION.items() if key != name}
    assert name in complaint(read, **environment)


def test_production_with_everything_is_accepted_and_makes_no_secret(read, tmp_path):
    settings = read(**PRODUCTION)
    assert settings.is_production
    assert settings.public_url == "https://ballast.example"
    assert list(tmp_path.iterdir()) == []


def test_nothing_at_all_is_enough_for_development(read):
    settings = read()
    assert isinstance(settings.database, EmbeddedDatabase)
    assert not settings.is_production
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.mail.host is None


def test_made_secret_is_private_and_stays_the_same(read, tmp_path):
    first, second = read(), read()
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    mode = stat.S_IMODE((tmp_path / "secret-key").stat().st_mode)
    assert mode == 0o600


def test_secret_that_was_cut_short_is_not_taken(read, tmp_path):
    """A full disk leaves an empty file, and an empty key signs nothing."""
    (tmp_path / "secret-key").write_text("")
    assert "secret-key" in complaint(read)


def test_data_folder_that_is_a_file_is_named(read, tmp_path):
    (tmp_path / "file").write_text("")
    assert "BALLAST_DATA_DIR" in complaint(read, BALLAST_DATA_DIR=str(tmp_path / "file"))


def test_blank_value_counts_as_not_set(read):
    assert read(PORT="  ", BALLAST_SMTP_HOST="").port == 8000


def test_one_address_serves_for_both_roles(read):
    database = read(DATABASE_URL=DATABASE, BALLAST_SECRET_KEY=SECRET).database
    assert isinstance(database, GivenDatabase)
    assert database.for_owner() == DATABASE.replace("postgresql", "postgresql+psycopg")
    assert "ballast_app:" in database.for_app()
    assert "secret@" not in database.for_app()


def test_two_addresses_are_taken_as_they_are(read):
    app_address = DATABASE.replace("ann", "app")
    database = read(DATABASE_URL=app_address, BALLAST_OWNER_DATABASE_URL=DATABASE).database
    assert "app:" in database.for_app()
    assert "ann:" in database.for_owner()


def test_mail_settings_are_read(read):
    mail = read(
        BALLAST_SMTP_HOST="mail.example",
        BALLAST_SMTP_PORT="2525",
        BALLAST_SMTP_SENDER="b@x.example",
    ).mail
    assert (mail.host, mail.port, mail.sender) == ("mail.example", 2525, "b@x.example")


@pytest.mark.parametrize(
    "address",
    [
        "https://ann:top-secret@models.example/v1",
        "https://models.example/v1?key=top-secret",
        "models.example/top-secret",
        "https://[top-secret",
    ],
)
def test_address_of_a_model_holds_no_secret_and_no_complaint_repeats_one(read, address):
    words = complaint(read, BALLAST_LLM_BASE_URL=address, BALLAST_LLM_MODEL="m")
    assert "BALLAST_LLM_BASE_URL" in words
    assert "top-secret" not in words
