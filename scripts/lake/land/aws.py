"""One door to AWS: clients by the target's own credentials, and errors in plain words."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from lake.errors import LakeError, UsageError

# What an operator must mend, by the code that AWS answers with.
CURES = {
    "NoSuchBucket": "the bucket does not exist; correct `root` in the registry, or `s3_data_dir` in the profile",
    "404": "the bucket or object does not exist; correct `root` in the registry, or `s3_data_dir` in the profile",
    "PermanentRedirect": "the bucket lies in another region; correct `region_name` in the profile",
    "AuthorizationHeaderMalformed": "the bucket lies in another region; correct `region_name` in the profile",
    "AccessDenied": "permission is missing; see the policy that docs/athena.md lists for this command",
    "AccessDeniedException": "permission is missing; see the policy that docs/athena.md lists for this command",
    "403": "permission is missing; see the policy that docs/athena.md lists for this command",
    "InvalidAccessKeyId": "the credentials are not valid; renew them",
    "ExpiredToken": "the credentials have expired; renew them",
    "ExpiredTokenException": "the credentials have expired; renew them",
    "ResourceNumberLimitExceededException": "the account's limit is reached; the next run goes on from here",
    "UnrecognizedClientException": "the credentials are not valid; renew them",
}


def client_of(session: Any, service: str, endpoint: str | None = None) -> Any:
    """A client of a boto3 session; safe to share between threads."""
    from botocore.config import Config

    config = Config(
        retries={"max_attempts": 8, "mode": "standard"},
        max_pool_connections=32,
        # A bucket name with dots, and every stand-in for S3, needs the path style.
        s3={"addressing_style": "path"} if os.environ.get("AWS_ENDPOINT_URL") else None,
    )
    return session.client(service, config=config, endpoint_url=endpoint)


class Aws:
    """Clients and the Iceberg catalogue of one Athena target."""

    def __init__(self, credentials: Any) -> None:
        self.credentials = credentials

    @cached_property
    def session(self) -> Any:
        """The session that dbt-athena itself would use: keys, profile or assumed role."""
        from dbt.adapters.athena.session import get_boto3_session_from_credentials

        return get_boto3_session_from_credentials(self.credentials)

    @cached_property
    def s3(self) -> Any:
        """The S3 client; safe to share between threads."""
        return self._client("s3")

    @cached_property
    def glue(self) -> Any:
        """The Glue client; safe to share between threads."""
        return self._client("glue")

    @cached_property
    def athena(self) -> Any:
        """The Athena client; safe to share between threads."""
        return self._client("athena", self.credentials.endpoint_url or None)

    def _client(self, service: str, endpoint: str | None = None) -> Any:
        return client_of(self.session, service, endpoint)

    def catalog(self) -> Any:
        """A Glue catalogue of Iceberg tables, with keys that are fresh at this moment."""
        from pyiceberg.catalog.glue import GlueCatalog

        keys = self.session.get_credentials()
        if keys is None:
            raise LakeError("no AWS credentials were found; log in, or set AWS_PROFILE")
        frozen = keys.get_frozen_credentials()
        properties = {
            "s3.access-key-id": frozen.access_key,
            "s3.secret-access-key": frozen.secret_key,
            "s3.session-token": frozen.token,
            "s3.region": self.credentials.region_name,
            "s3.endpoint": os.environ.get("AWS_ENDPOINT_URL_S3")
            or os.environ.get("AWS_ENDPOINT_URL"),
        }
        return GlueCatalog(
            "dms_lake", client=self.glue, **{k: v for k, v in properties.items() if v is not None}
        )

    @property
    def data_dir(self) -> str:
        """Where tables lie on S3, without a slash at the end.

        Raises:
            UsageError: the profile does not say.
        """
        place = self.credentials.s3_data_dir
        if not place or not place.startswith("s3://"):
            raise UsageError(
                "the profile's `s3_data_dir` must be an s3:// place; raw tables lie below it"
            )
        return str(place).rstrip("/")


@contextlib.contextmanager
def plain_errors(what: str) -> Iterator[None]:
    """Turn what AWS answers into one line that says what was tried, what came and what to do.

    Args:
        what: What is being tried, e.g. `shop.orders: listing s3://bucket/shop/orders/`.
    """
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        text = str(error.response.get("Error", {}).get("Message", "")) or str(error)
        cure = f": {CURES[code]}" if code in CURES else ""
        raise LakeError(f"{what} failed ({code}: {text}){cure}") from error
    except NoCredentialsError as error:
        raise LakeError(
            f"{what} failed: no AWS credentials were found; log in, or set AWS_PROFILE"
        ) from error
    except BotoCoreError as error:
        raise LakeError(f"{what} failed: {error}") from error


def split(path: str) -> tuple[str, str]:
    """Bucket and key of an s3:// path."""
    bucket, _, key = path.removeprefix("s3://").partition("/")
    return bucket, key
