"""One `lake run`: land, look, choose, build, maintain; and remember what was built."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from lake.dbt_project import Event, Result
from lake.errors import LakeError
from lake.run import cost, state, statistics
from lake.run.choose import Choice, Facts, choose, selectors
from lake.run.kept import reached
from lake.run.project import Project, selection
from lake.run.report import Report, TableReport, add_build, add_runs, needs_attention

LEDGER = tuple(
    f"dms_lake_{name}" for name in ("files", "reads", "generations", "columns", "runs", "costs")
)


@dataclass(frozen=True)
class Options:
    """What the operator asked for.

    Attributes:
        everything: Build all that is selected, fresh or not.
        maintain: Compact, expire and count column statistics after the build (Athena).
    """

    select: Sequence[str] = ()
    exclude: Sequence[str] = ()
    dry_run: bool = False
    full_refresh: bool = False
    everything: bool = False
    maintain: bool = True


@dataclass
class Listener:
    """What a run tells while it goes on.

    Attributes:
        step: Told what begins now.
        total: Told how many nodes dbt will work on.
        done: Told of every node that ended, by name.
    """

    step: Callable[[str], None] = lambda text: None
    total: Callable[[int], None] = lambda count: None
    done: Callable[[str], None] = lambda name: None

    def on_event(self, event: Event) -> None:
        """Take what the screen wants from dbt's events."""
        if event.name == "LogStartLine" or (event.name == "NodeStart" and "total" in event.data):
            self.total(int(event.data.get("total", 0)))
        elif event.name == "NodeFinished":
            self.done(str(event.data.get("node_info", {}).get("node_name", "")))


