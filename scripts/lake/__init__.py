"""The `lake` command: everything around `dbt build` that makes a lake of raw DMS files."""

__version__ = "0.1.0"
