"""How the local Athena comes and goes: nothing of it outlives what started it, however that ends."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lake.athena_local import install, trino_server
from lake.athena_local.stack import AthenaLocal, QueryFailed
from lake.errors import LakeError

LAKE = [str(Path(sys.executable).with_name("lake")), "athena-local"]


def processes(home: Path) -> dict[int, str]:
    """The processes that name the folder in their arguments, by pid."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,stat=,args="], capture_output=True, text=True
    )
    rows = (line.split(None, 2) for line in listed.stdout.splitlines())
    return {
        int(pid): args
        for pid, state, args in rows
        if str(home) in args and not state.startswith("Z") and int(pid) != os.getpid()
    }


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for a stack; one that a failed test left there is stopped."""
    monkeypatch.setenv("DMS_LAKE_TRINO_MEMORY", "1G")
    yield tmp_path
    if left := AthenaLocal.find(tmp_path):
        left.down()


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return condition()


@pytest.mark.long
def test_trino_may_die_and_everything_ends_with_its_owner(home: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    running = AthenaLocal.up(home, owner=owner.pid)
    assert AthenaLocal.up(home) == running
    running.client("glue").create_database(DatabaseInput={"Name": "db"})
    running.sql(
        "create table t with (table_type='iceberg', location='s3://lake/t') as select 1 as a", "db"
    )

    os.kill(running.trino_pid, signal.SIGKILL)
    with pytest.raises(QueryFailed, match="GENERIC_INTERNAL_ERROR"):
        running.sql("select * from t", "db")
    running = running.restart_trino()
    assert running.sql("select * from t", "db") == [{"a": "1"}]

    assert len(processes(home)) == 3
    owner.communicate(b"\n")
    assert wait_for(lambda: not processes(home), 30), processes(home)
    assert AthenaLocal.find(home) is None


@pytest.mark.long
@pytest.mark.parametrize("end", ["ctrl-c in the shell", "kill -9 of the supervisor"])
def test_an_interrupted_start_leaves_nothing_behind(home: Path, end: str) -> None:
    command = subprocess.Popen(
        [*LAKE, "up", "--home", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Tests that were started in the background hand down that Ctrl-C is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )

    def pids(word: str) -> list[int]:
        return [pid for pid, args in processes(home).items() if word in args]

    assert wait_for(lambda: bool(pids("TrinoServer")), 120), command.communicate()
    if end.startswith("ctrl-c"):
        command.send_signal(signal.SIGINT)
    else:
        (supervisor,) = pids("athena_local.supervisor")
        os.kill(supervisor, signal.SIGKILL)
    printed, said = command.communicate(timeout=60)
    assert command.returncode != 0
    assert "export" not in printed
    assert wait_for(lambda: not processes(home), 30), (processes(home), said)
    assert not (home / "state.json").exists()


def test_a_stack_that_does_not_run_is_said_so(tmp_path: Path) -> None:
    for words in (["down"], ["status"], ["sql", "select 1"]):
        run = subprocess.run(
            [*LAKE, *words, "--home", str(tmp_path)], capture_output=True, text=True
        )
        assert run.returncode == 1
        assert "start it: lake athena-local up" in run.stderr


def test_too_little_memory_is_said_before_anything_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LakeError, match=r"9000G needs about 9000\.5 GB of free memory"):
        trino_server.enough_memory("9000G")
    with pytest.raises(LakeError, match="DMS_LAKE_TRINO_MEMORY is 'much'"):
        trino_server.enough_memory("much")


def test_an_unreachable_registry_is_said_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with pytest.raises(LakeError, match="cannot fetch Trino 476 from Maven Central"):
        install.trino(cache=tmp_path)
    assert not (tmp_path / "trino-server-476").exists()


def test_an_archive_of_other_bytes_is_removed(tmp_path: Path) -> None:
    archive = tmp_path / "trino.tar.gz"
    archive.write_bytes(b"half")
    with pytest.raises(LakeError, match=r"has the sha256 .* try again"):
        install.check(archive)
    assert not archive.exists()
    archive.write_bytes(b"whole")
    install.check(archive, hashlib.sha256(b"whole").hexdigest())


def test_unneeded_plugins_go_and_shared_files_stay(tmp_path: Path) -> None:
    """The archive's plugins share files by hard links, also with those that go."""
    files = tmp_path / "made" / "trino-server-476"
    for plugin in ("aaa", "hive"):
        (files / "plugin" / plugin).mkdir(parents=True)
    (files / "plugin" / "aaa" / "shared.jar").write_text("code")
    (files / "plugin" / "hive" / "shared.jar").hardlink_to(files / "plugin" / "aaa" / "shared.jar")
    archive = tmp_path / "trino.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(files, arcname=files.name)
    home = tmp_path / "trino-server-476"
    install.unpack(archive, home)
    assert [path.name for path in (home / "plugin").iterdir()] == ["hive"]
    assert (home / "plugin" / "hive" / "shared.jar").read_text() == "code"
    assert not list(tmp_path.glob("unpack-*"))
