"""How `lake` starts, ends and finds its project."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from lake import __version__, cli
from lake.dbt_project import find_profiles_dir, find_project_dir, invoke, profiles_dir
from lake.errors import LakeError, UsageError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def runner() -> CliRunner:
    # Wide and plain: the help text of a command is not cut by the width of a CI log.
    return CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"})


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty dbt project, with no profile of this machine in sight."""
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    folder = tmp_path / "project"
    (folder / "models" / "deep").mkdir(parents=True)
    (folder / "macros").mkdir()
    (folder / "dbt_project.yml").write_text(
        "name: tiny\nversion: '1.0'\nprofile: dms_lake\n"
        "flags: {send_anonymous_usage_stats: false}\n"
    )
    return folder


def end_of(command: object, monkeypatch: pytest.MonkeyPatch, *args: str) -> object:
    """The exit code of `lake` when it has this one command."""
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(command)  # type: ignore[type-var]
    monkeypatch.setattr(cli, "app", app)
    monkeypatch.setattr("sys.argv", ["lake", *args])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


def test_version_is_the_package_version(runner: CliRunner) -> None:
    result = runner.invoke(cli.app, ["--version"])
    assert (result.exit_code, result.output) == (0, f"lake {__version__}\n")


def test_help_lists_every_command_and_the_exit_codes(runner: CliRunner) -> None:
    result = runner.invoke(cli.app, ["--help"])
    assert result.exit_code == 0
    assert "Exit codes" in result.output
    for command in cli.COMMANDS:
        assert command.__name__.replace("_", "-") in result.output


@pytest.mark.parametrize("command", [command.__name__ for command in cli.COMMANDS])
def test_every_command_explains_itself(runner: CliRunner, command: str) -> None:
    result = runner.invoke(cli.app, [command.replace("_", "-"), "--help"])
    assert result.exit_code == 0, result.output


def test_an_unknown_command_is_wrong_usage(runner: CliRunner) -> None:
    assert runner.invoke(cli.app, ["no-such-command"]).exit_code == 2


def test_a_failed_run_prints_its_message_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise LakeError("orders [2 of 3] failed: mend the file and run again")

    assert end_of(fails, monkeypatch) == 1
    said = capsys.readouterr()
    assert said.err == "lake: orders [2 of 3] failed: mend the file and run again\n"
    assert said.out == ""


def test_wrong_configuration_ends_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses() -> None:
        raise UsageError("no registry")

    assert end_of(refuses, monkeypatch) == 2


def test_a_run_that_worked_ends_with_0(monkeypatch: pytest.MonkeyPatch) -> None:
    def works() -> None:
        pass

    assert end_of(works, monkeypatch) == 0


def test_the_project_is_the_nearest_folder_upwards(project: Path) -> None:
    assert find_project_dir(start=project / "models" / "deep") == project


def test_a_given_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no dbt_project\.yml"):
        find_project_dir(tmp_path)


def test_outside_every_project_the_cure_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--project-dir"):
        find_project_dir(start=tmp_path)


def test_profiles_of_the_project_come_before_those_at_home(project: Path) -> None:
    home = Path.home() / ".dbt"
    home.mkdir(parents=True)
    (home / "profiles.yml").touch()
    assert find_profiles_dir(project) == home
    (project / "profiles.yml").touch()
    assert find_profiles_dir(project) == project


def test_a_named_profiles_folder_comes_first(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "profiles.yml").touch()
    (tmp_path / "profiles.yml").touch()
    monkeypatch.setenv("DBT_PROFILES_DIR", str(tmp_path))
    assert find_profiles_dir(project) == tmp_path


def test_without_profiles_the_shipped_example_stands_in_and_leaves_nothing(project: Path) -> None:
    before = sorted(project.iterdir())
    with profiles_dir(project) as folder:
        example = (ROOT / "profiles.example.yml").read_text()
        assert (folder / "profiles.yml").read_text() == example
    assert not folder.exists()
    assert sorted(project.iterdir()) == before


def test_invoke_gives_nodes_and_events(project: Path) -> None:
    (project / "models" / "one.sql").write_text("select 1 as a")
    names: list[str] = []
    result = invoke(["run"], project, on_event=lambda event: names.append(event.name))
    assert result.success, result.errors
    assert [(node.unique_id, node.status) for node in result.nodes] == [
        ("model.tiny.one", "success")
    ]
    assert result.errors == ()
    assert "LogModelResult" in names
    # The path in the profile is relative, and counts from the project.
    assert (project / "target" / "dms_lake.duckdb").exists()


def test_invoke_gives_the_text_of_a_database_error(project: Path) -> None:
    (project / "models" / "one.sql").write_text("select no_such_column from (select 1 as a) as t")
    result = invoke(["run"], project)
    assert not result.success
    assert [node.unique_id for node in result.failed] == ["model.tiny.one"]
    assert "no_such_column" in result.failed[0].message
    assert any("no_such_column" in error for error in result.errors)


def test_invoke_passes_variables(project: Path) -> None:
    (project / "models" / "one.sql").write_text("select '{{ var('word') }}' as a")
    result = invoke(["compile"], project, vars={"word": "it's: {odd}"})
    assert "it's: {odd}" in (result.nodes[0].compiled_code or "")


def test_invoke_says_what_is_wrong_with_its_arguments(project: Path) -> None:
    result = invoke(["run", "--no-such-option"], project)
    assert not result.success
    assert "--no-such-option" in result.errors[0]
