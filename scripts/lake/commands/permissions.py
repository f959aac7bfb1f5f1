"""The command `lake permissions`: the IAM policy that a command needs, from the project's own settings."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from lake.commands import ProjectDir, Target
from lake.commands.land import Vars, vars_of


class Command(StrEnum):
    """What a policy can be asked for."""

    register = "register"
    land = "land"
    build = "build"
    statistics = "statistics"


def permissions(
    command: Annotated[
        Command,
        typer.Argument(
            help="`build` is what `dbt build` and the operations need; `statistics` what the role needs "
            "as which Glue counts column statistics."
        ),
    ],
    project_dir: ProjectDir = None,
    target: Target = None,
    vars: Vars = None,
) -> None:
    """Print the smallest IAM policy for a command on the Athena target, as JSON.

    Buckets, prefixes, databases and the work group are those of the registry and the profile.
    Nothing is asked of AWS.
    """
    from dbt.adapters.factory import FACTORY

    from lake.land.project import Project
    from lake.permissions import Places, policy
    from lake.run.statistics import settings_of, variables_of

    project = Project.open(project_dir, target, vars_of(vars))
    counted = settings_of(variables_of(FACTORY.adapters["athena"].config))
    tables = project.describe([])
    settings = project.credentials
    staging = settings.s3_staging_dir or settings.s3_data_dir
    places = Places(
        region=settings.region_name,
        raw_databases=tuple(sorted({table.database for table in tables})),
        database=settings.schema,
        roots=tuple(sorted({table.root for table in tables})),
        data=settings.s3_data_dir or staging,
        staging=staging,
        work_group=settings.work_group or "primary",
        statistics_role=counted.role if counted else "",
    )
    typer.echo(json.dumps(policy(command.value, places), indent=2))
