"""The private Redis keeps what it holds if it should, and only then."""

import pytest
from redis import Redis as Client

from service.embedded import EmbeddedError


def client(server):
    return Client(unix_socket_path=str(server.socket), decode_responses=True)


@pytest.mark.parametrize(("durable", "kept"), [(True, "yes"), (False, None)])
def test_what_it_holds_survives_a_restart_if_it_is_durable(new_redis, durable, kept):
    with new_redis(durable=durable) as server, client(server) as connection:
        connection.set("kept", "yes")

    with new_redis(durable=durable) as server, client(server) as connection:
        assert connection.get("kept") == kept


def test_a_server_that_cannot_start_says_why(new_redis):
    with pytest.raises(EmbeddedError, match="no-such-option"):
        new_redis(extra=["--no-such-option", "1"]).start()
