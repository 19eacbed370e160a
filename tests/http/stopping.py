"""`headgate` that stops at a step of what it does with files, for somebody to kill it: python -m tests.http.stopping ...

STOP_AT is a step, such as "after begin_upload" or "before commit"; the file STOPPED is made when it is reached.
"""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from service.cli import attachments, main
from service.db import Database
from service.storage.folder import Folder, PartFile

STEP = os.environ["STOP_AT"]


def is_here(moment: str, what: str) -> bool:
    if found := f"{moment} {what}" == STEP:
        Path(os.environ["STOPPED"]).touch()
    return found


def stopping(work: Callable[..., Any], name: str = "") -> Callable[..., Any]:
    """The same method, which stops before or after its work; without a name it is called after its first argument."""

    async def worked(self: object, *args: Any) -> Any:
        what = name or args[0]
        if is_here("before", what):
            await asyncio.Event().wait()
        answer = await work(self, *args)
        if is_here("after", what):
            await asyncio.Event().wait()
        return answer

    return worked


def called(connection: Any, procedure: str, *args: object) -> Any:
    """A call of the command line."""
    answer = call(connection, procedure, *args)
    while is_here("after", procedure):
        time.sleep(1)
    return answer


call = attachments.call
attachments.call = called  # type: ignore[assignment]
Database.call_for_all = stopping(Database.call_for_all)  # type: ignore[method-assign]
PartFile.write = stopping(PartFile.write, "write")  # type: ignore[method-assign]
PartFile.commit = stopping(PartFile.commit, "commit")  # type: ignore[method-assign]
Folder.delete = stopping(Folder.delete, "delete")  # type: ignore[method-assign]

main()
