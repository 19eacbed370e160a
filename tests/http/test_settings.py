"""Settings: read once, checked at once, never shown with their secrets."""

import pytest

from service.app import create_app
from service.config import READERS, ConfigError, Settings
from service.mail.sending import Server

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
        ("SMTP_URL", "mail.example.org:25"),
        ("SMTP_URL", "http://mail.example.org"),
        ("SMTP_URL", "smtp://"),
        ("MAIL_FROM", "headgate"),
        ("MAIL_FROM", "a@example.org, b@example.org"),
        ("MAIL_FROM", "a@example.org\nBcc: b@example.org"),
        ("PUBLIC_URL", "tasks.example.org"),
        ("PUBLIC_URL", "https://tasks.example.org/?a=b"),
        ("PUBLIC_URL", "https://tasks.example.org/a b"),
        ("PUBLIC_URL", "https://tasks.example.org/a\nb"),
        ("PUBLIC_URL", "https://tasks.bücher.example"),
        ("PUBLIC_URL", f"https://tasks.example.org/{'x' * 500}"),
        ("DUE_SOON_HOURS", "-1"),
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


def test_a_mail_server_needs_to_know_whom_mails_are_from_and_where_links_lead() -> None:
    given = {
        "SMTP_URL": "smtp://mail.example.org",
        "MAIL_FROM": "Headgate <h@example.org>",
        "PUBLIC_URL": "https://t.example.org/",
    }

    assert Settings.from_environment(given).public_url == "https://t.example.org"
    for name in ("MAIL_FROM", "PUBLIC_URL"):
        with pytest.raises(ConfigError, match="SMTP_URL"):
            Settings.from_environment({key: value for key, value in given.items() if key != name})


@pytest.mark.parametrize(
    ("url", "place", "tls"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 587, None, None), "if offered"),
        ("smtp://a%40b:p%2Fw@mail.example.org:25", ("mail.example.org", 25, "a@b", "p/w"), "required"),
        ("smtp://u:p@localhost:2525", ("localhost", 2525, "u", "p"), "if offered"),
        ("smtps://u:p@mail.example.org", ("mail.example.org", 465, "u", "p"), "from the start"),
    ],
)
def test_a_password_is_never_sent_where_others_can_read_it(
    url: str, place: tuple[object, ...], tls: str
) -> None:
    server = Server.parse(url)

    assert (server.host, server.port, server.user, server.password) == place
    assert server.tls == tls


def test_secrets_are_not_shown() -> None:
    settings = Settings(
        smtp_url="smtp://u:pigeon@h",
        database_url=URL,
        redis_url="redis://:hidden@h",
        secret_key="k" * 32,
        old_secret_keys=("old" * 11,),
    )

    assert "s3cret" not in repr(settings)
    assert "hidden" not in repr(settings)
    assert "kkk" not in repr(settings)
    assert "pigeon" not in repr(settings)
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
