"""The oracle: what the tables must hold, worked out apart from the project's own code."""

from oracle.replay import DmsFile, Issue, Rejected, Replay, replay

__all__ = ["DmsFile", "Issue", "Rejected", "Replay", "replay"]
