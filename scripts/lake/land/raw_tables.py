"""Make and evolve the Iceberg raw table of a source table: what the registry says, in Glue."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass

from pyiceberg.exceptions import (
    CommitFailedException,
    NoSuchIcebergTableError,
    NoSuchPropertyException,
    NoSuchTableError,
    TableAlreadyExistsError,
)
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.types import (
    BinaryType,
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IcebergType,
    IntegerType,
    LongType,
    NestedField,
    StringType,
    TimestampType,
)

from lake.errors import LakeError, UsageError
from lake.land.aws import Aws, plain_errors
from lake.land.project import RawTable

MAPPING = "schema.name-mapping.default"
ATTEMPTS = 5
SOURCE, LANDING = "dms_lake.source_table", "dms_lake.landing"

TYPES: dict[str, type[IcebergType]] = {
    "bigint": LongType,
    "integer": IntegerType,
    "boolean": BooleanType,
    "double": DoubleType,
    "real": FloatType,
    "varchar": StringType,
    "date": DateType,
    "timestamp(6)": TimestampType,
    "varbinary": BinaryType,
}


@dataclass(frozen=True)
class Registration:
    """What `lake register` did for one table: `created`, `evolved`, `unchanged`, and the changes in words."""

    table: str
    relation: str
    action: str
    changes: tuple[str, ...] = ()


def iceberg_type(athena_type: str) -> IcebergType:
    """The Iceberg type of one of the words of `athena__data_type`."""
    if found := re.fullmatch(r"decimal\((\d+),\s*(\d+)\)", athena_type):
        return DecimalType(int(found.group(1)), int(found.group(2)))
    return TYPES[athena_type]()


def schema_of(table: RawTable) -> Schema:
    """The schema that a new raw table of this source table has."""
    return Schema(
        *(
            NestedField(number, name, iceberg_type(athena_type), required=False)
            for number, (name, athena_type) in enumerate(table.columns, start=1)
        )
    )


def properties_of(table: RawTable) -> dict[str, str]:
    """The properties of a raw table, each for a reason.

    Data files registered where DMS wrote them must never be removed by whoever cleans up tables
    (`gc.enabled`). Only the path prunes, and every other statistic of every file would be read
    again by each landing and by each reader: with counts of 20 columns four times as long.
    """
    properties = {
        "format-version": "2",
        "write.format.default": "parquet",
        "commit.manifest-merge.enabled": "true",
        "write.metadata.delete-after-commit.enabled": "true",
        "write.metadata.previous-versions-max": "20",
        "write.metadata.metrics.default": "none",
        SOURCE: table.name,
        LANDING: "rewritten" if table.is_rewritten else "in place",
    }
    if table.is_rewritten:
        properties["write.metadata.metrics.column._raw_file_path"] = "full"
    else:
        properties["gc.enabled"] = "false"
    return properties


def load(aws: Aws, table: RawTable) -> Table:
    """The raw table of a source table.

    Raises:
        LakeError: it was never registered, is no Iceberg table, or is another table's.
    """
    where = f"{table.database}.{table.identifier}"
    try:
        with plain_errors(f"{table.name}: reading the Glue table {where}"):
            found = aws.catalog().load_table((table.database, table.identifier))
    except (NoSuchIcebergTableError, NoSuchPropertyException, ValueError) as error:
        # What the library says of a Glue table without Iceberg's properties, or without any.
        raise LakeError(not_iceberg(table)) from error
    except NoSuchTableError as error:
        raise LakeError(
            f"{table.name}: there is no raw table {where}; make it with `lake register`"
        ) from error
    owner, landing = found.properties.get(SOURCE), found.properties.get(LANDING)
    wanted = properties_of(table)
    if owner != table.name:
        raise LakeError(
            f"{table.name}: the Iceberg table {where} is not its raw table (it "
            f"{'belongs to ' + owner if owner else 'was made by something else'}). "
            "Give the source another `schema`, or move that table away."
        )
    if landing != wanted[LANDING]:
        raise LakeError(
            f"{table.name}: {where} holds files landed {landing}, but the registry now asks for files landed "
            f"{wanted[LANDING]}. Drop that table (raw files on S3 stay as they are), then `lake register` and "
            "`lake land --again`."
        )
    return found


def not_iceberg(table: RawTable) -> str:
    """What to say where a Glue table of another kind bears the raw table's name."""
    return (
        f"{table.name}: the Glue table {table.database}.{table.identifier} exists and is no Iceberg table (a Hive table, "
        "perhaps one that a crawler made). Drop or rename it, or give the source another `schema` in the registry."
    )


