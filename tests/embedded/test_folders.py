"""Folders are private, and a socket's path is never longer than the kernel takes."""

import os
import socket

import pytest

from service.embedded import EmbeddedError, cache_folder, state_folder
from service.embedded.folders import LONGEST_SOCKET_PATH, private_folder, socket_path


@pytest.fixture
def long_folder(tmp_path):
    return private_folder(tmp_path / ("x" * LONGEST_SOCKET_PATH))


@pytest.fixture(autouse=True)
def short_names_are_tried_here(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", "")
    monkeypatch.setenv("HEADGATE_CACHE", str(tmp_path_factory.mktemp("cache") / "headgate"))


def test_a_socket_is_in_the_servers_own_folder_where_it_fits(tmp_path):
    assert socket_path(tmp_path, "x.sock") == tmp_path / "x.sock"


def test_a_socket_of_a_deep_folder_gets_a_short_path_of_its_own(long_folder):
    path = socket_path(long_folder, "x.sock")

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
    path.unlink()
    assert path.parent.stat().st_mode & 0o077 == 0
    assert path != socket_path(private_folder(long_folder / "other"), "x.sock")


def test_a_short_folder_that_others_can_enter_is_refused(long_folder):
    short = socket_path(long_folder, "x.sock").parent
    short.chmod(0o777)

    with pytest.raises(EmbeddedError, match="belongs to somebody else"):
        socket_path(long_folder, "x.sock")

    short.rmdir()


def test_only_the_user_can_enter_the_cache():
    assert cache_folder().stat().st_mode & 0o777 == 0o700
    assert state_folder().stat().st_mode & 0o777 == 0o700
    assert os.path.commonpath([state_folder(), cache_folder()]) == str(cache_folder())


def test_a_cache_that_cannot_be_made_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("HEADGATE_CACHE", str(tmp_path / "file" / "cache"))

    with pytest.raises(EmbeddedError, match="cannot be made"):
        cache_folder()
