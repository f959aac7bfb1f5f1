"""Write lines into gzip files of a bounded size: DuckDB makes the lines, threads compress them, no Python object per row."""

from __future__ import annotations

import bisect
import gzip
import itertools
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Rows of a batch, and batches that wait for a compressor: what bounds the memory.
BATCH_ROWS = 4096
WAITING = 4
WRITERS = 2

Deliver = Callable[[Path], None]


@dataclass
class Written:
    """What was written: items, bytes of text, files, bytes of the files; and the longest item's bytes of text."""

    items: int = 0
    text_bytes: int = 0
    files: int = 0
    file_bytes: int = 0
    longest: int = 0


def write_lines(
    batches: Iterable[Any], folder: Path, max_bytes: int, deliver: Deliver = lambda path: None
) -> Written:
    """Write batches of lines into `part-00000.json.gz` and so on.

    Args:
        batches: Arrow record batches whose first column holds lines, each with its line end.
        folder: Where the files are written; it exists.
        max_bytes: A file is closed once this much text has gone into it; it has at most twice as much, or one line.
        deliver: Called with every file when it is whole, by the thread that wrote it; it may take it away.

    Raises:
        Exception: what a writer, the query or `deliver` failed with; files that are whole stay.
    """
    written, lock, numbers = Written(), threading.Lock(), itertools.count()
    waiting: queue.Queue[memoryview | None] = queue.Queue(WAITING)
    failures: list[BaseException] = []

    def work() -> None:
        parts = iter(waiting.get, None)
        for first in parts:
            with lock:
                path = folder / f"part-{next(numbers):05d}.json.gz"
            _fill(path, itertools.chain([first], parts), max_bytes)
            size = path.stat().st_size
            deliver(path)
            with lock:
                written.files += 1
                written.file_bytes += size

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)
            # The others go on until they are told, and the reader must not wait for us.
            while waiting.get() is not None:
                pass

    threads = [threading.Thread(target=guarded) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        for batch in batches:
            if failures:
                break
            written.items += batch.num_rows
            for text, longest in _texts_of(batch.column(0), max_bytes):
                written.text_bytes += len(text)
                written.longest = max(written.longest, longest)
                waiting.put(text)
    finally:
        for _ in threads:
            waiting.put(None)
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
    return written


def _fill(path: Path, parts: Iterator[memoryview], max_bytes: int) -> None:
    """Write parts into one file until it is full or there are none left."""
    filled = 0
    # Level 4 costs half of the usual 6, for files a tenth larger.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 4, raw, mtime=0) as file:
        for part in parts:
            file.write(part)
            filled += len(part)
            if filled >= max_bytes:
                break


def _texts_of(lines: Any, max_bytes: int) -> Iterator[tuple[memoryview, int]]:
    """The bytes of an Arrow array's lines as they lie in memory, so many whole lines at a time, and the longest of them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    array = lines.cast(pa.large_string())
    _, offsets, data = array.buffers()
    ends = memoryview(offsets).cast("q")[array.offset : array.offset + len(array) + 1]
    first = 0
    while first < len(array):
        last = max(first + 1, bisect.bisect_right(ends, ends[first] + max_bytes) - 1)
        part = array.slice(first, last - first)
        yield memoryview(data)[ends[first] : ends[last]], pc.max(pc.binary_length(part)).as_py()
        first = last
