"""The demo: DMS files arrive in two rounds, dbt builds, and every row leads back to its file."""
