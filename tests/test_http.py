"""The HTTP layer against a real socket that misbehaves on purpose."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import requests
import responses

from connector.errors import BadConfig, Broken, KpiError, Limited, NotThere, Uncertain, Unreachable
from connector.http import Answer, Http, Pacer
from connector.said import told

Script = Callable[[socket.socket, bytes], bool | None]
"""Answers one request on an open connection; False hangs up."""
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


class Server:
    """A listening socket; each request is answered by the next script, the last one for ever."""

    def __init__(self) -> None:
        self.scripts: list[Script] = []
        self.requests: list[bytes] = []
        self.connections = 0
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                while request := _read_request(connection):
                    with self._lock:
                        self.requests.append(request)
                        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
                    if script(connection, request) is False:
                        return
            except OSError:
                return


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def reply(body: bytes = b"{}", status: str = "200 OK", *headers: str) -> Script:
    """A whole, honest answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Content-Type: application/json", *headers]

    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    return script


def raw(data: bytes, *, reset: bool = False) -> Script:
    """These bytes, then the connection ends, by FIN or RST."""

    def script(connection: socket.socket, _: bytes) -> bool:
        connection.sendall(data)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        return False

    return script


def drip(head: bytes, drop: bytes = b" ", pause: float = 0.05) -> Script:
    """A head, then a byte now and then, without end."""

    def script(connection: socket.socket, _: bytes) -> bool:
        connection.sendall(head)
        for _n in range(200):
            time.sleep(pause)
            connection.sendall(drop)
        return False

    return script


def hang_up(_connection: socket.socket, _request: bytes) -> bool:
    """The request was read; nobody answers."""
    return False


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def judge(answer: Answer) -> KpiError | None:
    if answer.status == 429:
        return Limited("too many", where=answer.where)
    if answer.status == 404:
        return NotThere("no such thing", where=answer.where)
    if answer.status >= 500:
        return Broken(f"answered {answer.status}", where=answer.where)
    return None


def http(**options: object) -> tuple[Http, list[float]]:
    """An Http that notes its pauses instead of sleeping them."""
    pauses: list[float] = []
    settings: dict[str, object] = {"judge": judge, "sleep": pauses.append, **options}
    return Http("acme", Pacer(1e9, sleep=lambda _: None), **settings), pauses  # type: ignore[arg-type]


# -- whole answers only -------------------------------------------------------------------------------------------

