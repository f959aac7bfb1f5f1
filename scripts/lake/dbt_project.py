"""Run dbt inside this process, from wherever the operator stands, and get plain data back."""

import contextlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lake.errors import UsageError

EXAMPLE_PROFILES = "profiles.example.yml"
CHECKOUT = Path(__file__).resolve().parents[2]

# Not the operator's terminal: the caller shows what matters, from the events.
SILENT = ["--quiet", "--log-level", "none", "--log-level-file", "debug", "--no-use-colors"]

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Event:
    """One thing that dbt reported: `name` is dbt's event type, `data` its fields."""

    name: str
    level: str
    message: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class NodeResult:
    """What became of one model, seed, test or hook."""

    unique_id: str
    status: str
    message: str
    seconds: float
    failures: int | None = None
    adapter_response: Mapping[str, Any] = field(default_factory=dict)
    compiled_code: str | None = None

    @property
    def ok(self) -> bool:
        """True unless the node failed; a skipped node and a warning are no failure of their own."""
        return self.status not in {"error", "fail", "runtime error", "partial success"}


@dataclass(frozen=True)
class Result:
    """What became of one dbt invocation; `value` is what dbt itself returned (a manifest, say)."""

    success: bool
    nodes: tuple[NodeResult, ...]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    value: Any = None

    @property
    def failed(self) -> tuple[NodeResult, ...]:
        """The nodes that failed, in the order they ended."""
        return tuple(node for node in self.nodes if not node.ok)


OnEvent = Callable[[Event], None]


def find_project_dir(given: Path | None = None, start: Path | None = None) -> Path:
    """The folder of the dbt project: the one given, or the nearest upwards from where we stand."""
    if given is not None:
        if not (given / "dbt_project.yml").is_file():
            raise UsageError(f"--project-dir: there is no dbt_project.yml in {given}")
        return given.resolve()
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "dbt_project.yml").is_file():
            return folder
    raise UsageError(
        f"no dbt_project.yml in {here} or above it: "
        "go into the project's folder, or name it with --project-dir"
    )


def find_profiles_dir(project_dir: Path) -> Path | None:
    """Where the operator keeps a profiles.yml, or None."""
    places = [project_dir, Path.home() / ".dbt"]
    if named := os.environ.get("DBT_PROFILES_DIR"):
        places.insert(0, Path(named).expanduser().resolve())
    return next((place for place in places if (place / "profiles.yml").is_file()), None)


@contextlib.contextmanager
def profiles_dir(project_dir: Path) -> Iterator[Path]:
    """The operator's folder with profiles.yml, else a short-lived one of the shipped example."""
    if found := find_profiles_dir(project_dir):
        yield found
        return
    for folder in (project_dir, project_dir / "dbt_packages" / "dms_lake", CHECKOUT):
        example = folder / EXAMPLE_PROFILES
        if example.is_file():
            break
    else:
        raise UsageError(
            f"no profiles.yml in {project_dir}, in DBT_PROFILES_DIR or in ~/.dbt, "
            f"and no {EXAMPLE_PROFILES} to stand in for it"
        )
    with tempfile.TemporaryDirectory(prefix="dms_lake_profiles_") as folder_name:
        shutil.copyfile(example, Path(folder_name) / "profiles.yml")
        yield Path(folder_name)


def invoke(
    args: Sequence[str],
    project_dir: Path | None = None,
    target: str | None = None,
    vars: Mapping[str, Any] | None = None,
    on_event: OnEvent | None = None,
    manifest: Any = None,
    profiles: Path | None = None,
) -> Result:
    """Run `dbt <args>` in this process, silently, and say what became of it.

    Relative paths in the project and its profile count from the project's folder, as they do when
    dbt is run there.

    Args:
        args: The dbt command with its own options: `["build", "--select", "current"]`. Options of
            dbt itself come first: `["--no-populate-cache", "compile"]`.
        project_dir: The project; by default the nearest one upwards from the current folder.
        target: The profile's target; by default the profile's own.
        vars: Values for the project's variables.
        on_event: Called with every event, debug included, while dbt runs.
        manifest: A parsed manifest (the `value` of a `parse`) to use instead of parsing again.
        profiles: The folder of the profiles.yml to use; by default the operator's.
    """
    from dbt.cli.main import dbtRunner

    project = find_project_dir(project_dir)
    seen = _Seen(on_event)
    found = contextlib.nullcontext(profiles) if profiles else profiles_dir(project)
    with found as place, contextlib.chdir(project):
        command = [*SILENT, *args, "--project-dir", str(project), "--profiles-dir", str(place)]
        if target:
            command += ["--target", target]
        if vars:
            command += ["--vars", json.dumps(vars)]
        outcome = dbtRunner(manifest=manifest, callbacks=[seen]).invoke(command)
    if isinstance(outcome.exception, KeyboardInterrupt):
        raise outcome.exception
    return Result(
        success=outcome.success,
        nodes=tuple(_node_result(result) for result in getattr(outcome.result, "results", ())),
        errors=_errors(outcome, seen.errors),
        warnings=tuple(seen.warnings),
        value=outcome.result,
    )


class _Seen:
    """A dbt callback that keeps the error texts: dbt's own exception often lacks them."""

    def __init__(self, on_event: OnEvent | None) -> None:
        self.on_event = on_event
        self.errors: list[str] = []
        self.warnings: list[str] = []

    def __call__(self, raw: Any) -> None:
        message = COLOUR.sub("", raw.info.msg).strip()
        kept = {"error": self.errors, "warn": self.warnings}.get(raw.info.level)
        if kept is not None and message and message not in kept:
            kept.append(message)
        if self.on_event:
            self.on_event(_event(raw, message))


def _event(raw: Any, message: str) -> Event:
    from google.protobuf.json_format import MessageToDict

    data = MessageToDict(raw.data, preserving_proto_field_name=True)
    return Event(name=raw.info.name, level=raw.info.level, message=message, data=data)


def _node_result(result: Any) -> NodeResult:
    node = getattr(result, "node", None)
    return NodeResult(
        unique_id=getattr(node, "unique_id", ""),
        status=str(result.status),
        message=COLOUR.sub("", result.message or ""),
        seconds=result.execution_time,
        failures=result.failures,
        adapter_response=dict(result.adapter_response or {}),
        compiled_code=getattr(node, "compiled_code", None),
    )


def _errors(outcome: Any, reported: Sequence[str]) -> tuple[str, ...]:
    """The texts that dbt reported; where it reported none, the exception's."""
    if outcome.success or reported or outcome.exception is None:
        return tuple(reported)
    return (str(outcome.exception) or type(outcome.exception).__name__,)
