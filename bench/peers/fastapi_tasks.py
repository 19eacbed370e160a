"""The same job as an application of FastAPI, SQLAlchemy 2 and redis.asyncio, as its community would write it.

    DATABASE_URL=mysql+asyncmy://... REDIS_URL=unix://... SECRET_KEY=... CACHE_TTL=60 \\
        uvicorn --factory bench.peers.fastapi_tasks:create_app

Tokens are checked, requests counted, answers cached, and a dependency is looked for in a recursive CTE before it
is added. The workspace is locked for that, for otherwise two requests at once would close a cycle.
"""

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any, Literal

import jwt
import redis.asyncio
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ForeignKey, String, Text, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload

LIMIT_PER_MINUTE = 10_000_000
CACHE_TTL = int(os.environ.get("CACHE_TTL", "60"))
SECRET_KEY = os.environ.get("SECRET_KEY", "")


class Base(DeclarativeBase):
    pass


class Member(Base):
    __tablename__ = "member"
    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True)


class Workspace(Base):
    __tablename__ = "workspace"
    id: Mapped[int] = mapped_column(primary_key=True)


class Task(Base):
    __tablename__ = "task"
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"), index=True)
    title: Mapped[str] = mapped_column(String(255))
    description: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16), default="pending")
    priority: Mapped[str] = mapped_column(String(16), default="medium")
    assignee_id: Mapped[int | None]
    created_by: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
    tags: Mapped[list["Tag"]] = relationship(cascade="all, delete-orphan")
    prerequisites: Mapped[list["Dependency"]] = relationship(foreign_keys="Dependency.task_id")


class Tag(Base):
    __tablename__ = "tag"
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)


class Dependency(Base):
    __tablename__ = "dependency"
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    depends_on_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True, index=True)


class TaskOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    workspace_id: int
    title: str
    description: str
    status: str
    priority: str
    assignee_id: int | None
    created_by: int | None
    created_at: datetime
    updated_at: datetime
    tags: list[str]
    depends_on: list[int]

    @classmethod
    def of(cls, task: Task) -> "TaskOut":
        fields = {
            name: getattr(task, name) for name in cls.model_fields if name not in {"tags", "depends_on"}
        }
        tags = [tag.name for tag in task.tags]
        return cls.model_construct(
            **fields, tags=tags, depends_on=[edge.depends_on_id for edge in task.prerequisites]
        )


class Page(BaseModel):
    items: list[TaskOut]


class TreeTask(BaseModel):
    task_id: int
    title: str
    status: str
    depth: int


class Tree(BaseModel):
    items: list[TreeTask]


class NewTask(BaseModel):
    workspace_id: int
    title: str = Field(min_length=1, max_length=255)
    description: str = ""
    priority: Literal["low", "medium", "high", "urgent"] = "medium"
    tags: list[Annotated[str, Field(max_length=64)]] = []
    depends_on: list[int] = []


class TaskChanges(BaseModel):
    title: str = Field(min_length=1, max_length=255)


class NewDependency(BaseModel):
    depends_on_id: int


FULL = (selectinload(Task.tags), selectinload(Task.prerequisites))
UPSTREAM = text("""
    WITH RECURSIVE upstream (id) AS (
        SELECT :start
         UNION
        SELECT dependency.depends_on_id FROM upstream JOIN dependency ON dependency.task_id = upstream.id
    )
    SELECT 1 FROM upstream WHERE id = :wanted LIMIT 1
""").bindparams(bindparam("start"), bindparam("wanted"))
# Level by level with UNION: each task comes back once for each depth, the smallest counts.
TREE = text("""
    WITH RECURSIVE tree (id, depth) AS (
        SELECT :start, 0
         UNION
        SELECT dependency.depends_on_id, tree.depth + 1
          FROM tree JOIN dependency ON dependency.task_id = tree.id
         WHERE tree.depth < :deepest
    )
    SELECT task.id AS task_id, task.title, task.status, MIN(tree.depth) AS depth
      FROM tree JOIN task ON task.id = tree.id
     GROUP BY task.id ORDER BY depth, task.id
""").bindparams(bindparam("start"), bindparam("deepest"))


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    engine = create_async_engine(os.environ["DATABASE_URL"], pool_size=16, max_overflow=0)
    app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
    app.state.redis = redis.asyncio.from_url(os.environ["REDIS_URL"])
    yield
    await app.state.redis.aclose()
    await engine.dispose()


async def database(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.app.state.sessions() as session:
        yield session


async def current_user(
    request: Request, token: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]
) -> int:
    """The user of a valid token who has not asked too often."""
    try:
        claims = jwt.decode(token.credentials, SECRET_KEY, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401, "Invalid token") from None
    user = int(claims["sub"])
    key = f"limit:{user}:{int(time.time()) // 60}"
    async with request.app.state.redis.pipeline(transaction=False) as pipe:
        asked, _ = await pipe.incr(key).expire(key, 60).execute()
    if asked > LIMIT_PER_MINUTE:
        raise HTTPException(429, "Too many requests")
    return user


Database = Annotated[AsyncSession, Depends(database)]
CurrentUser = Annotated[int, Depends(current_user)]


async def require_member(session: AsyncSession, user: int, workspace_id: int) -> None:
    if not await session.get(Member, (workspace_id, user)):
        raise HTTPException(404, "No such workspace")


async def load_task(session: AsyncSession, user: int, task_id: int) -> Task:
    task = await session.get(Task, task_id, options=FULL)
    if not task:
        raise HTTPException(404, "No such task")
    await require_member(session, user, task.workspace_id)
    return task


