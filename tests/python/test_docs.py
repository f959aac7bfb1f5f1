"""What the pages say is what the project is: fields, links, tests that are named, files that are shown."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Render

ROOT = Path(__file__).resolve().parents[2]
CONSUMER = ROOT / "tests" / "consumer"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)\)")
FENCED = re.compile(r"^ *```(?P<language>\w*)\n(?P<text>.*?)^ *```", re.MULTILINE | re.DOTALL)
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
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
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


def test_the_worked_example_is_the_consumer_project() -> None:
    page = (ROOT / "docs" / "add-a-table.md").read_text(encoding="utf-8")
    shown = [match["text"] for match in FENCED.finditer(page) if match["language"] != "sh"]
    assert len(shown) >= 7
    for text in shown:
        first, _, rest = text.partition("\n")
        path = CONSUMER / first.lstrip("#- ")
        assert rest == path.read_text(encoding="utf-8"), path


def test_the_readmes_rows_are_those_of_the_consumer_project() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^(\S+\.csv):(\d+)  +(\S.*)$", page, re.MULTILINE)
    assert len(shown) == 5
    files = {path.name: path for path in CONSUMER.rglob("customer/*.csv")}
    for name, number, row in shown:
        assert row == files[name].read_text(encoding="utf-8").splitlines()[int(number) - 1]
