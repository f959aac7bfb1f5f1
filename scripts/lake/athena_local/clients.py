"""How anything reaches the local services: boto3 clients and environment variables, with dummy credentials."""

from __future__ import annotations

from typing import Any

from lake.athena_local.trino_server import KEY, REGION

# Made at the start: results, tables and raw files of tests and of the demo lie below it.
BUCKET = "lake"


def client(service: str, url: str) -> Any:
    """A boto3 client of a local service, whatever the environment says."""
    import boto3
    from botocore.config import Config

    make: Any = boto3.client
    return make(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=KEY,
        aws_secret_access_key=KEY,
        config=Config(s3={"addressing_style": "path"}, max_pool_connections=32),
    )


def environment(aws_url: str, athena_url: str) -> dict[str, str]:
    """The variables by which boto3, dbt-athena and the profile's athena target find the services."""
    return {
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_ENDPOINT_URL_ATHENA": athena_url,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_SESSION_TOKEN": "",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "DMS_LAKE_REGION": REGION,
        "DMS_LAKE_S3_DATA_DIR": f"s3://{BUCKET}/tables/",
        "DMS_LAKE_S3_STAGING_DIR": f"s3://{BUCKET}/staging/",
    }
