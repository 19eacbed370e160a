"""The rows of our workspaces in the tables of the peer."""

from sqlalchemy import create_engine, text

from bench.peers.fastapi_tasks import Base
from service.database.connection import Dsn

ROWS = """
INSERT INTO workspace (id) SELECT id FROM {ours}.workspace;
INSERT INTO member (workspace_id, user_id) SELECT workspace_id, user_id FROM {ours}.membership;
INSERT INTO task (id, workspace_id, title, description, status, priority, assignee_id, created_by, created_at, updated_at)
SELECT id, workspace_id, title, description, status, priority, assignee_id, created_by, created_at, updated_at
  FROM {ours}.task;
INSERT INTO tag (task_id, name) SELECT task_id, name FROM {ours}.tag;
INSERT INTO dependency (task_id, depends_on_id) SELECT task_id, depends_on_id FROM {ours}.dependency;
ANALYZE TABLE task, dependency
"""


def copy_to_peer(database: Dsn) -> str:
    """Make the peer's database on the same server; returns its address for SQLAlchemy."""
    name = f"{database.database}_peer"
    address = f"{database.user}:{database.password}@localhost"
    socket = f"?unix_socket={database.unix_socket}"
    with create_engine(f"mysql+pymysql://{address}/{socket}").begin() as server:
        server.execute(text(f"CREATE DATABASE {name}"))
    engine = create_engine(f"mysql+pymysql://{address}/{name}{socket}")
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        for statement in ROWS.format(ours=database.database).split(";"):
            connection.execute(text(statement))
    engine.dispose()
    return f"mysql+asyncmy://{address}/{name}{socket}"
