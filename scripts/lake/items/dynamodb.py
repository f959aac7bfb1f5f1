"""Import an export into a new DynamoDB table, again where an earlier import failed half-way."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from lake.errors import LakeError
from lake.items.export import Export
from lake.land.aws import plain_errors, split

FAILED = ("FAILED", "CANCELLED", "CANCELLING")


class Import:
    """The import of one table.

    DynamoDB imports only into a table that the import makes. So that a failed one can be run again, a record beside the
    exports says which import made which table; a table without a record is never touched.

    Args:
        dynamodb: A DynamoDB client.
        s3: An S3 client.
        root: The s3:// prefix of the exports, where the record is kept.
        table: The table's name.
        poll_seconds: How long to wait between two looks.
    """

    def __init__(
        self, dynamodb: Any, s3: Any, root: str, table: str, poll_seconds: float = 10
    ) -> None:
        self.dynamodb, self.s3, self.table = dynamodb, s3, table
        self.bucket, self.key = split(f"{root.rstrip('/')}/imports/{table}.json")
        self.poll_seconds = poll_seconds

    def make_way(self, may_replace: bool, is_dry: bool = False) -> str:
        """See that the table's name is free: what a failed import left is removed, and whatever else is kept.

        Args:
            may_replace: Whether a table that an earlier import made may go.
            is_dry: Only refuse what would be refused.

        Returns:
            What was done, a sentence; empty where nothing was there.

        Raises:
            LakeError: the name is taken.
        """
        if self._status() is None:
            return ""
        record = self._record()
        if record is None:
            raise LakeError(
                f"the table {self.table} exists, and no import of `lake export-items` made it; DynamoDB imports only "
                "into a new table. Name another one with --import-to"
            )
        state = self._state(record)
        if state == "COMPLETED" and not may_replace:
            raise LakeError(
                f"the table {self.table} holds the items of {record['place']}; DynamoDB imports only into a new table. "
                "Name another one with --import-to and switch your readers over, or give --replace to delete this one first"
            )
        if state == "IN_PROGRESS":
            raise LakeError(
                f"an import into {self.table} is under way ({record['arn']}); wait until it has ended, then run this again"
            )
        if not is_dry:
            with plain_errors(f"deleting the table {self.table}"):
                self.dynamodb.delete_table(TableName=self.table)
            self._wait(lambda: self._status() is None)
        what = (
            "was replaced"
            if state == "COMPLETED"
            else "was left by an import that failed, and is made anew"
        )
        return f"the table {self.table} {what}"

    def start(self, export: Export) -> str:
        """Start the import, and return its ARN; the record is there before the table is."""
        bucket, prefix = split(f"{export.place}/")
        self._put_record({"place": export.place, "arn": None})
        with plain_errors(f"starting the import of {export.place} into {self.table}"):
            answer = self.dynamodb.import_table(
                S3BucketSource={"S3Bucket": bucket, "S3KeyPrefix": prefix},
                InputFormat="DYNAMODB_JSON",
                InputCompressionType="GZIP",
                TableCreationParameters={
                    "TableName": self.table,
                    "AttributeDefinitions": [
                        {"AttributeName": name, "AttributeType": kind}
                        for name, kind in export.key.items()
                    ],
                    "KeySchema": [
                        {"AttributeName": name, "KeyType": role}
                        for name, role in zip(export.key, ("HASH", "RANGE"), strict=False)
                    ],
                    "BillingMode": "PAY_PER_REQUEST",
                },
            )
        arn: str = answer["ImportTableDescription"]["ImportArn"]
        self._put_record({"place": export.place, "arn": arn})
        return arn

    def wait(self, arn: str, expected: int) -> int:
        """Wait until the import has ended, and return how many items it brought.

        Raises:
            LakeError: it failed, or brought another number of items; running the command again begins anew.
        """
        found: dict[str, Any] = {}

        def ended() -> bool:
            found.update(self._describe(arn))
            return str(found["ImportStatus"]) != "IN_PROGRESS"

        self._wait(ended)
        count = int(found.get("ImportedItemCount", 0))
        if found["ImportStatus"] != "COMPLETED" or count != expected:
            self._put_record({"place": "", "arn": arn, "failed": True})
            raise LakeError(
                f"the import into {self.table} ended as {found['ImportStatus']} with {count:,} of {expected:,} items "
                f"({found.get('ErrorCount', 0)} refused; {found.get('FailureMessage') or 'see its CloudWatch log'}). "
                "The table is not whole; run the same command again, which begins anew"
            )
        return count

    def _state(self, record: dict[str, Any]) -> str:
        """What became of the import that a record is of; one that was never seen to start has failed."""
        if record.get("failed") or not record["arn"]:
            return "FAILED"
        found = str(self._describe(record["arn"])["ImportStatus"])
        return "FAILED" if found in FAILED else found

    def _describe(self, arn: str) -> dict[str, Any]:
        with plain_errors(f"asking for the import {arn}"):
            answer = self.dynamodb.describe_import(ImportArn=arn)
        found: dict[str, Any] = answer["ImportTableDescription"]
        return found

    def _status(self) -> str | None:
        """The table's status; None where it does not exist."""
        try:
            with plain_errors(f"asking for the table {self.table}"):
                return str(
                    self.dynamodb.describe_table(TableName=self.table)["Table"]["TableStatus"]
                )
        except LakeError as error:
            if "ResourceNotFoundException" in str(error):
                return None
            raise

    def _record(self) -> dict[str, Any] | None:
        try:
            body = self.s3.get_object(Bucket=self.bucket, Key=self.key)["Body"].read()
        except self.s3.exceptions.NoSuchKey:
            return None
        found: dict[str, Any] = json.loads(body)
        return found

    def _put_record(self, record: dict[str, Any]) -> None:
        with plain_errors(f"writing s3://{self.bucket}/{self.key}"):
            self.s3.put_object(Bucket=self.bucket, Key=self.key, Body=json.dumps(record).encode())

    def _wait(self, ended: Callable[[], bool]) -> None:
        while not ended():
            time.sleep(self.poll_seconds)
