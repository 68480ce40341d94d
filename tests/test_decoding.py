"""What several threads decode for the first time at once: every value, and a process that goes on."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import connector

AT_ONCE = """
import sys, threading
import msgspec
from connector.decoding import converted, decoded

sys.setswitchinterval(1e-6)
BODY = b'{"a":1,"b":{"x":1,"y":[1,2]},"c":"s","d":{"k":{"x":2,"y":[]}},"e":[1,"s"]}'
made = []
for n in range(300):
    class In(msgspec.Struct):
        x: int
        y: list[int]
    class Out(msgspec.Struct):
        a: int
        b: In
        c: str
        d: dict[str, In]
        e: tuple[int, str]
    start = threading.Barrier(4)
    def read(through):
        start.wait()
        made.append(through())
    ways = [lambda: decoded(BODY, Out), lambda: converted(msgspec.json.decode(BODY), Out)] * 2
    threads = [threading.Thread(target=read, args=(way,)) for way in ways]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
assert {(type(one).__name__, one.b.x, one.e) for one in made} == {("Out", 1, (1, "s"))}
print(len(made))
"""
BARE = re.compile(r"msgspec\.(json\.decode\([^\n]*type=(?!dict\[|tuple\[|list\[)|convert\()")


def test_threads_that_decode_a_class_at_once_all_get_it() -> None:
    ended = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (0, "1200\n"), ended.stderr


def test_no_class_is_learnt_outside_the_lock() -> None:
    """msgspec's own `decode(type=…)` is for built-in types; see connector/decoding.py."""
    root = Path(connector.__file__).parents[1]
    files = [path for room in ("connector", "providers") for path in (root / room).rglob("*.py")]
    found = {str(path.relative_to(root)) for path in files if BARE.search(path.read_text("utf-8"))}
    assert found == {"connector/decoding.py"}
