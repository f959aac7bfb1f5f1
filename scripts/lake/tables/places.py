"""The first and last bytes of sample files, in a folder or below an S3 prefix."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Protocol

from lake.errors import UsageError
from lake.land.aws import client_of, plain_errors, split

# A table's files that are listed: the first of them in the order of names, which is enough to see its shape.
LISTED = 200


class Place(Protocol):
    """Where samples lie; a path is relative to it, with `/`."""

    def folders(self, below: str = "") -> list[str]:
        """The names of the folders directly below one, sorted."""

    def files(self, below: str) -> list[str]:
        """Paths of files at any depth below a folder, sorted."""

    def part(self, path: str, size: int, from_end: bool = False) -> bytes:
        """The first bytes of a file, or the last."""


def place_of(text: str) -> Place:
    """The place that `--samples` names."""
    if text.startswith("s3://"):
        return Bucket(text.rstrip("/"))
    if not Path(text).is_dir():
        raise UsageError(f"--samples: there is no folder {text}")
    return Folder(Path(text).resolve())


class Folder:
    """Samples on this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folders(self, below: str = "") -> list[str]:
        """See `Place`."""
        return sorted(path.name for path in (self.root / below).iterdir() if path.is_dir())

    def files(self, below: str) -> list[str]:
        """See `Place`."""
        found = (path for path in (self.root / below).rglob("*") if path.is_file())
        return sorted(path.relative_to(self.root).as_posix() for path in found)

    def part(self, path: str, size: int, from_end: bool = False) -> bytes:
        """See `Place`."""
        with (self.root / path).open("rb") as file:
            if from_end:
                file.seek(-min(size, (self.root / path).stat().st_size), os.SEEK_END)
            return file.read(size)


class Bucket:
    """Samples on S3, by the credentials of the environment."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.bucket, prefix = split(root)
        self.prefix = f"{prefix}/".lstrip("/")
        self.s3 = client("s3")

    def folders(self, below: str = "") -> list[str]:
        """See `Place`."""
        prefix = self.prefix + (f"{below}/" if below else "")
        pages = self.s3.get_paginator("list_objects_v2")
        with plain_errors(f"--samples: listing {self.root}"):
            found = [
                item["Prefix"]
                for page in pages.paginate(Bucket=self.bucket, Prefix=prefix, Delimiter="/")
                for item in page.get("CommonPrefixes", ())
            ]
        return [path.rstrip("/").rsplit("/", 1)[-1] for path in found]

    def files(self, below: str) -> list[str]:
        """See `Place`; load files sort after change files, so they are asked for by name."""
        found: set[str] = set()
        with plain_errors(f"--samples: listing {self.root}/{below}"):
            for first in ("", "LOAD"):
                answer = self.s3.list_objects_v2(
                    Bucket=self.bucket, Prefix=f"{self.prefix}{below}/{first}", MaxKeys=LISTED
                )
                found |= {item["Key"] for item in answer.get("Contents", ()) if item["Size"]}
        return sorted(key.removeprefix(self.prefix) for key in found if not key.endswith("/"))

    def part(self, path: str, size: int, from_end: bool = False) -> bytes:
        """See `Place`."""
        span = f"bytes=-{size}" if from_end else f"bytes=0-{size - 1}"
        with plain_errors(f"--samples: reading {self.root}/{path}"):
            key = self.prefix + path
            return self.s3.get_object(Bucket=self.bucket, Key=key, Range=span)["Body"].read()


def client(service: str) -> Any:
    """A client of AWS by the environment's credentials."""
    import boto3

    return client_of(boto3.Session(), service)
