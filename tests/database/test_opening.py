"""Addresses that are wrong in every way: each is told apart within five seconds."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import chain, repeat

import pytest

from relgraph.database import Database, open_database
from relgraph.errors import (
    DatabaseError,
    DatabaseIncompatible,
    DatabaseLoginRefused,
    DatabaseUnavailable,
)
from relgraph.settings import load_settings
from tests.database.machine import login_of
from tests.support.commands import relgraph

LIMIT_S = 5.0
Answer = Callable[[socket.socket], None]


def opening(url: str, password: str | None = "secret-word", **more: object) -> Database:
    """Open with a password, or with none given."""
    given = {} if password is None else {"database_password": password}
    return open_database(load_settings(database_url=url, **given, **more))


def refusal(url: str, kind: type[DatabaseError], **more: object) -> str:
    """The refusal of an address, in one line and without the password."""
    start = time.monotonic()
    with pytest.raises(kind) as refused:
        opening(url, **more)
    assert time.monotonic() - start < LIMIT_S
    text = str(refused.value)
    assert "\n" not in text
    assert "secret-word" not in text
    assert refused.value.remedy or "malformed" in text
    return text


@contextmanager
def listening(answer: Answer) -> Iterator[int]:
    """A server on loopback that treats each connection in its own way; its port."""
    with closing(socket.socket()) as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        kept: list[socket.socket] = []

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                kept.append(connection)
                answer(connection)

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            for connection in kept:
                connection.close()


def mute(connection: socket.socket) -> None:
    """Accept and say nothing."""


def mute_after_handshake(connection: socket.socket) -> None:
    """Agree on Bolt 5.4 and say nothing more."""
    connection.recv(1000)
    connection.sendall(b"\x00\x00\x04\x05")


def hanging_up(connection: socket.socket) -> None:
    connection.close()


def http(connection: socket.socket) -> None:
    connection.recv(1000)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def ssh(connection: socket.socket) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")


def no_common_version(connection: socket.socket) -> None:
    """As a Neo4j does that is too old to speak any Bolt of ours."""
    connection.recv(1000)
    connection.sendall(b"\x00\x00\x00\x00")


def too_old(connection: socket.socket) -> None:
    """Agree on Bolt 5.4 and answer every message as a Neo4j 5.20 would."""
    connection.recv(1000)
    connection.sendall(b"\x00\x00\x04\x05")
    hello = b"\xa2\x86server\x8cNeo4j/5.20.0\x8dconnection_id\x81a"
    no_rows = b"\xa1\x86fields\x90"
    answers = chain([hello], repeat(no_rows))
    with connection.makefile("rb") as messages:
        while len(size := messages.read(2)) == 2:
            if size == b"\x00\x00":
                connection.sendall(_message(b"\xb1\x70" + next(answers)))
            else:
                messages.read(int.from_bytes(size, "big"))


def garbage(connection: socket.socket) -> None:
    """Agree on Bolt 5.4 and go on with bytes that mean nothing."""
    connection.recv(1000)
    connection.sendall(b"\x00\x00\x04\x05" + _message(b"\xff\xfe\xfd"))


def _message(content: bytes) -> bytes:
    return len(content).to_bytes(2, "big") + content + b"\x00\x00"


@pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
def test_nobody_listens(scheme: str) -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"{scheme}://127.0.0.1:{unused.getsockname()[1]}"
        text = refusal(url, DatabaseUnavailable)
    assert f"The database at {url} does not answer. Check that it runs" in text


@pytest.mark.parametrize("scheme", ["neo4j", "bolt", "bolt+ssc"])
@pytest.mark.parametrize("answer", [mute, mute_after_handshake])
def test_something_accepts_and_never_answers(scheme: str, answer: Answer) -> None:
    with listening(answer) as port:
        assert "does not answer" in refusal(f"{scheme}://127.0.0.1:{port}", DatabaseUnavailable)


def test_a_server_that_hangs_up_is_down() -> None:
    with listening(hanging_up) as port:
        refusal(f"bolt://127.0.0.1:{port}", DatabaseUnavailable)


@pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
@pytest.mark.parametrize("answer", [http, ssh, no_common_version, garbage])
def test_something_answers_that_is_not_neo4j(scheme: str, answer: Answer) -> None:
    with listening(answer) as port:
        text = refusal(f"{scheme}://127.0.0.1:{port}", DatabaseIncompatible)
    assert "does not answer as a Neo4j database does" in text
    assert "usually port 7687" in text


def test_a_neo4j_that_is_too_old() -> None:
    with listening(too_old) as port:
        text = refusal(f"bolt://127.0.0.1:{port}", DatabaseIncompatible)
    assert "is Neo4j 5.20.0, which is too old" in text
    assert "5.26 or newer" in text


@pytest.mark.parametrize("scheme", ["neo4j+s", "neo4j+ssc", "bolt+s", "bolt+ssc"])
def test_encryption_where_there_is_none(scheme: str) -> None:
    with listening(ssh) as port:
        text = refusal(f"{scheme}://127.0.0.1:{port}", DatabaseIncompatible)
    assert "encryption" in text
    assert "bolt:// for a server without TLS" in text


@pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
def test_an_unknown_host(scheme: str) -> None:
    text = refusal(f"{scheme}://no-such-host.invalid:7687", DatabaseUnavailable)
    assert "no-such-host.invalid" in text


@pytest.mark.parametrize(
    "url", ["bolt://127.0.0.1:seven", "neo4j://127.0.0.1:99999", "bolt://[::1"]
)
def test_malformed_addresses(url: str) -> None:
    assert "malformed" in refusal(url, DatabaseIncompatible)


@pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
def test_a_password_in_the_address_is_not_repeated(scheme: str) -> None:
    text = refusal(f"{scheme}://me:secret-word@127.0.0.1:7687", DatabaseIncompatible)
    assert "RELGRAPH_DATABASE_PASSWORD" in text


@pytest.fixture(scope="module")
def start_s() -> float:
    """How long this machine needs to start a command that does nothing."""
    start = time.monotonic()
    relgraph("--version", anew=True)
    return time.monotonic() - start


def refusal_of_check(url: str, start_s: float, **environment: str) -> str:
    """The one line with which `relgraph check` refuses an address in time."""
    start = time.monotonic()
    done = relgraph("check", "--database", url, **environment)
    took = time.monotonic() - start
    # A busy machine takes longer to load the command, too; `start_s` says how much.
    assert took < LIMIT_S + 3 * start_s
    assert done.returncode == 1
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert line.startswith("relgraph: ")
    return line


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (mute, "does not answer. Check that it runs"),
        (mute_after_handshake, "does not answer. Check that it runs"),
        (hanging_up, "does not answer. Check that it runs"),
        (http, "does not answer as a Neo4j database does"),
        (ssh, "does not answer as a Neo4j database does"),
        (garbage, "does not answer as a Neo4j database does"),
        (too_old, "which is too old"),
    ],
)
def test_check_says_what_is_wrong(answer: Answer, says: str, start_s: float) -> None:
    with listening(answer) as port:
        url = f"bolt://127.0.0.1:{port}"
        line = refusal_of_check(url, start_s)
    assert url in line
    assert says in line


def test_check_where_nobody_listens(start_s: float) -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"neo4j://127.0.0.1:{unused.getsockname()[1]}"
        assert f"The database at {url} does not answer." in refusal_of_check(url, start_s)


def test_check_of_an_unknown_host(start_s: float) -> None:
    line = refusal_of_check("neo4j://no-such-host.invalid:7687", start_s)
    assert "no-such-host.invalid" in line


@pytest.mark.parametrize("answer", [mute, mute_after_handshake])
def test_a_database_that_falls_silent_later(answer: Answer) -> None:
    """`check` of an open database keeps the time, too."""
    with listening(answer) as port, Database(f"bolt://127.0.0.1:{port}", "neo4j", "x") as db:
        start = time.monotonic()
        with pytest.raises(DatabaseUnavailable, match="does not answer"):
            db.check()
        assert time.monotonic() - start < LIMIT_S


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
class TestRealNeo4j:
    def test_check_with_a_wrong_password(self, neo4j_db: Database, start_s: float) -> None:
        url = login_of(neo4j_db)[0]
        # Not the user of the other tests, whom Neo4j would lock out for some seconds.
        own = {"RELGRAPH_DATABASE_USER": "nobody", "RELGRAPH_DATABASE_PASSWORD": "secret-word"}
        line = refusal_of_check(url, start_s, **own)
        assert "refused the user or password" in line
        assert "secret-word" not in line

    @pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
    def test_wrong_password(self, neo4j_db: Database, scheme: str) -> None:
        url = login_of(neo4j_db)[0].replace("neo4j", scheme)
        text = refusal(url, DatabaseLoginRefused)
        assert "refused the user or password" in text
        assert "RELGRAPH_DATABASE_USER" in text

    def test_no_password(self, neo4j_db: Database) -> None:
        refusal(login_of(neo4j_db)[0], DatabaseLoginRefused, password=None)

    def test_a_database_name_that_there_is_not(self, neo4j_db: Database) -> None:
        url, user, password = login_of(neo4j_db)
        text = refusal(
            url,
            DatabaseIncompatible,
            database_user=user,
            password=password,
            database_name="nowhere",
        )
        assert "RELGRAPH_DATABASE_NAME" in text

    def test_bolt_and_a_named_database_work(self, neo4j_db: Database) -> None:
        url, user, password = login_of(neo4j_db)
        with opening(
            url.replace("neo4j", "bolt"), password, database_user=user, database_name="neo4j"
        ) as db:
            status = db.check()
        assert status.product.startswith("Neo4j/5.26")
        assert not status.local

    def test_encryption_that_it_does_not_offer(self, neo4j_db: Database) -> None:
        url = login_of(neo4j_db)[0].replace("neo4j://", "neo4j+ssc://")
        assert "without TLS" in refusal(url, DatabaseIncompatible)