async def stored(request: Request, key: str) -> Response | None:
    found = CACHE_TTL and await request.app.state.redis.get(key)
    return Response(found, media_type="application/json") if found else None


async def store(request: Request, key: str, answer: BaseModel) -> Response:
    body = answer.model_dump_json().encode()
    if CACHE_TTL:
        await request.app.state.redis.set(key, body, ex=CACHE_TTL)
    return Response(body, media_type="application/json")


async def forget(request: Request, workspace_id: int, *task_ids: int) -> None:
    """Lists and trees are kept under the number of the workspace's last change, tasks under their own id."""
    if CACHE_TTL:
        async with request.app.state.redis.pipeline(transaction=False) as pipe:
            pipe.incr(f"changes:{workspace_id}")
            for task_id in task_ids:
                pipe.delete(f"task:{task_id}")
            await pipe.execute()


async def changes(request: Request, workspace_id: int) -> int:
    return int((CACHE_TTL and await request.app.state.redis.get(f"changes:{workspace_id}")) or 0)


def create_app() -> FastAPI:
    app = FastAPI(lifespan=lifespan)

    @app.get("/tasks/{task_id}", response_model=TaskOut)
    async def show(request: Request, task_id: int, user: CurrentUser, session: Database) -> Any:
        # One key a task, in it an answer for each user who may see it: a change forgets them all.
        cache, key, field = request.app.state.redis, f"task:{task_id}", str(user)
        if found := CACHE_TTL and await cache.hget(key, field):
            return Response(found, media_type="application/json")
        body = TaskOut.of(await load_task(session, user, task_id)).model_dump_json().encode()
        if CACHE_TTL:
            async with cache.pipeline(transaction=False) as pipe:
                await pipe.hset(key, field, body).expire(key, CACHE_TTL).execute()
        return Response(body, media_type="application/json")

    @app.get("/tasks", response_model=Page)
    async def page(
        request: Request,
        user: CurrentUser,
        session: Database,
        workspace_id: int,
        skip: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    ) -> Any:
        key = f"page:{workspace_id}:{await changes(request, workspace_id)}:{user}:{skip}:{limit}"
        if found := await stored(request, key):
            return found
        await require_member(session, user, workspace_id)
        asked = select(Task).where(Task.workspace_id == workspace_id).order_by(Task.id)
        tasks = await session.scalars(asked.offset(skip).limit(limit).options(*FULL))
        return await store(request, key, Page(items=[TaskOut.of(task) for task in tasks]))

    @app.get("/tasks/{task_id}/tree", response_model=Tree)
    async def tree(
        request: Request,
        task_id: int,
        workspace_id: int,
        user: CurrentUser,
        session: Database,
        depth: Annotated[int, Query(ge=1, le=100)] = 100,
    ) -> Any:
        key = f"tree:{workspace_id}:{await changes(request, workspace_id)}:{user}:{task_id}:{depth}"
        if found := await stored(request, key):
            return found
        await load_task(session, user, task_id)
        rows = await session.execute(TREE, {"start": task_id, "deepest": depth})
        items = [TreeTask.model_construct(**row) for row in rows.mappings()]
        return await store(request, key, Tree(items=items))

    @app.post("/tasks", response_model=TaskOut, status_code=201)
    async def create(request: Request, new: NewTask, user: CurrentUser, session: Database) -> Any:
        await require_member(session, user, new.workspace_id)
        found = await session.scalars(
            select(Task.id).where(Task.id.in_(new.depends_on), Task.workspace_id == new.workspace_id)
        )
        if len(found.all()) < len(set(new.depends_on)):
            raise HTTPException(404, "No such task")
        # A new task closes no cycle: nothing waits for it yet.
        task = Task(
            **new.model_dump(exclude={"tags", "depends_on"}),
            created_by=user,
            tags=[Tag(name=name) for name in set(new.tags)],
            prerequisites=[Dependency(depends_on_id=other) for other in set(new.depends_on)],
        )
        session.add(task)
        await session.commit()
        await session.refresh(task, ["status", "created_at", "updated_at", "assignee_id"])
        await forget(request, new.workspace_id)
        return TaskOut.of(task)

    @app.patch("/tasks/{task_id}", response_model=TaskOut)
    async def change(
        request: Request, task_id: int, wanted: TaskChanges, user: CurrentUser, session: Database
    ) -> Any:
        task = await load_task(session, user, task_id)
        task.title = wanted.title
        await session.commit()
        await session.refresh(task, ["updated_at"])
        await forget(request, task.workspace_id, task_id)
        return TaskOut.of(task)

    @app.post("/tasks/{task_id}/dependencies", status_code=201)
    async def add_dependency(
        request: Request, task_id: int, new: NewDependency, user: CurrentUser, session: Database
    ) -> NewDependency:
        workspaces = dict(
            (
                await session.execute(
                    select(Task.id, Task.workspace_id).where(Task.id.in_([task_id, new.depends_on_id]))
                )
            ).all()
        )
        if len(set(workspaces.values())) != 1 or len(workspaces) != 2:
            raise HTTPException(404, "No such task")
        workspace_id = workspaces[task_id]
        await require_member(session, user, workspace_id)
        await session.execute(select(Workspace).where(Workspace.id == workspace_id).with_for_update())
        if await session.scalar(UPSTREAM, {"start": new.depends_on_id, "wanted": task_id}):
            raise HTTPException(409, "That would close a cycle")
        if await session.get(Dependency, (task_id, new.depends_on_id)):
            raise HTTPException(409, "It depends on it already")
        session.add(Dependency(task_id=task_id, depends_on_id=new.depends_on_id))
        await session.commit()
        await forget(request, workspace_id, task_id)
        return new

    return app
