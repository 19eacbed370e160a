"""The private MySQL keeps its data, heals, and says why it cannot start."""

import os
import subprocess

import pymysql
import pytest

from service.embedded import EmbeddedError


def sql(server, statement):
    connection = pymysql.connect(unix_socket=str(server.socket), user="root", autocommit=True)
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_its_data_survive_a_restart(new_mysql):
    with new_mysql(durable=True) as server:
        sql(server, "CREATE DATABASE kept")

    with new_mysql(durable=True) as server:
        assert sql(server, "SHOW DATABASES LIKE 'kept'") == (("kept",),)


def test_it_is_what_was_asked_for_and_its_own_client_speaks_to_it(new_mysql):
    with new_mysql() as server:
        said = subprocess.run(
            [
                *server.client_command(),
                "-uroot",
                "-N",
                "-e",
                "SELECT VERSION(), @@log_bin_trust_function_creators, 'é'",
            ],
            capture_output=True,
            check=True,
            text=True,
        ).stdout

    version, trusted, text = said.split()
    assert version.startswith(os.environ.get("HEADGATE_MYSQL", ""))
    assert (trusted, text) == ("1", "é")


def test_only_its_owner_can_reach_it(new_mysql):
    server = new_mysql()

    assert server.folder.stat().st_mode & 0o077 == 0
    assert server.socket.parent.stat().st_mode & 0o077 == 0


def test_an_interrupted_first_start_heals(new_mysql):
    server = new_mysql()
    (server.folder / "data.part" / "mysql").mkdir(parents=True)
    (server.folder / "data.part" / "ibdata1").write_bytes(b"half")

    with server:
        assert sql(server, "SELECT 1") == ((1,),)

    assert not (server.folder / "data.part").exists()


def test_a_server_that_cannot_start_says_why(new_mysql):
    with pytest.raises(EmbeddedError, match="no-such-option"):
        new_mysql(extra=["--no-such-option"]).start()


def test_stopping_twice_does_no_harm(new_mysql):
    server = new_mysql()
    server.start()

    server.stop()
    server.stop()

    assert not server.is_running
    assert not server.socket.exists()
