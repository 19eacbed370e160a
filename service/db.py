"""The service's only way into the database: calling stored procedures."""

import asyncio
import logging
import random
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiomysql
import orjson
from aiohttp import web
from pymysql.err import MySQLError

from service import metrics
from service.config import SETTINGS, Settings
from service.database.connection import driver_options
from service.errors import BY_ERRNO, ErrorCode, Refused
from service.log import Seldom

LOGGER = logging.getLogger(__name__)
Row = dict[str, Any]

CONNECT_SECONDS = 2
ACQUIRE_SECONDS = 4
ANSWER_SECONDS = 30
PING_SECONDS = 2

# A session waits three seconds for a lock, not MySQL's fifty (or, for a table
# that a deployment changes, its year), and then the call is tried again.
# A snapshot is REPEATABLE READ, whatever the server's default; a procedure that writes says what it wants.
INIT = (
    "SET time_zone = '+00:00', innodb_lock_wait_timeout = 3, lock_wait_timeout = 3,"
    " transaction_isolation = 'REPEATABLE-READ'"
)

# The call did nothing and may do better at once: lock wait, deadlock, a table that was just changed.
TRANSIENT = frozenset({1205, 1213, 1412})
PAUSES = (0.02, 0.1, 0.4)

# What a deployment shows while it replaces routines: one is missing, takes other parameters than its callers
# give, or is not granted yet. As long as somebody migrates, that is waited for, and so are locks.
REPLACING = frozenset({1305, 1318, 1370})
REPLACING_SECONDS = 20.0
REPLACING_PAUSE = 0.4
IS_MIGRATED = "SELECT IS_USED_LOCK(CONCAT('headgate.', DATABASE())) IS NOT NULL"

# The server is going, full, read-only or gone: nothing that the caller did.
AWAY = frozenset({1021, 1040, 1041, 1053, 1114, 1290, 1317, 1836, 2006, 2013, 2014, 3024, 4031})

# What parts of a procedure's name may be made of; names are ours, never a client's.
NAME = re.compile(r"[a-z_]+")


class Database:
    """A pool of connections on which procedures are called."""

    def __init__(self, pool: aiomysql.Pool, slow_ms: int = 0) -> None:
        self._pool = pool
        self._slow_ms = slow_ms
        self._worth_a_line = Seldom()

    async def call(self, procedure: str, *args: Any) -> list[Row]:
        """Call a procedure and return its first result set, as call_for_all does."""
        return (await self.call_for_all(procedure, *args) or [[]])[0]

    async def call_for_all(self, procedure: str, *args: Any) -> list[list[Row]]:
        """Call a procedure and return all of its result sets.

        Dicts and lists go in as JSON. Raises Refused with the code that the
        procedure named, or database_unavailable. A call is repeated only if it
        is certain that it did nothing; a connection lost after the call was
        sent is not, because the change may have been committed.
        """
        pauses = iter(PAUSES)
        deadline, is_migrated = time.monotonic() + REPLACING_SECONDS, True
        while True:
            try:
                return await self._call(procedure, args)
            except MySQLError as error:
                if errno(error) not in TRANSIENT | REPLACING:
                    raise
                pause = next(pauses, None)
                if pause is None and is_migrated and time.monotonic() < deadline:
                    is_migrated = await self._is_migrated()
                    # It may have ended between the call and this look, so the last call comes after it.
                    if is_migrated or errno(error) in REPLACING:
                        pause = REPLACING_PAUSE
                if pause is None:
                    raise self._unavailable("The database was too busy to answer.", error) from error
                metrics.CALL_REPEATS.labels(errno(error)).inc()
                LOGGER.info("call_repeated", extra={"procedure": procedure, "errno": errno(error)})
            # Jitter, so that two sessions that met do not meet again.
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))

    async def _is_migrated(self) -> bool:
        """Whether `headgate migrate` is at work on this database."""
        async with self._connection() as connection, connection.cursor() as cursor:
            await cursor.execute(IS_MIGRATED)
            ((answer,),) = await cursor.fetchall()
        return bool(answer)

    async def call_one(self, procedure: str, *args: Any) -> Row:
        """Call a procedure that answers exactly one row."""
        # A row that is deleted between the look at who may see it and the look at it is not
        # there any more; asked again, the procedure refuses it by its name.
        (row,) = await self.call(procedure, *args) or await self.call(procedure, *args)
        return row

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator["Database"]:
        """A block in which all calls see the database as it is at the first of them."""
        async with self._connection() as connection:
            await connection.begin()
            try:
                yield _Snapshot(self._pool, self._slow_ms, connection)
            finally:
                # One that is lost has nothing to end.
                if not connection.closed:
                    await connection.rollback()

    async def ping(self) -> None:
        """Ask the server for a sign of life; raises Refused if there is none."""
        async with self._connection(PING_SECONDS) as connection:
            await connection.ping(reconnect=False)

    async def _call(self, procedure: str, args: tuple[Any, ...]) -> list[list[Row]]:
        assert NAME.fullmatch(procedure)
        statement = f"CALL {procedure}({', '.join(['%s'] * len(args))})"
        results: list[list[Row]] = []
        async with self._connection() as connection:
            started = time.perf_counter()
            try:
                async with connection.cursor(aiomysql.DictCursor) as cursor:
                    await cursor.execute(statement, [_argument(value) for value in args])
                    # A CALL ends with one more, empty, result: one without columns.
                    while cursor.description:
                        results.append(list(await cursor.fetchall()))
                        await cursor.nextset()
            except MySQLError as error:
                if known := BY_ERRNO.get(errno(error)):
                    metrics.CALL_REFUSALS.labels(procedure, known.code).inc()
                    raise await _refusal(connection, known, error) from error
                if errno(error) in REPLACING:
                    # MySQL keeps a lock on the name of a missing procedure until the next end of a
                    # transaction, and the CREATE PROCEDURE that would bring it waits for that.
                    await connection.rollback()
                raise
            finally:
                self._note_time(procedure, args, time.perf_counter() - started)
        return results

    def _note_time(self, procedure: str, args: tuple[Any, ...], seconds: float) -> None:
        metrics.CALL_SECONDS.labels(procedure).observe(seconds)
        if self._slow_ms and seconds * 1000 >= self._slow_ms:
            line = {"procedure": procedure, "ms": round(seconds * 1000), "parameters": [*map(redacted, args)]}
            LOGGER.warning("slow_call", extra=line)

    @asynccontextmanager
    async def _connection(self, seconds: float | None = None) -> AsyncIterator[aiomysql.Connection]:
        """A connection of the pool, which gets it back only if it is still in a known state."""
        try:
            with metrics.POOL_WAITING.track_inprogress():
                async with asyncio.timeout(ACQUIRE_SECONDS):
                    connection = await self._pool.acquire()
        except (MySQLError, OSError, TimeoutError) as error:
            raise self._unavailable("The database cannot be reached.", error) from error

        usable = False
        metrics.POOL_IN_USE.inc()
        try:
            async with asyncio.timeout(seconds or ANSWER_SECONDS):
                yield connection
            usable = True
        except Refused:
            usable = True
            raise
        except (MySQLError, OSError, TimeoutError) as error:
            usable = isinstance(error, MySQLError) and errno(error) not in AWAY
            if usable:
                raise
            raise self._unavailable(
                "The database did not answer; if this was a change, it may or may not have been made.", error
            ) from error
        finally:
            if not usable:
                connection.close()
            self._pool.release(connection)
            metrics.POOL_IN_USE.dec()

    def _unavailable(self, detail: str, error: Exception) -> Refused:
        metrics.DATABASE_AWAY.inc()
        if self._worth_a_line:
            LOGGER.error("database_unavailable", extra={"reason": repr(error)})
        return Refused("database_unavailable", detail, {"retry_after": 2})