def register(aws: Aws, table: RawTable, create_database: bool = False) -> Registration:
    """Make the raw table where it is missing, or bring it to what the registry says.

    Raises:
        LakeError: the database is missing, a table of another kind has the name, a type cannot be
            changed in place, or AWS refused.
    """
    where = f"{table.database}.{table.identifier}"
    _check_database(aws, table, create_database)
    catalog = aws.catalog()
    location = f"{aws.data_dir}/{table.database}/{table.identifier}"
    try:
        with plain_errors(f"{table.name}: making the raw table {where} at {location}"):
            if not _exists(aws, table):
                made = catalog.create_table(
                    (table.database, table.identifier),
                    schema_of(table),
                    location=location,
                    properties=properties_of(table),
                )
                if not table.is_rewritten:
                    mapping = made.schema().name_mapping.model_dump_json()
                    made.transaction().set_properties({MAPPING: mapping}).commit_transaction()
                return Registration(table.name, where, "created")
    except TableAlreadyExistsError:
        pass  # another worker was faster; it made the same table
    except OSError as error:
        raise LakeError(f"{table.name}: writing to {location} failed: {error}") from error
    return _evolve(aws, table, where)


def _exists(aws: Aws, table: RawTable) -> bool:
    try:
        aws.glue.get_table(DatabaseName=table.database, Name=table.identifier)
    except aws.glue.exceptions.EntityNotFoundException:
        return False
    return True


def _check_database(aws: Aws, table: RawTable, create: bool) -> None:
    try:
        with plain_errors(f"{table.name}: reading the Glue database {table.database}"):
            try:
                aws.glue.get_database(Name=table.database)
            except aws.glue.exceptions.EntityNotFoundException:
                if not create:
                    raise
                with contextlib.suppress(aws.glue.exceptions.AlreadyExistsException):
                    aws.glue.create_database(DatabaseInput={"Name": table.database})
    except LakeError as error:
        if "EntityNotFoundException" in str(error):
            raise LakeError(
                f"{table.name}: there is no Glue database `{table.database}` (the source's `schema`). "
                "Make it, or let this command make it: lake register --create-databases"
            ) from error
        raise


def _evolve(aws: Aws, table: RawTable, where: str) -> Registration:
    """Add the columns that the table lacks and widen types; what it has beyond the registry stays.

    The name mapping follows by itself. A concurrent change is answered by looking again.
    """
    for attempt in range(ATTEMPTS):
        found = load(aws, table)
        changes = differences(found.schema(), table)
        if not changes:
            return Registration(table.name, where, "unchanged")
        try:
            with found.update_schema() as update:
                for change in changes:
                    if change.before is None:
                        update.add_column(change.column, change.after)
                    else:
                        update.update_column(change.column, field_type=change.after)
            return Registration(table.name, where, "evolved", tuple(map(str, changes)))
        except CommitFailedException as error:
            if attempt == ATTEMPTS - 1:
                raise LakeError(
                    f"{table.name}: changing {where} met other writers again and again: {error}"
                ) from error
    raise AssertionError


@dataclass(frozen=True)
class Change:
    """A column that is new (`before` is None), or whose type becomes wider."""

    column: str
    before: IcebergType | None
    after: IcebergType

    def __str__(self) -> str:
        if self.before is None:
            return f"added {self.column} {self.after}"
        return f"widened {self.column} from {self.before} to {self.after}"


def differences(schema: Schema, table: RawTable) -> list[Change]:
    """What a raw table lacks of its registry entry.

    Raises:
        UsageError: a column's type changed in a way that Iceberg cannot follow in place.
    """
    there = {field.name.lower(): field for field in schema.fields}
    changes = []
    for name, athena_type in table.columns:
        wanted, field = iceberg_type(athena_type), there.get(name.lower())
        if field is None:
            changes.append(Change(name, None, wanted))
        elif field.field_type != wanted:
            if not _is_wider(field.field_type, wanted):
                raise UsageError(
                    f"{table.name}: column `{name}` is {field.field_type} in {table.database}.{table.identifier} and "
                    f"{wanted} in the registry. Iceberg only widens (int to long, float to double, decimals of the same "
                    "scale). Correct the registry, or drop the raw table (raw files on S3 stay as they are), then "
                    "`lake register` and `lake land --again`."
                )
            changes.append(Change(field.name, field.field_type, wanted))
    return changes


def _is_wider(before: IcebergType, after: IcebergType) -> bool:
    if isinstance(before, DecimalType) and isinstance(after, DecimalType):
        return after.scale == before.scale and after.precision > before.precision
    return (type(before), type(after)) in {(IntegerType, LongType), (FloatType, DoubleType)}