HALF = b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"rows":[1,2,3'
DAMAGED = {
    "reset in the middle of the body": raw(HALF, reset=True),
    "content-length longer than the body": raw(HALF),
    "valid but shorter JSON": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{}"),
    "chunked without its last chunk": raw(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n'),
    "chunk cut": raw(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"a":1}'),
    "chunk size is garbage": raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
    "gzip cut": raw(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 900\r\n\r\n" + gzip.compress(b"{}" * 99)[:20]
    ),
    "no answer at all": hang_up,
    "half a head": raw(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "head cut after a line": raw(b"HTTP/1.1 200 OK\r\n"),
    "not HTTP": raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_read_is_repeated_until_the_answer_is_whole(server: Server, damage: Script) -> None:
    server.scripts = [damage, damage, reply(b'{"rows":[1]}')]
    client, pauses = http()
    assert client.call("GET", server.url).json() == {"rows": [1]}
    assert len(server.requests) == client.sent == 3
    assert 0 < pauses[0] < pauses[1]


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_write_whose_answer_is_lost_is_uncertain_and_not_repeated(server: Server, damage: Script) -> None:
    server.scripts = [damage, reply()]
    client, pauses = http()
    with pytest.raises(Uncertain) as caught:
        client.call("POST", server.url, kind="write", json={"a": 1})
    assert len(server.requests) == 1
    assert pauses == []
    assert "answer was lost" in str(caught.value)


def test_a_read_that_stays_damaged_is_unreachable_after_five_tries(server: Server) -> None:
    server.scripts = [raw(HALF)]
    client, _ = http()
    with pytest.raises(Unreachable, match="no whole answer"):
        client.call("GET", server.url)
    assert len(server.requests) == 5


def test_a_host_that_refuses_connections_is_named_as_that() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # nobody listens at it
        client, _ = http(tries=1)
        with pytest.raises(Unreachable, match="the host refuses connections: nothing listens") as caught:
            client.call("GET", f"http://127.0.0.1:{held.getsockname()[1]}/x")
    assert "Errno" not in str(caught.value) and "сервер не принимает соединений" in told(caught.value, "ru")


def test_a_host_without_a_name_is_told_with_what_was_tried_and_what_to_do() -> None:
    client, pauses = http(tries=3)
    with pytest.raises(Unreachable, match="the host's name is not known") as caught:
        client.call("GET", "https://portal.invalid/rest")
    said = told(caught.value, "ru")
    assert len(pauses) == 2 and "portal.invalid" in said
    assert said.endswith(
        "такого имени сервера нет: ошибка в адресе, или этой машине недоступен DNS; спрошено раз: 3;"
        " посмотрите base_url в config.toml и откройте CRM в браузере с этой машины"
    )


def test_json_that_is_cut_where_no_length_was_promised_is_broken_and_repeated_by_a_judge_that_reads_it(
    server: Server,
) -> None:
    server.scripts = [raw(b'HTTP/1.1 200 OK\r\n\r\n{"rows":[1,'), reply(b'{"rows":[1]}')]

    def reading(answer: Answer) -> None:
        answer.json()

    client, _ = http(judge=reading)
    assert client.call("GET", server.url).json() == {"rows": [1]}
    server.scripts = [raw(b'HTTP/1.1 200 OK\r\n\r\n{"rows":[1,')]
    with pytest.raises(Uncertain, match="proves nothing"):
        client.call("POST", server.url, kind="write", json={})


# -- deadline and size --------------------------------------------------------------------------------------------

DRIPS = {
    "body": drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"),
    "body without length": drip(b"HTTP/1.1 200 OK\r\n\r\n"),
    "chunks": drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "head": drip(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "head lines": drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "silence after the head": drip(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", b"", 0.1),
    "silence": drip(b"", b"", 0.1),
}


@pytest.mark.parametrize("script", DRIPS.values(), ids=DRIPS.keys())
def test_a_slow_drip_does_not_outlive_the_deadline(server: Server, script: Script) -> None:
    server.scripts = [script]
    client, _ = http(deadline=0.3, tries=1)
    began = time.monotonic()
    with pytest.raises(Unreachable):
        client.call("GET", server.url)
    assert time.monotonic() - began < 0.9
    with pytest.raises(Uncertain):
        client.call("POST", server.url, kind="write", json={})


def test_a_connection_goes_on_at_its_own_pace_after_a_call_with_little_time_left(server: Server) -> None:
    slow = drip(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", b" ", 0.05)
    server.scripts = [reply(), slow]
    client, _ = http(deadline=30.0, tries=1)
    client.call("GET", server.url)
    assert client.call("GET", server.url).body == b"    "
    assert server.connections == 1


def test_a_gzip_bomb_is_cut_at_the_cap_and_not_asked_for_again(server: Server) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    server.scripts = [reply(bomb, "200 OK", "Content-Encoding: gzip")]
    client, _ = http(max_body=1_000_000)
    with pytest.raises(Broken, match="larger than 1000000 bytes"):
        client.call("GET", server.url)
    assert len(server.requests) == 1
    with pytest.raises(Uncertain):
        client.call("POST", server.url, kind="write", json={})


def test_an_endless_body_is_cut_at_the_cap(server: Server) -> None:
    server.scripts = [drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 100_000, 0.001)]
    client, _ = http(max_body=1_000_000)
    with pytest.raises(Broken, match="larger"):
        client.call("GET", server.url)


# -- what an answer is --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_redirect_is_handed_over_not_followed(server: Server, status: str, method: str) -> None:
    server.scripts = [reply(b"", status, f"Location: {server.url}/elsewhere")]
    client, _ = http()
    answer = client.call(method, f"{server.url}/here", kind="write", json={"secret": 1})
    assert answer.status == int(status[:3])
    assert answer.headers["location"].endswith("/elsewhere")
    assert len(server.requests) == 1


def test_json_with_a_byte_order_mark_gzip_and_a_wrong_content_type_is_still_json(server: Server) -> None:
    server.scripts = [
        reply(
            gzip.compress(b'\xef\xbb\xbf{"name":"\xd0\x98"}'), "200 OK", "Content-Encoding: gzip", "Content-Type: x/y"
        )
    ]
    client, _ = http()
    assert client.call("GET", server.url).json() == {"name": "И"}


BAD_JSON = [b"<html>maintenance</html>", b"", b'{"name":"\xc8"}', b"[" * 1_000_000, b'{"a":1}{"b":2}']


@pytest.mark.parametrize("body", BAD_JSON, ids=["html", "empty", "cp1251", "depth", "two"])
def test_what_is_not_json_is_broken_and_says_status_and_type(server: Server, body: bytes) -> None:
    server.scripts = [reply(body, "200 OK")]
    client, _ = http()
    answer = client.call("GET", server.url)
    with pytest.raises(Broken, match="answered 200 with application/json that is not JSON"):
        answer.json()


def test_a_gzip_header_over_plain_text_is_broken(server: Server) -> None:
    server.scripts = [reply(b'{"a":1}', "200 OK", "Content-Encoding: gzip")]
    client, _ = http()
    with pytest.raises(Broken, match="damaged"):
        client.call("GET", server.url)


@pytest.mark.parametrize(
    ("date", "ahead"),
    [
        ("Tue, 01 Sep 2026 12:00:30 GMT", 30),
        ("Tue, 01 Sep 2026 15:00:30 +0300", 30),
        ("Tue, 01 Sep 2026 12:00:30 -0000", 30),
        ("yesterday", 0),
        ("Tue, 01 Sep 99999 12:00:30 GMT", 0),
    ],
)
def test_the_servers_own_time_is_told_and_kept_as_an_offset(
    server: Server, monkeypatch: pytest.MonkeyPatch, date: str, ahead: int
) -> None:
    monkeypatch.setenv("TZ", "Asia/Vladivostok")
    time.tzset()
    try:
        server.scripts = [reply(b"{}", "200 OK", f"Date: {date}"), reply()]
        client, _ = http(clock=lambda: NOW)
        assert client.call("GET", server.url).told_at == NOW + timedelta(seconds=ahead)
        assert client.offset == ahead
        assert client.call("GET", server.url).told_at == NOW + timedelta(seconds=ahead)  # no Date: the offset holds
    finally:
        monkeypatch.undo()
        time.tzset()


# -- what may be repeated -----------------------------------------------------------------------------------------


def test_a_limit_is_waited_out_for_reads_and_writes_and_holds_the_pacer(server: Server) -> None:
    for kind in ("read", "write"):
        server.scripts = [reply(b"<html>", "429 Too Many"), reply(b'{"ok":1}')]
        held: list[float] = []
        client, pauses = http()
        client.pacer.hold = held.append  # type: ignore[method-assign]
        assert client.call("POST", server.url, kind=kind, json={}).json() == {"ok": 1}  # type: ignore[arg-type]
        assert len(pauses) == 1
        assert held == pauses


def test_a_limit_with_a_moment_is_waited_for_by_the_servers_clock(server: Server) -> None:
    """The server's clock is three hours behind ours: its `told_at + 7 s` is not in the past."""

    def until(answer: Answer) -> KpiError | None:
        if answer.status == 429:
            return Limited("slow down", retry_at=answer.told_at + timedelta(seconds=7))
        return None

    server.scripts = [reply(b"", "429 Too Many", "Date: Tue, 01 Sep 2026 09:00:00 GMT"), reply()]
    client, pauses = http(clock=lambda: NOW, judge=until)
    client.call("POST", server.url, kind="write", json={})
    assert pauses == [7.0]


def test_a_limit_longer_than_our_patience_goes_up_at_once(server: Server) -> None:
    server.scripts = [reply(b"", "429 Too Many")]
    client, pauses = http(clock=lambda: NOW, judge=lambda a: Limited("tomorrow", retry_at=NOW + timedelta(days=1)))
    with pytest.raises(Limited, match="tomorrow"):
        client.call("GET", server.url)
    assert pauses == []
    assert len(server.requests) == 1


def test_a_moment_that_is_past_already_does_not_make_us_hammer(server: Server) -> None:
    server.scripts = [reply()]
    client, pauses = http(clock=lambda: NOW, judge=lambda a: Limited("go", retry_at=NOW - timedelta(seconds=1)))
    with pytest.raises(Limited):
        client.call("GET", server.url)
    assert len(pauses) == 4
    assert min(pauses) >= 0.5


@pytest.mark.parametrize("answer", [reply(b"", "429 Too Many"), reply(b"", "503 Busy"), hang_up])
def test_a_token_call_is_never_repeated(server: Server, answer: Script) -> None:
    server.scripts = [answer]
    client, _ = http()
    with pytest.raises((Limited, Uncertain)):
        client.call("POST", server.url, kind="token", json={})
    assert len(server.requests) == 1


def test_a_server_error_is_repeated_for_a_read_and_uncertain_for_a_write(server: Server) -> None:
    server.scripts = [reply(b"<html>", "504 Gateway Timeout"), reply(b'{"ok":1}')]
    client, _ = http()
    assert client.call("GET", server.url).json() == {"ok": 1}
    server.scripts = [reply(b"<html>", "504 Gateway Timeout")]
    with pytest.raises(Uncertain, match="answered 504"):
        client.call("POST", server.url, kind="write", json={})


def test_a_refusal_is_not_repeated(server: Server) -> None:
    server.scripts = [reply(b"", "404 Not Found")]
    client, _ = http()
    with pytest.raises(NotThere, match="acme GET"):
        client.call("GET", server.url)
    assert len(server.requests) == 1


def test_a_write_that_never_left_is_repeated(server: Server) -> None:
    """Nobody listens at first; the listener comes up during the pause."""
    with socket.create_server(("127.0.0.1", 0)) as parked:
        port = parked.getsockname()[1]
    up: list[Server] = []

    def open_up(_: float) -> None:
        if up:
            return
        late = Server.__new__(Server)
        late.scripts, late.requests, late.connections, late._lock = [reply(b'{"id":7}')], [], 0, threading.Lock()
        late._listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=late._accept, daemon=True).start()
        up.append(late)

    client, _ = http(sleep=open_up)
    assert client.call("POST", f"http://127.0.0.1:{port}", kind="write", json={}).json() == {"id": 7}
    assert len(up[0].requests) == 1
    up[0].close()


@pytest.mark.parametrize("kind", ["write", "token"])
@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "http://no-such-host.invalid/x"])
def test_what_never_left_is_unreachable_for_every_kind(kind: str, url: str) -> None:
    client, _ = http(tries=1)
    with pytest.raises(Unreachable):
        client.call("POST", url, kind=kind, json={})  # type: ignore[arg-type]


def test_a_failed_tls_handshake_has_sent_nothing(server: Server) -> None:
    client, _ = http(tries=1)
    server.scripts = [reply()]
    threading.Timer(0.1, server.close).start()
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def talk() -> None:
            connection, _ = plain.accept()
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 400 This is no TLS\r\n\r\n")
            connection.close()

        threading.Thread(target=talk, daemon=True).start()
        with pytest.raises(Unreachable, match="SSL"):
            client.call("POST", f"https://127.0.0.1:{plain.getsockname()[1]}", kind="write", json={})


@pytest.mark.parametrize("url", ["nonsense", "ftp://x/y", "http://", "http://[::1"])
def test_an_address_that_cannot_be_called_is_a_matter_of_configuration(url: str) -> None:
    client, pauses = http()
    with pytest.raises(BadConfig):
        client.call("POST", url, kind="write", json={})
    assert pauses == []


def test_a_header_that_would_split_the_request_is_not_sent(server: Server) -> None:
    server.scripts = [reply()]
    client, _ = http()
    with pytest.raises(BadConfig):
        client.call("GET", server.url, headers={"Authorization": "Bearer abc\r\nX: y"})
    assert server.requests == []


# -- connections --------------------------------------------------------------------------------------------------


def test_a_kept_connection_that_the_server_closed_meanwhile_is_replaced_without_a_word(server: Server) -> None:
    def and_close(connection: socket.socket, request: bytes) -> bool:
        reply()(connection, request)
        return False

    server.scripts = [and_close]
    client, pauses = http()
    for kind in ("read", "write", "read"):
        client.call("POST", server.url, kind=kind, json={})  # type: ignore[arg-type]
        time.sleep(0.05)  # for the FIN to arrive
    assert pauses == []
    assert server.connections == 3


def test_connections_are_kept(server: Server) -> None:
    server.scripts = [reply()]
    client, _ = http()
    for _ in range(5):
        client.call("GET", server.url)
    assert server.connections == 1
    client.close()
    client.call("GET", server.url)
    assert server.connections == 2


def test_many_threads_share_one_http(server: Server) -> None:
    def echo(connection: socket.socket, request: bytes) -> None:
        reply(request.partition(b"\r\n\r\n")[2])(connection, request)

    server.scripts = [echo]
    client, _ = http()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: client.call("POST", server.url, json={"n": n}).json()["n"], range(400)))
    assert answers == list(range(400))
    assert client.sent == 400
    assert server.connections <= 8


def test_headers_are_made_anew_for_each_try(server: Server) -> None:
    tokens = iter(["first", "second"])
    server.scripts = [hang_up, reply()]
    client, _ = http()
    client.call("GET", server.url, headers=lambda: {"Authorization": f"Bearer {next(tokens)}"})
    assert b"Bearer first" in server.requests[0]
    assert b"Bearer second" in server.requests[1]


def test_what_is_sent(server: Server) -> None:
    server.scripts = [reply()]
    client, _ = http()
    client.call("POST", server.url + "/p", params=[("filter[id][]", "1"), ("filter[id][]", "2")], json={"имя": 1})
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /p?filter%5Bid%5D%5B%5D=1&filter%5Bid%5D%5B%5D=2 HTTP/1.1")
    assert b"Content-Type: application/json" in head
    assert b"User-Agent: kpi-connector/" in head
    assert body == '{"имя":1}'.encode()


def test_no_secret_stands_in_an_error() -> None:
    client, _ = http(tries=1)
    with pytest.raises(Unreachable) as caught:
        client.call("GET", "http://127.0.0.1:1/rest/1/s3cr3tpath/crm.item.list?auth=t0k3nt0k3n&x=1")
    assert "s3cr3tpath" not in str(caught.value)
    assert "t0k3nt0k3n" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_under_responses_a_lost_answer_of_a_write_is_uncertain() -> None:
    client, _ = http()
    with responses.RequestsMock() as mock:
        mock.get(
            "https://acme.amocrm.ru/api/v4/leads", json={"a": 1}, headers={"Date": "Tue, 01 Sep 2026 12:00:00 GMT"}
        )
        answer = client.call("GET", "https://acme.amocrm.ru/api/v4/leads")
        assert (answer.json(), answer.told_at) == ({"a": 1}, NOW)
        mock.post("https://acme.amocrm.ru/api/v4/tasks", body=requests.ConnectionError("gone"))
        with pytest.raises(Uncertain):
            client.call("POST", "https://acme.amocrm.ru/api/v4/tasks", kind="write", json=[])
        mock.get("https://acme.amocrm.ru/none", status=204)
        assert client.call("GET", "https://acme.amocrm.ru/none").body == b""


# -- the pacer ----------------------------------------------------------------------------------------------------


class FakeTime:
    """A monotonic clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def starts(pacer: Pacer, clock: FakeTime, calls: int) -> list[float]:
    moments = []
    for _ in range(calls):
        pacer.wait()
        moments.append(round(clock.now - 1000.0, 6))
    return moments


def paced(rate: float, burst: float = 1.0, share: Callable[[], float] = lambda: 1.0) -> tuple[Pacer, FakeTime]:
    clock = FakeTime()
    return Pacer(rate, burst, share=share, monotonic=clock.monotonic, sleep=clock.sleep), clock


def test_calls_go_out_at_the_rate() -> None:
    pacer, clock = paced(7)
    assert starts(pacer, clock, 15)[-1] == pytest.approx(2.0)


def test_a_burst_is_saved_up_and_spent_once() -> None:
    pacer, clock = paced(2, burst=50)
    moments = starts(pacer, clock, 54)
    assert moments[:50] == [0.0] * 50
    assert moments[50:] == [0.5, 1.0, 1.5, 2.0]
    clock.now += 5
    before = clock.now
    assert [m + 1000 - before for m in starts(pacer, clock, 11)] == pytest.approx([0.0] * 10 + [0.5])


def test_the_share_scales_the_rate_at_each_call() -> None:
    shares = iter([1.0, 0.5, 0.5, 1.0, 0.0])
    pacer, clock = paced(10, share=lambda: next(shares))
    assert starts(pacer, clock, 5) == pytest.approx([0.0, 0.1, 0.3, 0.5, 0.6])


def test_a_hold_lets_nothing_out_and_a_shorter_one_does_not_shorten_it() -> None:
    pacer, clock = paced(10)
    pacer.wait()
    pacer.hold(30)
    pacer.hold(1)
    assert starts(pacer, clock, 2) == pytest.approx([30.0, 30.1])


def test_a_hold_counts_for_a_call_that_already_sleeps_towards_its_slot() -> None:
    clock = FakeTime()

    def sleep(seconds: float) -> None:
        clock.now += seconds
        if clock.now < 1001.0:  # while it slept, another thread was told that we are too fast
            pacer.hold(20)

    pacer = Pacer(10, monotonic=clock.monotonic, sleep=sleep)
    pacer.wait()
    assert pacer.wait() == pytest.approx(20.1)


def test_threads_together_keep_the_rate() -> None:
    pacer = Pacer(200, burst=1)
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: pacer.wait(), range(61)))
    assert time.monotonic() - began >= 60 / 200 * 0.99
