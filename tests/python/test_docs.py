"""What the pages say is what the project is: fields, links, tests that are named, files that are shown."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import Render
from doc_commands import COMMAND, ELSEWHERE, FENCED, ON_THE_DEMO, Command, blocks, commands
from doc_commands import PAGES as PAGES_WITH_COMMANDS
from lake.tables import registry_fields

ROOT = Path(__file__).resolve().parents[2]
CONSUMER = ROOT / "tests" / "consumer"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)\)")
TICKED = re.compile(r"`([^`]+)`")


def outside_fences(page: Path) -> str:
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> Iterator[tuple[str, str]]:
    """The text and the target of every link on a page that leads into this repository."""
    for match in LINK.finditer(outside_fences(page)):
        if not match["target"].startswith(("http://", "https://", "mailto:")):
            yield match["text"], match["target"]


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table whose header begins with `heading`, without header and rule."""
    lines = [line.strip() for line in (ROOT / page).read_text(encoding="utf-8").splitlines()]
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    table = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return table


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for text, target in links(page):
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"[{text}]({target})"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = [re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings]
            assert anchor in slugs, f"[{text}]({target})"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    for text, target in links(page):
        for name in re.findall(r"\btest_\w+", text):
            path = (page.parent / target).resolve()
            found = f"{path.stem}" == name or f"def {name}(" in path.read_text(encoding="utf-8")
            assert found, f"{name} is not in {target}"


def test_every_guarantee_names_its_test() -> None:
    table = rows("docs/guarantees.md", "what")
    assert table
    for what, proof in table:
        assert "](../tests/" in proof, what


def test_every_page_can_be_reached_from_the_readme() -> None:
    open_pages, seen = [ROOT / "README.md"], set()
    while open_pages:
        page = open_pages.pop()
        seen.add(page)
        targets = [(page.parent / target.partition("#")[0]).resolve() for _, target in links(page)]
        # A link to a folder is a link to its list of files.
        listed = [path for folder in targets if folder.is_dir() for path in folder.glob("*.md")]
        open_pages += [p for p in targets + listed if p.suffix == ".md" and p not in seen]
    assert not [name_of(page) for page in PAGES if page not in seen]


def test_the_readme_fits_one_screen() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 40


def test_the_registry_page_has_every_field_with_its_kind_choices_and_default(
    render: Render,
) -> None:
    fields = json.loads(render("{{ dms_lake._registry_fields() | tojson }}"))
    table = {TICKED.findall(row[0])[0]: row for row in rows("docs/registry.md", "field")}
    assert list(table) == json.loads(render("{{ dms_lake._registry_fields() | list | tojson }}"))
    for name, spec in fields.items():
        _, kind, allowed, default, _ = table[name]
        assert kind == spec["kind"], name
        if spec["kind"] == "choice":
            assert TICKED.findall(allowed) == spec["allowed"], name
        assert default == shown_default(spec), name
    kinds = {name: spec["kind"] for name, spec in fields.items()}
    choices = {name: tuple(s["allowed"]) for name, s in fields.items() if s["kind"] == "choice"}
    assert (kinds, choices) == (registry_fields.KINDS, registry_fields.CHOICES)
    assert {name for name, spec in fields.items() if spec.get("may_be_empty")} == set(
        registry_fields.MAY_BE_EMPTY
    )


def shown_default(spec: dict[str, object]) -> str:
    if spec.get("required"):
        return "required"
    if "default" not in spec:
        return "none"
    default = spec["default"]
    return f"`{default if isinstance(default, str) else json.dumps(default)}`"


def test_the_registry_page_has_every_type_and_column_field() -> None:
    macro = (ROOT / "macros" / "_internal" / "_registry_columns.sql").read_text(encoding="utf-8")
    attributes = {row[0]: row[1] for row in rows("docs/registry.md", "attribute")}
    types = re.search(r"set simple = \[(.*?)\]", macro)
    assert types
    named = TICKED.findall(attributes["`data_type`"])
    assert named == [*re.findall(r"'(\w+)'", types[1]), "decimal(precision,scale)"]
    allowed = re.search(r"if field not in \[(.*?)\]", macro)
    assert allowed
    page = (ROOT / "docs" / "registry.md").read_text(encoding="utf-8").split("## Columns")[1]
    described = re.findall(r"^\| `(\w+)` \|", page.split("## Variables")[0], re.MULTILINE)
    assert described == ["name", "data_type", *re.findall(r"'(\w+)'", allowed[1])]


def test_the_registry_page_has_every_variable_with_its_default() -> None:
    project = (ROOT / "dbt_project.yml").read_text(encoding="utf-8").split("\nvars:")[1]
    variables = dict(re.findall(r"^  (dms_lake_\w+): (\S+)$", project, re.MULTILINE))
    described = {
        row[0].strip("`"): row[1].strip("`") for row in rows("docs/registry.md", "variable")
    }
    assert described == variables


def test_what_order_md_lists_is_the_order(render: Render) -> None:
    parts = json.loads(render("{{ dms_lake.order_parts('c') | tojson }}"))
    facts = [re.findall(r"c\.(_cdc_\w+)", part)[0] for part in parts]
    assert facts == [
        "_cdc_generation",
        "_cdc_operation",
        "_cdc_change_seq",
        "_cdc_committed_at",
        "_cdc_transaction_record_number",
        "_cdc_file_path",
        "_cdc_file_row_number",
        "_cdc_operation",
        "_cdc_file_path",
    ], "docs/order.md explains each of these, in this order: change both"
    assert len(rows("docs/order.md", "part")) == len(parts)


