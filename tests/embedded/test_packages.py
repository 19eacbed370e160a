"""Which MySQL and Redis are used, and what is said when there are none."""

import shutil
import threading
from pathlib import Path

import pytest

from service.embedded import DiskFull, EmbeddedError, Unavailable, apt, ensure_mysql, ensure_redis, packages
from service.embedded.folders import only_one

needs_apt = pytest.mark.skipif(not shutil.which("apt-get"), reason="needs Debian's apt")


@pytest.fixture
def on_path(tmp_path, monkeypatch):
    """Programs on PATH that answer --version; nothing is downloaded."""
    monkeypatch.setattr(packages, "SYSTEM_PROGRAMS", ())
    monkeypatch.setattr(packages, "ensure_prefix", lambda *_: pytest.fail("it was going to download"))
    monkeypatch.setenv("PATH", str(tmp_path))

    def put(says, *names):
        for name in names:
            (tmp_path / name).write_text(f"#!/bin/sh\necho '{says}'\n")
            (tmp_path / name).chmod(0o755)

    return put


@pytest.mark.parametrize("asked", [None, "8.0"])
def test_a_mysql_on_path_is_used_if_it_is_of_the_series_asked_for(on_path, asked):
    on_path("/usr/sbin/mysqld  Ver 8.0.19 for Linux on x86_64 (MySQL Community Server)", "mysqld", "mysql")

    assert (ensure_mysql(asked).version, ensure_mysql(asked).series) == ("8.0.19", "8.0")


@pytest.mark.parametrize(
    ("says", "asked"),
    [
        ("mysqld  Ver 8.0.18 for Linux on x86_64 (MySQL Community Server)", None),
        ("mysqld  Ver 10.11.6-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)", None),
        ("mysqld  Ver 8.4.3 for Linux on x86_64 (MySQL Community Server)", "8.0"),
        ("no version at all", None),
    ],
)
def test_any_other_mysql_on_path_is_not(on_path, says, asked):
    on_path(says, "mysqld", "mysql")

    with pytest.raises(pytest.fail.Exception, match="download"):
        ensure_mysql(asked)


def test_a_mysql_without_its_client_is_not_used(on_path):
    on_path("mysqld  Ver 8.0.45 for Linux on x86_64 (MySQL Community Server)", "mysqld")

    with pytest.raises(pytest.fail.Exception, match="download"):
        ensure_mysql()


def test_a_redis_on_path_is_used_from_6_2_on(on_path):
    on_path("Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64", "redis-server", "redis-cli")
    with pytest.raises(pytest.fail.Exception, match="download"):
        ensure_redis()

    on_path("Redis server v=7.2.5 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", "redis-server", "redis-cli")
    assert ensure_redis().version == "7.2.5"


def test_a_series_that_nobody_can_download_is_refused():
    with pytest.raises(EmbeddedError, match=r"choose 8\.0 or 9\.7"):
        ensure_mysql("5.7")


def test_a_machine_without_apt_is_sent_to_docker(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(EmbeddedError, match="docker compose up"):
        apt.architecture()


@needs_apt
def test_an_archive_out_of_reach_is_one_sentence_and_leaves_nothing_half_done(monkeypatch, tmp_path):
    monkeypatch.setenv("HEADGATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(packages, "SYSTEM_PROGRAMS", ())
    monkeypatch.setattr(packages, "_on_path", lambda *_: None)
    for protocol in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(protocol, "http://127.0.0.1:1")  # nobody listens there

    with pytest.raises(EmbeddedError, match="cannot be reached"):
        ensure_mysql("9.7")

    assert [path.suffix for path in (tmp_path / "cache" / "servers").iterdir()] == [".lock"]


@pytest.mark.parametrize(
    ("said", "kind", "sentence"),
    [
        ("E: You don't have enough free space in /x/archives/.", DiskFull, "The disk is full"),
        (
            "dpkg-deb: error: paste subprocess failed\ntar: write error: No space left on device",
            DiskFull,
            "full",
        ),
        (
            "E: Failed to fetch x.deb  Hash Sum mismatch\nE: Download Failed",
            EmbeddedError,
            "not the one that was",
        ),
        ("E: Failed to fetch x.deb  404  Not Found [IP: ::1 80]", Unavailable, "no longer has"),
        ("E: Unable to correct problems, you have held broken packages.", Unavailable, "no longer has"),
        ("E: Failed to fetch x  Temporary failure resolving 'y'", EmbeddedError, "check the network"),
        ("E: The method driver is missing", EmbeddedError, "apt failed: The method driver is missing"),
    ],
)
def test_what_apt_says_becomes_one_sentence(said, kind, sentence):
    error = apt.explain(said, Path("/x"))

    assert type(error) is kind
    assert sentence in str(error)


def test_the_second_of_two_that_download_waits_for_the_first(tmp_path):
    order, somebody_waits = [], threading.Event()

    def second():
        with only_one(tmp_path / "lock", somebody_waits.set):
            order.append("second")

    thread = threading.Thread(target=second)
    with only_one(tmp_path / "lock", lambda: pytest.fail("nobody else has it")):
        thread.start()
        assert somebody_waits.wait(10)
        order.append("first")
    thread.join()

    assert order == ["first", "second"]
