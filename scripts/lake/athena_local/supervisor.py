"""The process behind a local Athena: starts moto, Trino and the API, and stops them however it ends.

`python -m lake.athena_local.supervisor HOME [--owner PID]`. While `HOME/state.json` stands, the stack
is up; removing that file, the owner's end, SIGTERM and Ctrl-C stop it.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from lake.athena_local import install, trino_server
from lake.athena_local.api import Athena, Server
from lake.athena_local.clients import BUCKET, client
from lake.athena_local.execution import Engine
from lake.athena_local.glue import GlueCatalog
from lake.errors import LakeError

STATE = "state.json"
MEMORY = "3G"


def say(text: str) -> None:
    """A line of progress, which `AthenaLocal.up` passes on."""
    print(text, flush=True)


class Supervisor:
    """The stack's parts and their order: moto, Trino, API, state file."""

    def __init__(self, home: Path, owner: int | None) -> None:
        self.home, self.owner = home, owner
        self.memory = os.environ.get("DMS_LAKE_TRINO_MEMORY", MEMORY)
        self.ending = threading.Event()
        self.restart = threading.Event()
        self.trino: subprocess.Popen[bytes] | None = None
        self.moto: subprocess.Popen[bytes] | None = None
        self.moto_url = ""

    def run(self) -> None:
        """Bring everything up, stay, and take everything down."""
        trino_server.enough_memory(self.memory)
        self.java, self.trino_home = install.java(), install.trino(say)
        try:
            say("starting moto and Trino")
            self.moto_url = self._start_moto()
            port = self._start_trino()
            client("s3", self.moto_url).create_bucket(
                Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": trino_server.REGION}
            )
            engine = Engine(port, GlueCatalog(client("glue", self.moto_url)))
            athena = Athena(engine, self.home / "statements.jsonl", f"s3://{BUCKET}/results/")
            server = Server(athena, self._control)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self._stay(engine, f"http://127.0.0.1:{server.server_port}")
        finally:
            (self.home / STATE).unlink(missing_ok=True)
            for process in (self.trino, self.moto):
                if process is not None:
                    trino_server.stop(process)

    def _stay(self, engine: Engine, athena_url: str) -> None:
        self._write_state(engine, athena_url)
        while not self.ending.wait(0.5) and (self.home / STATE).exists() and self._owned():
            if self.restart.is_set():
                # From this, the main thread: the kernel ties Trino to the thread that starts it.
                assert self.trino is not None
                trino_server.stop(self.trino)
                engine.trino_port = self._start_trino()
                self._write_state(engine, athena_url)
                self.restart.clear()

    def _write_state(self, engine: Engine, athena_url: str) -> None:
        assert self.trino is not None and self.moto is not None
        state = {
            "pid": os.getpid(),
            "trino_pid": self.trino.pid,
            "moto_pid": self.moto.pid,
            "athena_url": athena_url,
            "aws_url": self.moto_url,
            "trino_url": f"http://127.0.0.1:{engine.trino_port}",
        }
        new = self.home / f"{STATE}.new"
        new.write_text(json.dumps(state))
        new.rename(self.home / STATE)

    def _owned(self) -> bool:
        if self.owner is None:
            return True
        try:
            os.kill(self.owner, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True

    def end(self, number: int, frame: object) -> None:
        """A signal: leave whatever the main thread does, once; `run` then takes everything down."""
        if not self.ending.is_set():
            self.ending.set()
            sys.exit(f"error: stopped by {signal.Signals(number).name}")

    def _control(self, word: str) -> dict[str, Any]:
        """POST /local/stop, /local/restart-trino: the main thread does it."""
        if word == "stop":
            self.ending.set()
        elif word == "restart-trino":
            self.restart.set()
        else:
            raise KeyError(word)
        return {}

    def _start_moto(self) -> str:
        port_file = self.home / "moto.port"
        port_file.unlink(missing_ok=True)
        with (self.home / "moto.log").open("ab") as log:
            self.moto = subprocess.Popen(
                [sys.executable, "-m", "lake.athena_local.moto_server", str(port_file)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=trino_server.end_with_parent,
            )
        deadline = time.monotonic() + 60
        while not port_file.exists():
            if self.moto.poll() is not None or time.monotonic() > deadline:
                log_text = trino_server.tail(self.home / "moto.log")
                raise LakeError(f"moto did not start:\n{log_text}")
            time.sleep(0.05)
        return f"http://127.0.0.1:{port_file.read_text()}"

    def _start_trino(self) -> int:
        folder = self.home / "trino"
        folder.mkdir(exist_ok=True)
        self.trino, port = trino_server.start(
            self.java, self.trino_home, folder, self.moto_url, self.memory
        )
        log = folder / "trino.log"
        trino_server.wait_until_ready(self.trino, port, log)
        return port


def main() -> None:
    """Run until told to end; what went wrong is the last line of the log."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("home", type=Path)
    arguments.add_argument("--owner", type=int)
    given = arguments.parse_args()
    supervisor = Supervisor(given.home, given.owner)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, supervisor.end)
    try:
        supervisor.run()
    except LakeError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
