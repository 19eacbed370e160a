"""Which bytes of a file a request asks for (RFC 9110): one range; of several, and of what is none, all."""

import re

from service.errors import Refused

FORM = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
LONGEST_NUMBER = 18


def asked(header: str, size: int) -> tuple[int, int] | None:
    """The first byte and how many, or None for the whole file; a range with nothing in it is refused."""
    found = FORM.fullmatch(header.replace(" ", ""))
    if not found or found[0] == "bytes=-" or max(map(len, found.groups())) > LONGEST_NUMBER:
        return None
    first, last = found.groups()
    if not first:
        # The last so many bytes.
        begin, end = max(0, size - int(last)), size
    else:
        begin, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < begin:
            return None
    if begin >= end:
        raise Refused("range_unsatisfiable", f"The file has {size} bytes.", {"size_bytes": size})
    return begin, end - begin