class _Snapshot(Database):
    """Calls procedures on one connection, in the transaction that is open there."""

    def __init__(self, pool: aiomysql.Pool, slow_ms: int, connection: aiomysql.Connection) -> None:
        super().__init__(pool, slow_ms)
        self._held = connection

    @asynccontextmanager
    async def _connection(self, _: float | None = None) -> AsyncIterator[aiomysql.Connection]:
        yield self._held


def errno(error: MySQLError) -> int:
    """The error number; PyMySQL reads it as a signed 16-bit integer and ours are above 32767."""
    number = error.args[0] if error.args else 0
    return number & 0xFFFF if isinstance(number, int) else 0


def redacted(value: Any) -> Any:
    """A parameter as a log may hold it: numbers as they are, of everything else only what it is."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dict | list):
        return f"<JSON of {len(_argument(value))} characters>"
    return f"<text of {len(value)} characters>" if isinstance(value, str) else f"<{type(value).__name__}>"


def _argument(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else value


async def _refusal(connection: aiomysql.Connection, known: ErrorCode, error: MySQLError) -> Refused:
    """The whole reason, which the message (128 characters) is too short for."""
    async with connection.cursor() as cursor:
        await cursor.execute("SELECT @headgate_error")
        ((text,),) = await cursor.fetchall()
    told = orjson.loads(text) if text else {}
    if told.get("code") == known.code:
        return Refused(known.code, told["detail"], told.get("facts"))
    return Refused(known.code, str(error.args[1]).removeprefix(f"{known.code}: "))


DATABASE = web.AppKey("database", Database)


def open_pool(settings: Settings) -> aiomysql.Pool:
    """A pool that connects when it is first used, so that the service starts while MySQL is away."""
    mysql = settings.mysql
    return aiomysql.Pool(
        minsize=settings.db_pool_min,
        maxsize=settings.db_pool_max,
        echo=False,
        pool_recycle=1800,
        loop=asyncio.get_running_loop(),
        db=mysql.database,
        # autocommit: every procedure opens and closes its own transaction.
        autocommit=True,
        charset="utf8mb4",
        init_command=INIT,
        connect_timeout=CONNECT_SECONDS,
        program_name="headgate",
        **driver_options(mysql),
    )


async def database(app: web.Application) -> AsyncIterator[None]:
    """The cleanup context that opens the pool with the app and closes it after."""
    pool = open_pool(app[SETTINGS])
    app[DATABASE] = Database(pool, app[SETTINGS].slow_call_ms)
    yield
    pool.close()
    await pool.wait_closed()
