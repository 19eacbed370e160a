"""The packages of Debian 12 as tasks: all go in, but for what would close a cycle, and come out right.

An excerpt of the data is part of the repository. All of it is taken from the folder that HEADGATE_DEBIAN_DATA
names.
"""

import os
import random
import secrets
import subprocess
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from aiohttp.test_utils import TestClient
from pymysql.connections import Connection
from pymysql.cursors import DictCursor

from service.app import create_app
from service.config import Settings
from service.database import migrate
from service.database.calls import call
from service.database.connection import Dsn, open_connection, query
from tests.conftest import Database, new_database, server_dsn
from tests.graphs import export, exported_graph
from tests.oracle import PRIORITIES, Oracle
from tests.servers import run

REPOSITORY = Path(__file__).parents[2]
EXCERPT = Path(__file__).parent / "excerpt"
DATA = Path(os.environ.get("HEADGATE_DEBIAN_DATA", "/nowhere"))
PASSWORD = "correct horse"


@dataclass(frozen=True)
class Debian:
    """A release that was imported: the graph that was wanted, what is in, and where."""

    wanted: nx.DiGraph
    found: nx.DiGraph
    told: str
    ids: dict[str, int]
    user_id: int
    workspace_id: int
    database: Database
    # A package with many below it.
    root: str

    @cached_property
    def names(self) -> dict[int, str]:
        return {number: name for name, number in self.ids.items()}


