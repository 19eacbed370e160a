"""Servers that a test of the private servers may start, stop and kill."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from service.embedded import MySQL, Redis, ensure_mysql, ensure_redis

THROWAWAY = {"durable": False}


@pytest.fixture
def new_mysql(tmp_path: Path) -> Callable[..., MySQL]:
    """A MySQL that has not been started; two of them in one test share their data."""
    installation = ensure_mysql(os.environ.get("HEADGATE_MYSQL") or None)
    return lambda **options: MySQL(installation, tmp_path / "mysql", **(THROWAWAY | options))


@pytest.fixture
def new_redis(tmp_path: Path) -> Callable[..., Redis]:
    """A Redis that has not been started; two of them in one test share their data."""
    installation = ensure_redis()
    return lambda **options: Redis(installation, tmp_path / "redis", **(THROWAWAY | options))