@dataclass
class Run:
    """One run over a parsed project; `written` are the names of the models that wrote."""

    project: Project
    options: Options
    listener: Listener = field(default_factory=Listener)
    written: list[str] = field(default_factory=list)
    statements: cost.Statements = field(default_factory=cost.Statements)

    def __call__(self) -> Report:
        """Do it all.

        Raises:
            LakeError: the run as a whole failed; what failed of single tables and models stands in the report.
            UsageError: a wrong selection.
        """
        report = Report(self.project.target_name, self.options.dry_run)
        started = time.perf_counter()
        with self.project.closing():
            self._run(report)
        report.seconds["total"] = time.perf_counter() - started
        return report

    def _run(self, report: Report) -> None:
        from dbt_common.invocation import get_invocation_id

        project, options = self.project, self.options
        only = project.selected(options.select, options.exclude)
        nodes = {
            unique_id: node
            for unique_id, node in project.nodes.items()
            if only is None or unique_id in only
        }
        named = {table for node in nodes.values() for table in node.sources}
        tables = [name for name in project.tables if name in named]
        report.tables = [TableReport(name) for name in tables]
        if project.engine == "athena" and not options.dry_run:
            with self._step(report, "land"):
                self._land(report, tables)
        with self._step(report, "look"):
            facts = project.look(tables, options.dry_run)
        before = state.read(project.state_path)
        now = project.kept.index.marks
        everything = options.everything or options.full_refresh
        choice = choose(nodes.values(), facts, state.stale(before, now), everything)
        self._say_choice(report, choice, facts)
        if choice and not options.dry_run:
            with self._step(report, "build"):
                result = self._build(choice, only, before, now)
                invocation = get_invocation_id()
                self._add(report, result, invocation)
                self._add_costs(report, invocation)
        if project.engine == "athena" and options.maintain and self.written:
            with self._step(report, "maintain"):
                self._maintain(report)

    @contextmanager
    def _step(self, report: Report, name: str) -> Iterator[None]:
        self.listener.step(name)
        started = time.perf_counter()
        yield
        report.seconds[name] = time.perf_counter() - started

    def _land(self, report: Report, names: Sequence[str]) -> None:
        from lake.land import project as landing
        from lake.land.aws import Aws
        from lake.land.run import Lander, Options

        own = self.project
        if not names:
            return
        asked = landing.Project(
            own.folder, own.target, own.vars, own.kept.part(()), own.credentials, own.profile
        )
        found = Lander(asked, Aws(own.credentials), Options()).land(asked.describe(names))
        tables = {table.table: table for table in report.tables}
        report.warnings += found.warnings
        for landed in found.landings:
            tables[landed.table].landed = landed.files
            if landed.error:
                tables[landed.table].error = landed.error
                report.errors[landed.table] = f"not landed: {landed.error}"

    def _say_choice(self, report: Report, choice: Choice, facts: Facts) -> None:
        report.nodes = dict(choice.nodes)
        for table in report.tables:
            table.reasons = choice.tables.get(table.table, ())
            if failure := facts.failures.get(table.table):
                table.error = failure
        if self.options.dry_run:
            report.errors |= facts.failures
        report.attention = needs_attention(facts, [table.table for table in report.tables])

    def _build(
        self, choice: Choice, only: set[str] | None, before: state.Marks | None, now: state.Marks
    ) -> Result:
        project, options = self.project, self.options
        index = project.kept.index
        starts = [unique_id for unique_id, name in index.tables.items() if name in choice.tables]
        touched = reached(index.children, [*starts, *choice.nodes])
        due = touched if only is None else touched & only
        due_nodes = due & project.nodes.keys()
        marks = dict(before if before is not None else now)
        # A run that dies leaves these behind, and the next one does them again.
        state.write(project.state_path, marks | dict.fromkeys(due_nodes, state.UNFINISHED))
        chosen = selectors(
            choice, project.nodes, project.tables, due_nodes if only is not None else None
        )
        command = ["--cache-selected-only", "build", *selection(chosen, options.exclude)]
        if options.full_refresh:
            command.append("--full-refresh")
        # Where nothing is named, dbt builds all there is, tests that stand on no node among it.
        result = project.dbt(command, self._on_event, touched if chosen else None)
        good = {
            node.unique_id for node in result.nodes if node.status == "success"
        } & project.nodes.keys()
        took = {node.unique_id: node.seconds for node in result.nodes if node.unique_id in good}
        state.write(project.seconds_path, (state.read(project.seconds_path) or {}) | took)
        marks |= dict.fromkeys(due_nodes, state.UNFINISHED) | {name: now[name] for name in good}
        state.write(project.state_path, {name: mark for name, mark in marks.items() if name in now})
        return result

    def _on_event(self, event: Event) -> None:
        self.listener.on_event(event)
        self.statements.on_event(event)

    def _add_costs(self, report: Report, invocation: str) -> None:
        """Add what the build cost on Athena, note it in the ledger, and warn of what went over its budget."""
        if self.project.engine != "athena":
            return
        from lake.land.aws import Aws, plain_errors

        budgets = self.project.kept.index.budgets
        try:
            with plain_errors("asking Athena what the run cost"):
                client = Aws(self.project.credentials).athena
                report.costs = cost.costs(client, self.statements.by_node)
            rows = cost.rows_of(report.costs, budgets)
            self.project.operate("_note_costs", {"invocation": invocation, "costs": rows})
        except LakeError as error:
            report.warnings.append(str(error))
        report.warnings += cost.over_budget(report.costs, budgets)

    def _add(self, report: Report, result: Result, invocation: str) -> None:
        add_build(report, result, self.project.nodes)
        said = self.project.operate("_runs_of", {"invocation": invocation})
        runs = json.loads(said["runs"][-1])
        self.written = [model.split(".")[2] for model, *_ in runs]
        add_runs(report, runs)

    def _maintain(self, report: Report) -> None:
        """Maintain the ledger and what was built; what fails waits for the next run, and keeps no other table."""
        maintained, failures = self.project.maintain([*LEDGER, *self.written])
        report.maintained = maintained
        if plan := self.project.kept.index.statistics:
            from lake.land.aws import Aws

            begun, failed = statistics.begin(Aws(self.project.credentials), plan, self.written)
            report.maintained += begun
            failures |= failed
        report.warnings += [f"maintenance of {name}: {text}" for name, text in failures.items()]
