"""The questions about one task answered by networkx, from the graph and the words of its tasks alone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import networkx as nx

OPEN = {"pending", "in_progress"}
PRIORITIES = ("low", "medium", "high", "urgent")


@dataclass(frozen=True)
class Oracle:
    """A graph whose edges lead from a task to what it waits for."""

    graph: nx.DiGraph
    status: Mapping[str, str]
    priority: Mapping[str, str]
    holding: nx.DiGraph = field(init=False)

    def __post_init__(self) -> None:
        # What is closed neither waits nor is waited for.
        tasks = [task for task in self.graph if self.status[task] in OPEN]
        object.__setattr__(self, "holding", self.graph.subgraph(tasks).copy())

    def ready(self) -> set[str]:
        return {task for task in self.holding if not self.holding.out_degree(task)}

    def causes(self, task: str) -> dict[str, int]:
        """The ready tasks behind a task, each with its distance."""
        if task not in self.holding:
            return {}
        distances = nx.single_source_shortest_path_length(self.holding, task)
        return {other: distances[other] for other in self.ready() & distances.keys() - {task}}

    def freed(self, task: str) -> set[str]:
        """What would become ready if only this one were completed."""
        if task not in self.holding:
            return set()
        return {other for other in self.holding.predecessors(task) if self.holding.out_degree(other) == 1}

    def waiting(self, task: str) -> set[str]:
        return nx.ancestors(self.holding, task) if task in self.holding else set()

    def waiting_by_status(self, task: str) -> Counter[str]:
        return Counter(self.status[other] for other in self.waiting(task))

    def effective_priority(self, task: str) -> str:
        return highest(self.priority[other] for other in {task} | self.waiting(task))

    def effective_priorities(self) -> dict[str, str]:
        """Of all open tasks, by one walk down the graph."""
        found: dict[str, str] = {}
        for task in nx.topological_sort(self.holding):
            above = [found[other] for other in self.holding.predecessors(task)]
            found[task] = highest([self.priority[task], *above])
        return found


def highest(priorities: Iterable[str]) -> str:
    return max(priorities, key=PRIORITIES.index)
