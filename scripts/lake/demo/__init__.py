"""The demo: DMS files arrive in two rounds, dbt builds, and every row leads back to its file."""

from lake.demo.play import Build, Play, TableView, play
from lake.demo.rounds import deliver, moment_of

__all__ = ["Build", "Play", "TableView", "deliver", "moment_of", "play"]