def headgate(database: Database, *arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run the command as a process of its own."""
    environment = os.environ | {"DATABASE_URL": database.owner_url, "BCRYPT_COST": "4", "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *arguments],
        env=environment, cwd=REPOSITORY, check=True, capture_output=True, text=True, **options,
    )  # fmt: skip


def read(path: Path) -> Iterator[list[str]]:
    """The cells of a table; read apart from the script that is tested."""
    command = ["gzip", "-dc", str(path)] if path.suffix == ".gz" else ["cat", str(path)]
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        yield line.split("\t")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("excerpt", marks=pytest.mark.xdist_group("debian excerpt")),
        # One worker does it all, so that it is imported once: pytest --dist loadgroup.
        pytest.param("all of it", marks=pytest.mark.xdist_group("debian")),
    ],
)
def debian(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Debian]:
    if request.param == "excerpt":
        packages, depends, root = EXCERPT / "packages.tsv", EXCERPT / "depends.tsv", "emacs"
    else:
        packages, depends = (DATA / f"debian-bookworm-{name}.tsv.gz" for name in ("packages", "depends"))
        root = "kde-full"
        if not packages.exists():
            pytest.skip(f"no {packages}: HEADGATE_DEBIAN_DATA names the folder that has it")
    file = tmp_path_factory.mktemp("debian") / "debian.jsonl"
    script = str(REPOSITORY / "bench" / "debian.py")
    with file.open("w") as out:
        subprocess.run([sys.executable, script, str(packages), str(depends)], stdout=out, check=True)

    names = dict(read(packages))  # type: ignore[arg-type]
    wanted = nx.DiGraph()
    wanted.add_nodes_from(names.values())
    wanted.add_edges_from((names[package], names[other]) for package, other in read(depends))

    with new_database("headgate_d") as owner:
        service = owner.login_as(f"{owner.database}_api", secrets.token_hex(16))
        migrate.up(owner, service)
        database = Database(owner.database, owner.url, service.url)
        headgate(
            database, "user", "create", "debian", "--email", "debian@example.org", "--password-stdin",
            input=f"{PASSWORD}\n",
        )  # fmt: skip
        told = headgate(database, "import", str(file), "--on-cycle", "skip").stdout
        forget_statistics(owner)
        with database.service() as connection, database.owner() as reader, reader.cursor() as cursor:
            cursor.execute("SELECT id, task_key, created_by, workspace_id FROM task")
            rows = list(cursor.fetchall())
            found = exported_graph(export(connection, rows[0]["created_by"]))
            ids = {row["task_key"]: row["id"] for row in rows}
        actor, workspace = rows[0]["created_by"], rows[0]["workspace_id"]
        yield Debian(wanted, found, told, ids, actor, workspace, database, root)


def forget_statistics(dsn: Dsn) -> None:
    """InnoDB guesses as it may right after an import, when it has not looked at the tables since they were empty."""
    with open_connection(server_dsn(dsn.database)) as administrator:
        for table in ("task", "node", "dependency", "tag", "change_log", "task_word"):
            for kind, forgotten in (
                ("table", "n_rows = 0, clustered_index_size = 1"),
                ("index", "stat_value = IF(stat_name LIKE 'n_diff%%', 0, 1)"),
            ):
                query(
                    administrator,
                    f"UPDATE mysql.innodb_{kind}_stats SET {forgotten}"
                    " WHERE database_name = DATABASE() AND table_name = %s",
                    table,
                )
            query(administrator, f"FLUSH TABLES {table}")


@pytest.fixture
async def api(debian: Debian, redis_url: str, aiohttp_client: Any) -> TestClient:
    """A client that carries the token of the user whose workspace it is."""
    settings = Settings(
        service_database_url=debian.database.service_url,
        redis_url=redis_url,
        secret_key=secrets.token_hex(16),
        bcrypt_cost=4,
        rate_limit_per_minute=0,
        rate_limit_address_per_minute=0,
    )
    client = await aiohttp_client(create_app(settings))
    form = {"username": "debian", "password": PASSWORD}
    token = (await (await client.post("/api/v1/users/login", data=form)).json())["access_token"]
    client.session.headers["Authorization"] = f"Bearer {token}"
    return client


async def answer(api: TestClient, path: str, **parameters: Any) -> dict[str, Any]:
    response = await api.get(f"/api/v1/tasks/{path}", params=parameters)
    assert response.status == 200, await response.text()
    return await response.json()


def test_what_is_in_is_the_acyclic_rest_and_all_of_it(debian: Debian) -> None:
    left_out = set(debian.wanted.edges) - set(debian.found.edges)

    assert set(debian.found) == set(debian.wanted)
    assert set(debian.found.edges) <= set(debian.wanted.edges)
    assert nx.is_directed_acyclic_graph(debian.found)
    # Each would close a cycle with what is in; nothing else is missing.
    assert [edge for edge in left_out if not nx.has_path(debian.found, edge[1], edge[0])] == []
    # Each cyclic group lost something, and only they did.
    groups = [group for group in nx.strongly_connected_components(debian.wanted) if len(group) > 1]
    assert len(groups) == 55
    assert all(any({*edge} <= group for edge in left_out) for group in groups)
    assert all(any({*edge} <= group for group in groups) for edge in left_out)


def test_the_command_tells_what_it_left_out(debian: Debian) -> None:
    left_out = set(debian.wanted.edges) - set(debian.found.edges)

    counts = (
        f"{len(debian.wanted):,} tasks and {debian.found.number_of_edges():,} dependencies imported",
        f"{len(left_out):,} dependencies left out",
    )
    assert all(count in " ".join(debian.told.split()) for count in counts)
    assert all(f"{package} > {other} > " in debian.told for package, other in left_out)


def test_verify_finds_nothing_wrong(debian: Debian) -> None:
    assert "No violations in 1 workspace." in headgate(debian.database, "verify").stdout


async def test_the_tree_has_every_package_once_at_its_shortest_distance(
    debian: Debian, api: TestClient
) -> None:
    depths = nx.single_source_shortest_path_length(debian.found, debian.root)

    tree = await answer(api, f"{debian.ids[debian.root]}/tree", direction="upstream", format="flat")

    names = debian.names
    assert tree["count"] == len(depths) - 1
    assert [names[row["id"]] for row in tree["items"][:1]] == [debian.root]
    assert {names[row["id"]]: row["depth"] for row in tree["items"]} == depths
    assert len(tree["items"]) == len(depths)
    for row in tree["items"][1:]:
        parent = names[row["parent_id"]]
        assert debian.found.has_edge(parent, names[row["id"]])
        assert depths[parent] == row["depth"] - 1
    assert [row["depth"] for row in tree["items"]] == sorted(depths.values())


async def test_the_nested_tree_is_the_flat_one(debian: Debian, api: TestClient) -> None:
    path = f"{debian.ids[debian.root]}/tree"
    flat = await answer(api, path, direction="upstream", format="flat")

    nested = await answer(api, path, direction="upstream")

    def rows(node: dict[str, Any]) -> Iterator[tuple[int, int | None, int]]:
        yield node["id"], node["parent_id"], node["depth"]
        for child in node["children"]:
            assert child["parent_id"] == node["id"]
            yield from rows(child)

    assert nested["count"] == flat["count"]
    assert sorted(rows(nested["tree"]), key=lambda row: (row[2], row[0])) == [
        (row["id"], row["parent_id"], row["depth"]) for row in flat["items"]
    ]


async def test_a_tree_ends_at_the_depth_that_is_asked_for(debian: Debian, api: TestClient) -> None:
    expected = nx.single_source_shortest_path_length(debian.found, debian.root, cutoff=2)

    tree = await answer(api, f"{debian.ids[debian.root]}/tree", direction="upstream", depth=2, format="flat")

    assert {debian.names[row["id"]]: row["depth"] for row in tree["items"]} == expected


@pytest.mark.parametrize("transitive", ["false", "true"])
async def test_the_dependents_of_libc6_are_those_of_the_graph(
    debian: Debian, api: TestClient, transitive: str
) -> None:
    expected = (
        nx.ancestors(debian.found, "libc6") if transitive == "true" else debian.found.predecessors("libc6")
    )

    page = await answer(api, f"{debian.ids['libc6']}/dependents", transitive=transitive, limit=100_000)

    assert [row["id"] for row in page["items"]] == sorted(debian.ids[name] for name in expected)
    assert not page["has_more"]


async def test_the_levels_are_those_of_the_graph(debian: Debian, api: TestClient) -> None:
    expected = [set(wave) for wave in nx.topological_generations(debian.found.reverse())]

    response = await api.get(
        f"/api/v1/workspaces/{debian.workspace_id}/levels", params={"open_only": "false"}
    )
    levels = await response.json()

    names = debian.names
    assert [{names[task] for task in level["task_ids"]} for level in levels["items"]] == expected
    assert levels["tasks"] == len(debian.found)
    assert nx.is_path(debian.found, [names[task] for task in reversed(levels["longest_chain"])])


@pytest.fixture(scope="module")
def lived_in(debian: Debian) -> Oracle:
    """The same with work done: some tasks are completed, begun or given up, and they differ in priority.

    What is asked of it comes last in this file: the tests above see the release as it was imported.
    """
    with debian.database.owner() as owner:
        for priority, share in (("low", 25), ("high", 10), ("urgent", 2)):
            draw(owner, f"priority = '{priority}'", debian.ids.values(), share)
        # What is completed makes others ready, which are completed next.
        for _ in range(3):
            ready = run(owner, "SELECT task_id FROM node WHERE readiness = 'ready'")
            draw(owner, "status = 'completed'", [row["task_id"] for row in ready], 40)
        kept = {debian.ids[debian.root], debian.ids["libc6"]}
        pending = run(owner, "SELECT id FROM task WHERE status = 'pending'")
        rest = [row["id"] for row in pending if row["id"] not in kept]
        draw(owner, "status = 'cancelled'", rest[::2], 6)
        draw(owner, "status = 'in_progress'", rest[1::2], 6)
        rows = run(owner, "SELECT task_key, status, priority FROM task")
    return Oracle(
        debian.found,
        {row["task_key"]: row["status"] for row in rows},
        {row["task_key"]: row["priority"] for row in rows},
    )


def draw(owner: "Connection[DictCursor]", change: str, tasks: Collection[int], percent: int) -> None:
    """Change some of these tasks, always the same ones."""
    drawn = random.Random(change).sample(sorted(tasks), len(tasks) * percent // 100)
    for start in range(0, len(drawn), 1_000):
        some = drawn[start : start + 1_000]
        run(owner, f"UPDATE task SET {change} WHERE id IN ({', '.join(['%s'] * len(some))})", *some)


def asked(debian: Debian, count: int = 25) -> list[str]:
    """The packages that questions are asked about: the two ends of the graph, and some between."""
    return [debian.root, "libc6", *random.Random(count).sample(sorted(debian.ids), count)]


async def test_blockers_are_the_ready_packages_behind_a_package(
    debian: Debian, lived_in: Oracle, api: TestClient
) -> None:
    names = debian.names
    for package in asked(debian):
        found = (await answer(api, f"{debian.ids[package]}/blockers"))["items"]

        assert {names[row["id"]]: row["distance"] for row in found} == lived_in.causes(package)
        for row in found:
            path = [names[step] for step in row["path"]]
            assert (path[0], path[-1], len(path)) == (package, names[row["id"]], row["distance"] + 1)
            assert all(lived_in.holding.has_edge(*edge) for edge in pairwise(path))
            assert row["would_free"] == len(lived_in.freed(names[row["id"]]))


async def test_the_impact_of_a_package_is_all_that_it_holds_up(
    debian: Debian, lived_in: Oracle, api: TestClient
) -> None:
    for package in asked(debian):
        found = await answer(api, f"{debian.ids[package]}/impact")

        assert {debian.names[row["id"]] for row in found["would_free"]} == lived_in.freed(package)
        assert {row["status"]: row["tasks"] for row in found["waiting_by"]} == lived_in.waiting_by_status(
            package
        )
        assert found["waiting"] == len(lived_in.waiting(package))


async def test_a_path_between_packages_is_a_shortest_one(debian: Debian, api: TestClient) -> None:
    names = debian.names
    pairs = [(debian.root, "libc6"), ("libc6", debian.root), *pairwise(asked(debian, 50))]
    pairs += [(package, "libc6") for package in asked(debian)]
    for package, other in pairs:
        found = await answer(api, f"{debian.ids[package]}/path", to=debian.ids[other])

        path = [names[row["id"]] for row in found["items"]]
        if nx.has_path(debian.found, package, other):
            assert (path[0], path[-1]) == (package, other)
            assert len(path) == nx.shortest_path_length(debian.found, package, other) + 1
            assert all(debian.found.has_edge(*edge) for edge in pairwise(path))
        else:
            assert path == []


async def test_a_package_is_as_urgent_as_what_waits_for_it(
    debian: Debian, lived_in: Oracle, api: TestClient
) -> None:
    for package in asked(debian):
        found = await answer(api, f"{debian.ids[package]}/effective-priority")

        origin = debian.names[found["from_task_id"]]
        assert (
            found["effective_priority"] == lived_in.effective_priority(package) == lived_in.priority[origin]
        )
        assert origin in lived_in.waiting(package) | {package}


async def test_ready_packages_rise_with_what_waits_for_them(
    debian: Debian, lived_in: Oracle, api: TestClient
) -> None:
    expected = lived_in.effective_priorities()
    rows: list[dict[str, Any]] = []
    has_more = True
    while has_more:
        page = await answer(api, "ready", by="effective_priority", skip=len(rows), limit=1_000)
        rows += page["items"]
        has_more = page["has_more"]

    assert {debian.names[row["id"]]: row["effective_priority"] for row in rows} == {
        package: expected[package] for package in lived_in.ready()
    }
    order = [(-PRIORITIES.index(row["effective_priority"]), row["id"]) for row in rows]
    assert order == sorted(order)
    assert any(row["effective_priority"] != row["priority"] for row in rows)


def test_without_what_is_redundant_the_graph_is_its_transitive_reduction(debian: Debian) -> None:
    """Of any size: networkx takes minutes for all of it, so its closures are read off bit by bit."""
    with debian.database.service() as connection:
        rows = call(connection, "list_redundant_dependencies", debian.user_id, debian.workspace_id, 0, None)

    # Other tests may have cancelled some.
    with debian.database.owner() as owner:
        standing = {
            row["task_key"] for row in run(owner, "SELECT task_key FROM task WHERE status <> 'cancelled'")
        }
    graph = debian.found.subgraph(standing)
    place = {name: number for number, name in enumerate(graph)}
    reach: dict[str, int] = {}
    for name in nx.topological_sort(graph.reverse()):
        reach[name] = 0
        for other in graph.successors(name):
            reach[name] |= reach[other] | 1 << place[other]
    expected = {
        (name, other)
        for name, other in graph.edges
        if any(reach[via] >> place[other] & 1 for via in graph.successors(name))
    }
    names = debian.names
    assert [(row["task_id"], row["depends_on_id"]) for row in rows] == sorted(
        (debian.ids[name], debian.ids[other]) for name, other in expected
    )
    for row in rows:
        assert graph.has_edge(names[row["task_id"]], row["via_title"])
        assert reach[row["via_title"]] >> place[row["depends_on_title"]] & 1


@dataclass(frozen=True)
class Past:
    """The workspace of the import, its newest revision, that of the last dependency, and one half way through them."""

    workspace_id: int
    newest: int
    last_dependency: int
    middle: int
    # What there was in the middle, from the log as it is.
    graph: nx.DiGraph


@pytest.fixture
def past(debian: Debian) -> Past:
    with debian.database.owner() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT workspace_id, MIN(revision) AS first, MAX(revision) AS last FROM change_log WHERE entity = 'dependency'"
            " GROUP BY workspace_id"
        )
        (row,) = cursor.fetchall()
        middle = (row["first"] + row["last"]) // 2
        cursor.execute(
            "SELECT task_id, depends_on_id FROM change_log WHERE entity = 'dependency' AND revision <= %s",
            (middle,),
        )
        names = debian.names
        graph = nx.DiGraph(
            (names[edge["task_id"]], names[edge["depends_on_id"]]) for edge in cursor.fetchall()
        )
        graph.add_nodes_from(debian.found)
        # Other tests may have cancelled some.
        cursor.execute(
            "SELECT MAX(revision) AS newest FROM change_log WHERE workspace_id = %s", (row["workspace_id"],)
        )
        newest = cursor.fetchall()[0]["newest"]
    return Past(row["workspace_id"], newest, row["last"], middle, graph)


@pytest.mark.parametrize("direction", ["upstream", "downstream"])
async def test_a_tree_as_of_the_newest_revision_is_the_present_one(
    debian: Debian, api: TestClient, past: Past, direction: str
) -> None:
    root = debian.ids[debian.root if direction == "upstream" else "libc6"]

    then = await answer(api, f"{root}/tree/as-of", revision=past.newest, direction=direction, format="flat")

    now = await answer(api, f"{root}/tree", direction=direction, format="flat")
    assert then.pop("revision") == past.newest
    # Of several neighbours that are one step nearer any may be named as the parent.
    for tree in (then, now):
        tree["items"] = [row | {"parent_id": None} for row in tree["items"]]
    assert then == now


async def test_a_tree_of_half_way_through_the_import_has_half_of_the_dependencies(
    debian: Debian, api: TestClient, past: Past
) -> None:
    depths = nx.single_source_shortest_path_length(past.graph.reverse(), "libc6")
    libc6 = debian.ids["libc6"]

    then = await answer(
        api, f"{libc6}/tree/as-of", revision=past.middle, direction="downstream", format="flat"
    )

    assert {debian.names[row["id"]]: row["depth"] for row in then["items"]} == depths
    now = nx.ancestors(debian.found, "libc6")
    assert len(depths) - 1 < len(now)


def test_the_difference_since_the_beginning_is_all_there_is(debian: Debian, past: Past) -> None:
    with debian.database.owner() as connection:
        rows = call(connection, "get_workspace_diff", 1, past.workspace_id, 0, past.newest, None, None)
        half = call(
            connection, "get_workspace_diff", 1, past.workspace_id, past.middle, past.newest, None, None
        )

    edges = {(row["task_id"], row["depends_on_id"]) for row in rows if row["entity"] == "dependency"}
    assert edges == {(debian.ids[one], debian.ids[other]) for one, other in debian.found.edges}
    assert {row["task_id"] for row in rows if row["entity"] == "task"} == set(debian.ids.values())
    assert {row["action"] for row in rows} == {"insert"}
    assert sum(row["entity"] == "dependency" for row in half) == past.last_dependency - past.middle