@pytest.mark.parametrize(("page", "least"), [("add-a-table", 8), ("guide-for-analysts", 1)])
def test_the_worked_example_is_the_consumer_project(page: str, least: int) -> None:
    """What names a file in its first line is that file."""
    files = [
        block.partition("\n")
        for _, block in blocks(ROOT / "docs" / f"{page}.md")
        if re.match(r"(#|--) \S+\.(sql|yml)\n", block)
    ]
    assert len(files) >= least
    for first, _, rest in files:
        path = CONSUMER / first.lstrip("#- ")
        assert rest == path.read_text(encoding="utf-8"), path


def test_every_query_with_macros_compiles_on_the_demo(render: Render) -> None:
    """Those of the example project are built there."""
    for page in PAGES:
        for language, text in blocks(page):
            if language == "sql" and "{{" in text and "crm__" not in text and "'crm'" not in text:
                assert render(text), (page, text)


def test_the_readmes_rows_are_those_of_the_consumer_project() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^(\S+\.csv):(\d+)  +(\S.*)$", page, re.MULTILINE)
    assert len(shown) == 5
    files = {path.name: path for path in CONSUMER.rglob("customer/*.csv")}
    for name, number, row in shown:
        assert row == files[name].read_text(encoding="utf-8").splitlines()[int(number) - 1]


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS, ids=name_of)
def test_every_command_stands_in_a_block_that_is_run(page: Path) -> None:
    for language, text in blocks(page):
        if language not in ("sh", "yaml", "python", "sql", "crontab"):
            assert language == "text", f"this block says no language:\n{text}"
            assert not COMMAND.search(text), f"commands go into an `sh` block:\n{text}"


def test_what_is_not_run_is_still_on_a_page_and_understood_by_its_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DBT_PROFILES_DIR", str(ROOT))
    shown = {command.text: command for command in commands()}
    assert set(ELSEWHERE) <= set(shown)
    assert set(ON_THE_DEMO) <= set(shown)
    for text in ELSEWHERE:
        understood(shown[text])


def understood(command: Command) -> None:
    """Whether the program takes these arguments, without doing what they say."""
    program, *arguments = [word for word in command.words if not re.match(r"[A-Z_]+=", word)]
    if program in ("lake", "dbt"):
        name, *rest = arguments
        click_command(program, name).make_context(name, rest)
    elif program == "printf":
        subprocess.run(["bash", "-n", "-c", command.text], check=True)
    else:
        script, *options = arguments
        declared = (ROOT / script).read_text()
        missing = [
            word for word in options if word.startswith("--") and f'"{word}"' not in declared
        ]
        assert not missing, (command, missing)


def click_command(program: str, name: str) -> Any:
    """A command of `lake` or `dbt`, to parse arguments with."""
    if program == "dbt":
        from dbt.cli.main import cli

        return cli.commands[name]
    import typer.main

    from lake.cli import app

    group: Any = typer.main.get_command(app)
    return group.commands[name]


INLINE = re.compile(r"`((?:lake|dbt|make) [^`]+)`")


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS, ids=name_of)
def test_a_command_in_a_sentence_exists_with_its_options(page: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for text in INLINE.findall(outside_fences(page)):
        program, name, *rest = shlex.split(text)
        if program == "make":
            assert name in targets, text
            continue
        command = click_command(program, name)
        if rest and hasattr(command, "commands"):
            command = command.commands[rest.pop(0)]
        known = {option for each in command.params for option in [*each.opts, *each.secondary_opts]}
        given = {word.partition("=")[0] for word in rest if word.startswith("-")}
        assert given <= known, (text, given - known)
        if name == "run-operation":
            operation = rest[0].removeprefix("dms_lake.")
            assert set(arguments_of(rest)) <= operations()[operation], text


def arguments_of(words: list[str]) -> dict[str, Any]:
    """What `--args` holds."""
    return yaml.safe_load(words[words.index("--args") + 1]) if "--args" in words else {}


def operations() -> dict[str, set[str]]:
    """The arguments of every macro that operators call."""
    text = (ROOT / "macros" / "operations" / "_operations.yml").read_text()
    entries = yaml.safe_load(text)["macros"]
    return {e["name"]: {a["name"] for a in e.get("arguments", [])} for e in entries}


def test_the_settings_page_has_every_setting_of_an_s3_target_and_none_that_dms_has_not() -> None:
    """By AWS's own description of its API, as botocore carries it."""
    import botocore.session

    model: Any = botocore.session.get_session().get_service_model("dms")
    of = {
        name: set(model.shape_for(f"{name}Settings").members) for name in ("S3", "Kinesis", "Kafka")
    }
    page = (ROOT / "docs" / "dms-settings.md").read_text().split("## Task")[0]
    named = {
        name
        for line in page.splitlines()
        if line.startswith("| `")
        for name in TICKED.findall(line.split(" | ")[0])
    }
    # What only an S3 source has.
    assert of["S3"] - {"ExternalTableDefinition", "IgnoreHeaderRows"} <= named
    assert named <= of["S3"] | of["Kinesis"] | of["Kafka"]


def test_the_engineers_guide_names_every_word_of_the_dialect() -> None:
    named = [
        name
        for row in rows("docs/guide-for-engineers.md", "for")
        for name in TICKED.findall(row[1])
    ]
    assert sorted(named) == sorted(path.stem for path in (ROOT / "macros/dialect").glob("*.sql"))
