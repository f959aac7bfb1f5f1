"""A wire proxy that lets Redshift's driver and adapter talk to PostgreSQL, and keeps what they said.

PostgreSQL is what Redshift once was: the protocol is the same, and so is most of the SQL that dbt-redshift sends. What is
not, is played here: start-up parameters, the server's version, and clauses that only Redshift has. Each of those is taken
out before PostgreSQL sees the statement; `Wire.statements` keeps it as it was sent.
"""

from __future__ import annotations

import re
import socket
import struct
import threading

# What the driver says of itself when it connects, and PostgreSQL does not know.
DRIVERS_OWN = {
    "client_protocol_version", "driver_version", "driver_discovery_version", "os_version", "plugin_name",
}  # fmt: skip
VERSION = "8.0.2"
SSL_REQUEST = 80877103

NOT_IN_POSTGRES = [
    (r"\)\s*with no schema binding", ")"),
    (r"\bbackup no\b", ""),
    (r"\bdiststyle\s+(all|even|key)\b", ""),
    (r"\bdistkey\s*\([^)]*\)", ""),
    (r"\b(compound|interleaved)?\s*sortkey\s*\([^)]*\)", ""),
    (
        r'create external schema if not exists ("[^"]+") from data catalog.*',
        r"create schema if not exists \1",
    ),
    (r"\bto role\b", "to"),
    (r"\bvarbyte\s*\(\d+\)", "bytea"),
    (r"\bsuper\b", "jsonb"),
]


def to_postgres(statement: str) -> str:
    """A statement without what only Redshift has; literals are left alone."""
    parts = re.split(r"('(?:[^']|'')*')", statement)
    if "from data catalog" in statement:
        parts = [statement]
    for place in range(0, len(parts), 2):
        for pattern, instead in NOT_IN_POSTGRES:
            parts[place] = re.sub(pattern, instead, parts[place], flags=re.IGNORECASE | re.DOTALL)
    return "".join(parts)


class Wire:
    """Listens on a free port of this machine until `close`; every connection gets one to PostgreSQL.

    Args:
        upstream: PostgreSQL's Unix socket.
    """

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.statements: list[str] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no new connection."""
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        server.connect(self.upstream)
        try:
            while (start := _packet(client))[:4] == struct.pack("!i", SSL_REQUEST):
                client.sendall(b"N")
            server.sendall(_framed(_start_up(start)))
            threading.Thread(target=self._back, args=(server, client), daemon=True).start()
            while True:
                kind = _exactly(client, 1)
                server.sendall(kind + _framed(self._forth(kind, _packet(client))))
        except (ConnectionError, OSError):
            server.close()
            client.close()

    def _forth(self, kind: bytes, body: bytes) -> bytes:
        """A message of the driver: statements translated, all else as it is."""
        if kind == b"Q":
            return self._translated(body[:-1]) + b"\0"
        if kind == b"P":
            name, statement, rest = body.split(b"\0", 2)
            return name + b"\0" + self._translated(statement) + b"\0" + rest
        return body

    def _translated(self, statement: bytes) -> bytes:
        text = statement.decode()
        self.statements.append(text)
        return to_postgres(text).encode()

    def _back(self, server: socket.socket, client: socket.socket) -> None:
        """PostgreSQL's messages: its version as Redshift's, all else as it is."""
        try:
            while True:
                kind, body = _exactly(server, 1), _packet(server)
                if kind == b"S" and body.startswith(b"server_version\0"):
                    body = b"server_version\0" + VERSION.encode() + b"\0"
                client.sendall(kind + _framed(body))
        except (ConnectionError, OSError):
            client.close()


def _start_up(packet: bytes) -> bytes:
    """The start-up packet without what only Redshift's driver says."""
    words = packet[4:].split(b"\0")
    pairs = zip(words[::2], words[1::2], strict=False)
    kept = [pair for pair in pairs if pair[0] and pair[0].decode() not in DRIVERS_OWN]
    return packet[:4] + b"".join(name + b"\0" + value + b"\0" for name, value in kept) + b"\0"


def _framed(body: bytes) -> bytes:
    return struct.pack("!i", len(body) + 4) + body


def _packet(connection: socket.socket) -> bytes:
    (length,) = struct.unpack("!i", _exactly(connection, 4))
    return _exactly(connection, length - 4)


def _exactly(connection: socket.socket, count: int) -> bytes:
    parts = []
    while count:
        part = connection.recv(min(count, 1 << 16))
        if not part:
            raise ConnectionError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
