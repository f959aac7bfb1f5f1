"""The commands that the pages show: those that are run, and the few that need what a machine has not, each with its reason."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "benchmarks" / "README.md",
    ROOT / "tests" / "scenarios" / "README.md",
]
FENCED = re.compile(r"^ *```(?P<language>\w*)\n(?P<text>.*?)^ *```", re.MULTILINE | re.DOTALL)
# A line that begins like this is a command, and stands in an `sh` block.
COMMAND = re.compile(
    r"^\s*(?:\w+=\S+ )*(?:dbt|lake|make|pytest|(?:\S+/)?python3?|pip|aws|bash|source|printf|sed|touch|mv|rm|cp) ",
    re.MULTILINE,
)

STAND_IN = "needs a Redshift; test_redshift.py runs it against a stand-in"
# Not run as they stand; test_docs.py parses each as its program would.
ELSEWHERE = {
    "lake export-items purchase_items s3://my-bucket/items --key customerid --key orderid"
    " --spread quantities --import-to purchases": "needs DynamoDB; test_export_items.py imports into moto's",
    "dbt run-operation dms_lake.external_schema --target redshift --args '{database: dms_lake, is_dry: true,"
    ' iam_role: "arn:aws:iam::123456789012:role/redshift-lake", readers: ["role:analysts", "group:bi", "user:jo"]}\'': STAND_IN,
    "dbt build --target redshift": STAND_IN,
    "printf '%s' \"$DMS_LAKE_MASK_KEY\" | aws s3 cp - s3://a-bucket-of-its-own/mask-key/key": "needs AWS",
    ".venv/bin/python benchmarks/run.py --size full": "takes longer than a test may",
    ".venv/bin/python benchmarks/run.py --only history --again": "takes longer than a test may",
    ".venv/bin/python benchmarks/athena.py --rows 10000000": "takes longer than a test may, and 4 GB",
}
# Of this repository's own models: run over the demo.
ON_THE_DEMO = {"dbt test --select lat_shop__product,test_type:unit"}


@dataclass(frozen=True)
class Command:
    """One command of a page.

    Attributes:
        text: As it is typed, on one line.
        ends_with: The exit code that the page promises (`# ends with 1`).
    """

    page: str
    text: str
    ends_with: int = 0

    @property
    def words(self) -> list[str]:
        """The program and its arguments."""
        return shlex.split(self.text)


@dataclass(frozen=True)
class Shown:
    """What a page shows below the query or the commands before it, line by line; `query` is empty for what a command says."""

    page: str
    lines: list[str]
    query: str = ""

    @property
    def cells(self) -> list[list[str]]:
        """The names and rows of a query, set apart by bars."""
        return [[cell.strip() for cell in line.split("|")] for line in self.lines]


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    """Language and text of every fenced block."""
    for match in FENCED.finditer(page.read_text(encoding="utf-8")):
        yield match["language"], match["text"]


def steps() -> list[Command | Shown]:
    """Page after page, every command of an `sh` block; in the guides, every `text` block right below one or below a query too."""
    found: list[Command | Shown] = []
    for path in PAGES:
        page, before = str(path.relative_to(ROOT)), ("", "")
        for language, text in blocks(path):
            if language == "sh":
                found += [Command(page, command, code) for command, code in _commands_of(text)]
            elif "guide-for" in page and language == "text" and before[0] in ("sh", "sql"):
                query = before[1] if before[0] == "sql" else ""
                found.append(Shown(page, text.splitlines(), query))
            before = (language, text)
    return found


def commands() -> list[Command]:
    """The commands alone."""
    return [step for step in steps() if isinstance(step, Command)]


def _commands_of(block: str) -> Iterator[tuple[str, int]]:
    """The commands of a block, and the exit codes that they end with; one may run over several lines."""
    begun = ""
    for line in block.splitlines():
        text, _, comment = line.partition("  #")
        begun = f"{begun} {text.strip()}".strip()
        try:
            shlex.split(begun)
        except ValueError:
            # A quote is still open.
            continue
        if begun:
            code = re.search(r"ends with (\d)", comment)
            yield begun, int(code[1]) if code else 0
        begun = ""
    assert not begun, f"this never ends: {begun}"
