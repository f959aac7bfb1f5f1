"""One Trino on this machine: its configuration, its start and its end."""

from __future__ import annotations

import contextlib
import ctypes
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from lake.athena_local.statements import HIVE, ICEBERG
from lake.errors import LakeError

REGION = "eu-west-1"
KEY = "test"
START_SECONDS = 180
STOP_SECONDS = 10


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _properties(values: Mapping[str, str]) -> str:
    return "".join(f"{key}={value}\n" for key, value in values.items())


def write_configuration(folder: Path, port: int, moto_url: str, memory: str) -> None:
    """Write `folder/etc`: a single node, and Athena's catalogue on moto's Glue and S3."""
    catalogs = folder / "etc" / "catalog"
    catalogs.mkdir(parents=True, exist_ok=True)
    (folder / "etc" / "config.properties").write_text(
        _properties(
            {
                "coordinator": "true",
                "node-scheduler.include-coordinator": "true",
                "http-server.http.port": str(port),
                "discovery.uri": f"http://127.0.0.1:{port}",
                "catalog.management": "static",
                # Trino keeps 30 % of its heap for what it does not count.
                "query.max-memory-per-node": f"{heap_bytes(memory) // 2**21}MB",
                # Athena's limit of open partitions is for the whole write: so one writer.
                "task.min-writer-count": "1",
                "task.max-writer-count": "1",
                "scale-writers": "false",
                # dbt's statements are many and small.
                "query.min-expire-age": "2m",
                "query.max-history": "50",
            }
        )
    )
    (folder / "etc" / "log.properties").write_text("io.trino=WARN\n")
    files = {
        "fs.native-s3.enabled": "true",
        "s3.endpoint": moto_url,
        "s3.region": REGION,
        "s3.path-style-access": "true",
        "s3.aws-access-key": KEY,
        "s3.aws-secret-key": KEY,
    }
    glue = {
        "hive.metastore.glue.endpoint-url": moto_url,
        "hive.metastore.glue.region": REGION,
        "hive.metastore.glue.aws-access-key": KEY,
        "hive.metastore.glue.aws-secret-key": KEY,
    }
    hive = {
        "connector.name": "hive",
        "hive.metastore": "glue",
        **glue,
        **files,
        "hive.iceberg-catalog-name": ICEBERG,
        "hive.non-managed-table-writes-enabled": "true",
        "hive.recursive-directories": "true",
        "hive.partition-projection-enabled": "true",
        "hive.max-partitions-per-writers": "100",
    }
    iceberg = {
        "connector.name": "iceberg",
        "iceberg.catalog.type": "glue",
        **glue,
        **files,
        "iceberg.max-partitions-per-writer": "100",
        "iceberg.allowed-extra-properties": "*",
        # It would keep small data files by path, and DMS overwrites load files in place.
        "iceberg.metadata-cache.enabled": "false",
        "iceberg.expire-snapshots.min-retention": "0s",
        "iceberg.remove-orphan-files.min-retention": "0s",
        "iceberg.register-table-procedure.enabled": "true",
    }
    (catalogs / f"{HIVE}.properties").write_text(_properties(hive))
    (catalogs / f"{ICEBERG}.properties").write_text(_properties(iceberg))


def command(java: Path, home: Path, folder: Path, memory: str) -> list[str]:
    """How Trino is run: straight by Java, since its own launcher is a program per platform."""
    return [
        str(java),
        f"-Xmx{memory}",
        # Most statements are short: a simple collector and quick compilation beat peak speed.
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+ExitOnOutOfMemoryError",
        "-Djdk.attach.allowAttachSelf=true",
        "-Dfile.encoding=UTF-8",
        "-Duser.timezone=UTC",
        f"-Dconfig={folder / 'etc' / 'config.properties'}",
        f"-Dlog.levels-file={folder / 'etc' / 'log.properties'}",
        f"-Dcatalog.config-dir={folder / 'etc' / 'catalog'}",
        f"-Dplugin.dir={home / 'plugin'}",
        "-Dnode.environment=local",
        "-Dnode.id=athena-local",
        f"-Dnode.data-dir={folder / 'data'}",
        "-cp",
        str(home / "lib" / "*"),
        "io.trino.server.TrinoServer",
    ]


def end_with_parent() -> None:
    """Before exec, on Linux: the kernel kills this process when its parent goes, however it goes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def start(
    java: Path, home: Path, folder: Path, moto_url: str, memory: str
) -> tuple[subprocess.Popen[bytes], int]:
    """Start Trino; its log is `folder/trino.log`. Call from the main thread. Returns it and its port."""
    port = free_port()
    write_configuration(folder, port, moto_url, memory)
    with (folder / "trino.log").open("ab") as log:
        process = subprocess.Popen(
            command(java, home, folder, memory),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C at a terminal is for the supervisor, which then stops Trino in its turn.
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
    return process, port


def wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until Trino takes queries.

    Raises:
        LakeError: it ended, or takes longer than START_SECONDS.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if (code := process.poll()) is not None:
            raise LakeError(f"Trino ended with exit code {code} while it started:\n{tail(log)}")
        if _answers(port):
            return
        time.sleep(0.2)
    raise LakeError(f"Trino did not start within {START_SECONDS} s:\n{tail(log)}")


def _answers(port: int) -> bool:
    """Whether Trino says that it is up, and executes a query."""
    import trino

    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/info", timeout=2) as answer:
            if json.load(answer)["starting"]:
                return False
        with contextlib.closing(trino.dbapi.connect("127.0.0.1", port, "dms_lake")) as connection:
            return connection.cursor().execute("select 1").fetchall() == [[1]]
    except (OSError, ValueError, trino.exceptions.Error):
        return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and wait for it: politely first, then not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log, from its last error on where it has one, and where the rest is."""
    text = log.read_text(errors="replace").splitlines() if log.exists() else []
    errors = [number for number, line in enumerate(text) if "\tERROR\t" in line]
    shown = text[errors[-1] :][:lines] if errors else text[-lines:]
    return "\n".join([*shown, f"(the whole log: {log})"])


def enough_memory(memory: str) -> None:
    """Raise LakeError where the machine has too little free memory for a heap such as `3G`."""
    wanted = heap_bytes(memory) + 2**29
    free = _free_bytes()
    if free is not None and free < wanted:
        raise LakeError(
            f"Trino with a heap of {memory} needs about {wanted / 2**30:.1f} GB of free memory, this machine "
            f"has {free / 2**30:.1f}; close something, or take less: DMS_LAKE_TRINO_MEMORY=1500M"
        )


def heap_bytes(memory: str) -> int:
    """`3G` or `1500M` in bytes."""
    units = {"G": 2**30, "M": 2**20}
    if memory[-1:].upper() not in units or not memory[:-1].isdigit():
        raise LakeError(f"DMS_LAKE_TRINO_MEMORY is {memory!r}; write it as 3G or 1500M")
    return int(memory[:-1]) * units[memory[-1].upper()]


def _free_bytes() -> int | None:
    """What Linux says is available; None where the system does not say."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None
