"""The commands of `lake`, one module each, and the options that they share.

A command reads its arguments, calls pure functions elsewhere in `lake`, prints what they return
and raises `LakeError` when the run failed. Heavy imports (dbt, boto3, pyarrow) stand inside the
function, so that `lake --help` stays quick.
"""

from pathlib import Path
from typing import Annotated

import typer

ProjectDir = Annotated[
    Path | None,
    typer.Option(
        "--project-dir",
        help="Folder of the dbt project; by default the nearest one upwards from here.",
        show_default=False,
    ),
]
Target = Annotated[
    str | None,
    typer.Option(
        "--target",
        "-t",
        help="Target of the profile: duckdb, athena or redshift; by default the profile's own.",
        show_default=False,
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document instead of text for people.")
]
