"""The demo project: a small company opens a web shop. tasks.jsonl is in the import format."""

from pathlib import Path

TASKS = Path(__file__).with_name("tasks.jsonl")

# Launching waits for the brief, through a dozen others: the other way round is a cycle.
FIRST, LAST = "SHOP-1", "SHOP-30"
