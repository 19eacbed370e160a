"""Lists as tables: CSV and JSON Lines, for those whose Accept asks for them."""

import csv
import io
from typing import Any

import orjson

JSON, CSV, LINES = "application/json", "text/csv", "application/x-ndjson"
# Without a word about it, and with a word that suits all, an answer is JSON.
KINDS = (JSON, CSV, LINES)


def wanted(accept: str) -> str:
    """The kind that a client likes best, by the q of its Accept; JSON if it likes none of them."""
    weights: dict[str, float] = {}
    for part in accept.lower().split(","):
        kind, *parameters = (word.strip() for word in part.split(";"))
        weight = next((word[2:] for word in parameters if word.startswith("q=")), "1")
        weights[kind] = float(weight) if weight.replace(".", "", 1).isdecimal() else 0.0
    return max(KINDS, key=lambda kind: weights.get(kind, weights.get("*/*", 0.0) if kind == JSON else 0.0))


def dumped(kind: str, items: list[dict[str, Any]], columns: list[str]) -> bytes:
    """The items, one a line; CSV (RFC 4180) begins with the columns and has arrays as JSON in their cells."""
    if kind == LINES:
        return b"".join(orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE) for item in items)
    text = io.StringIO()
    rows = csv.DictWriter(text, columns)
    rows.writeheader()
    for item in items:
        rows.writerow({name: _cell(value) for name, value in item.items()})
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, list | dict | bool) else value
