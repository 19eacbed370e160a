"""Settings: read once, checked at once, never shown with their secrets."""

import pytest

from service.app import create_app
from service.config import READERS, ConfigError, Settings

URL = "mysql://api:s3cret@db.example.org:3307/headgate"


def test_the_environment_names_every_setting() -> None:
    settings = Settings.from_environment(
        {
            "DATABASE_URL": URL,
            "PORT": "9000",
            "DEBUG": "yes",
            "CORS_ORIGINS": "https://a.example.org, https://b.example.org/",
            "LOG_LEVEL": "debug",
        }
    )

    assert (settings.port, settings.debug, settings.log_level) == (9000, True, "DEBUG")
    assert settings.cors_origins == ("https://a.example.org", "https://b.example.org")
    assert (settings.mysql.host, settings.mysql.port, settings.mysql.database) == (
        "db.example.org",
        3307,
        "headgate",
    )


def test_the_account_of_the_service_is_preferred() -> None:
    settings = Settings(database_url=URL, service_database_url=URL.replace("api", "less"))

    assert settings.mysql.user == "less"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "eighty"),
        ("PORT", "٨٠"),
        ("DEBUG", "maybe"),
        ("CACHE_TTL", "-1"),
        ("BCRYPT_COST", "31"),
        ("DATABASE_URL", "postgres://u@h/d"),
        ("DATABASE_URL", "mysql://u:p@h"),
        ("REDIS_URL", "http://h"),
        ("STORAGE_URL", "attachments"),
        ("STORAGE_URL", "ftp://h/attachments"),
        ("ATTACHMENT_TYPES", "pdf"),
        ("ATTACHMENT_MAX_BYTES", "0"),
        ("CORS_ORIGINS", "app.example.org"),
        ("OLD_SECRET_KEYS", "short"),
        ("OLD_SECRET_KEYS", "x" * 32 + ",short"),
        ("TRUSTED_PROXIES", "proxy.example.org"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_bad_value_is_told_in_one_sentence_that_names_it(name: str, value: str) -> None:
    with pytest.raises(ConfigError) as told:
        Settings.from_environment({name: value})

    assert str(told.value).startswith(name)
    assert str(told.value).endswith(".")


def test_a_smallest_pool_above_the_largest_is_refused() -> None:
    with pytest.raises(ConfigError, match="DB_POOL_MIN"):
        Settings.from_environment({"DB_POOL_MIN": "5", "DB_POOL_MAX": "2"})


def test_secrets_are_not_shown() -> None:
    settings = Settings(
        database_url=URL, redis_url="redis://:hidden@h", secret_key="k" * 32, old_secret_keys=("old" * 11,)
    )

    assert "s3cret" not in repr(settings)
    assert "hidden" not in repr(settings)
    assert "kkk" not in repr(settings)
    assert "old" not in repr(settings).replace("old_", "")


@pytest.mark.parametrize("secret", ["", "too short", "x" * 31])
def test_the_service_does_not_start_with_a_short_key(secret: str) -> None:
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        create_app(Settings(database_url=URL, secret_key=secret))


def test_for_trying_things_out_a_key_is_made() -> None:
    first, second = (Settings.from_environment({"DATABASE_URL": URL, "DEBUG": "1"}) for _ in range(2))

    create_app(first)
    assert len(first.require_secret()) >= 32
    assert first.secret_key != second.secret_key


def test_the_example_file_documents_every_setting_with_its_default() -> None:
    from dotenv import dotenv_values

    documented = dotenv_values(".env.example")

    assert documented.keys() == {name.upper() for name in READERS}
    given = {name: value for name, value in documented.items() if value and name != "SECRET_KEY"}
    read = Settings.from_environment(given)
    defaults = Settings()
    urls = {"database_url", "service_database_url", "redis_url", "secret_key"}
    for name in READERS.keys() - urls:
        assert getattr(read, name) == getattr(defaults, name), name
