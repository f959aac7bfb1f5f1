"""Several at once on one table of Athena: writers beside each other, and a reader beside a writer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import trino

from athena_lakehouse import AthenaLakehouse


def two_writers(lake: AthenaLakehouse, room: str) -> None:
    """Two runs of one room at once: one at least succeeds, and one that does not says that it met another."""
    writers = [lake.start("run", "--select", room) for _ in range(2)]
    said = [writer.communicate()[0] for writer in writers]
    assert any(writer.returncode == 0 for writer in writers), said
    for writer, text in zip(writers, said, strict=True):
        assert writer.returncode == 0 or "ICEBERG_COMMIT_ERROR" in text, text[-3000:]


@contextmanager
def reading(look: Callable[[], Any], allowed: Sequence[Any]) -> Iterator[list[int]]:
    """Look in a loop while the body writes: never an error, nothing but `allowed`, and never back in time.

    Yields a list that holds, once the body has ended, what was seen as positions in `allowed`.
    """
    seen: list[Any] = []
    order: list[int] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                seen.append(look())
            except trino.exceptions.Error as error:
                seen.append(str(error))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield order
    finally:
        done.set()
        reader.join()
    assert len(seen) > 10
    assert [each for each in seen if each not in allowed] == []
    order.extend(allowed.index(each) for each in seen)
    assert order == sorted(order), "a reader went back in time"
