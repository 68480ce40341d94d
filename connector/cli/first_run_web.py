"""kpi init --web: the first run as pages, by a link that is good once, on this machine unless told otherwise."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from connector.cli.options import command
from connector.errors import BadConfig
from connector.kpi.text import Language, Text

if TYPE_CHECKING:
    from connector.web.setup.variables import Readable

SAID: dict[str, Text] = {
    "open": Text(
        "Откройте в браузере (ссылка сработает один раз; Ctrl-C — закончить):\n  {link}",
        "Open in a browser (the link works once; Ctrl-C ends it):\n  {link}",
    ),
    "far": Text(
        "Внимание: {listen} видно другим машинам, а ключ CRM пойдёт по http. Ставьте перед этим TLS или откройте "
        "туннель.",
        "Careful: other machines see {listen}, and the CRM's key goes by http. Put TLS before it, or open a tunnel.",
    ),
    "done": Text("{path} записан. Дальше: {run}", "{path} is written. Next: {run}"),
    "left": Text("Ничего не записано.", "Nothing was written."),
}


def in_browser(path: Path, language: Language, listen: str | None, named: Sequence[str]) -> None:
    """Serve the steps until they are done or Ctrl-C. `named`: further variables that a key may be read from.

    Raises BadConfig where the file is there already, or a variable is our own.
    """
    from connector.web.serving import LISTEN, hosted
    from connector.web.setup.app import build

    if path.exists():
        raise BadConfig([f"{path}: exists already; left as it is"])
    where = listen or LISTEN
    app, setup = build(path, os.environ, readable(where, named))
    if not _near(where):
        typer.echo(SAID["far"](language).format(listen=where), err=True)
    with hosted(where, app) as address:
        typer.echo(SAID["open"](language).format(link=f"{address}/setup/in/{setup.code}"))
        waited(setup.finished)
    typer.echo(SAID["done" if path.exists() else "left"](language).format(path=path, run=command("run", path)))


def readable(where: str, named: Sequence[str]) -> Readable:
    """What the first form may read a key from: on this machine what CRMs' keys are called, elsewhere what was named."""
    from connector.web.setup.variables import Readable, ours

    if refused := [name for name in named if ours(name)]:
        raise BadConfig([f"--env {name}: this program's own, never sent to a CRM" for name in refused])
    return Readable(frozenset(named), usual=_near(where))


def _near(where: str) -> bool:
    from connector.config.values import LOOPBACK

    return where.rpartition(":")[0].strip("[]") in LOOPBACK


def waited(finished: threading.Event) -> None:
    """Until it is set, or Ctrl-C."""
    try:
        finished.wait()
    except KeyboardInterrupt:
        return
