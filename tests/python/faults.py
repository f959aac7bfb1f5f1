"""Runs of dbt in a process of their own, which a test can kill, starve of disk or trip at a chosen moment."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from lakehouse import Lakehouse

# A server that has imported dbt forks each run: no import to pay for, and no thread of the test is copied.
CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["faults", "dbt.adapters.duckdb", "dbt.cli.main"])

# The first words of the on-run-start hook: what comes before is dbt reading its own files.
WORK_BEGINS = "create schema if not exists"

OnEvent = Callable[[int, str], None]


@dataclass
class Run:
    """One `dbt build` of a lakehouse in another process."""

    process: BaseProcess
    pipe: Connection
    success: bool | None = None
    messages: list[str] = field(default_factory=list, repr=False)
    events: int = 0

    def wait(self, seconds: float = 180) -> Run:
        """Wait for the end; `success` stays None where the process died."""
        try:
            if self.pipe.poll(seconds):
                self.success, self.messages, self.events = self.pipe.recv()
        except EOFError:
            pass
        self.process.join(seconds)
        assert self.process.exitcode is not None, f"still running after {seconds} s"
        return self

    @property
    def was_killed(self) -> bool:
        return self.process.exitcode == -signal.SIGKILL

    @property
    def text(self) -> str:
        return "\n".join(self.messages)


def start(
    lakehouse: Lakehouse,
    *arguments: str,
    on_event: OnEvent | None = None,
    before: Callable[[], None] | None = None,
) -> Run:
    """Begin `dbt build`; both callables run in the process of the run, so they must be picklable.

    Args:
        lakehouse: the lake and project to build.
        arguments: more arguments of `dbt build`.
        on_event: called with the number of each event of dbt since the work began (from 1), and its text.
        before: called before dbt is.
    """
    ours, theirs = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(
        target=_build, args=(lakehouse.project, arguments, on_event, before, theirs)
    )
    process.start()
    theirs.close()
    return Run(process, ours)


def _build(
    project: Path,
    arguments: tuple[str, ...],
    on_event: OnEvent | None,
    before: Callable[[], None] | None,
    pipe: Connection,
) -> None:
    from dbt.cli.main import dbtRunner

    messages: list[str] = []
    events = 0
    lock = threading.Lock()

    def seen(event: Any) -> None:
        nonlocal events
        with lock:
            if events or WORK_BEGINS in event.info.msg:
                events += 1
                if on_event:
                    on_event(events, event.info.msg)
        messages.append(event.info.msg)

    if before:
        before()
    folders = ["--project-dir", str(project), "--profiles-dir", str(project)]
    result = dbtRunner(callbacks=[seen]).invoke(
        ["--quiet", "--no-use-colors", "--no-version-check", "build", *arguments, *folders]
    )
    if result.exception is not None:
        messages.append(str(result.exception))
    pipe.send((bool(result.success), messages, events))


@dataclass(frozen=True)
class Kill:
    """Die by SIGKILL, `seconds` after an event: between two statements, or in the middle of one."""

    event: int
    seconds: float

    def __call__(self, number: int, text: str) -> None:
        if number == self.event:
            timer = threading.Timer(self.seconds, os.kill, (os.getpid(), signal.SIGKILL))
            timer.daemon = True
            timer.start()


@dataclass(frozen=True)
class Replace:
    """Take a file away, or put other bytes in its place, when dbt first says a text."""

    said: str
    path: Path
    content: bytes | None = None

    def __call__(self, number: int, text: str) -> None:
        if self.said in text and self.path.exists():
            if self.content is None:
                self.path.unlink()
            elif self.path.read_bytes() != self.content:
                self.path.write_bytes(self.content)


@dataclass(frozen=True)
class FilesUpTo:
    """No file may grow beyond `size` bytes: to DuckDB the same as a disk that is full."""

    size: int

    def __call__(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.size, self.size))


class WithoutOverride:
    """Root may read any file; without these capabilities the permissions of a file count for it too."""

    def __call__(self) -> None:
        if os.geteuid() != 0:
            return
        header = (ctypes.c_uint32 * 2)(0x20080522, 0)
        sets = (ctypes.c_uint32 * 6)()
        libc = ctypes.CDLL(None, use_errno=True)
        assert libc.capget(header, sets) == 0, os.strerror(ctypes.get_errno())
        # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, out of the effective set.
        sets[0] &= ~0b110
        assert libc.capset(header, sets) == 0, os.strerror(ctypes.get_errno())
