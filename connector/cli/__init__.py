"""The command line. Each command is a few lines; `main` turns our errors into one line and an exit code."""

from __future__ import annotations

import faulthandler
import gc
import logging
import os
import sys
from typing import Annotated

import typer

from connector.cli import (
    absences,
    advising,
    backups,
    catalogue,
    closing,
    connecting,
    contesting,
    corrections_of_plans,
    daemon,
    digests,
    doctor,
    feedback,
    health,
    hooks,
    importing,
    logs,
    numbers,
    people,
    plans,
    privacy,
    rates,
    spoken,
    talks,
    targets,
    tongue,
    upkeep,
    widgets,
    writing,
    wrong_call,
)
from connector.cli.alone import alone
from connector.errors import KpiError
from connector.redact import redact

app = typer.Typer(
    name="kpi",
    help="Sales KPIs beside amoCRM and Bitrix24: sync, compute, explain, write back.",
    epilog="Exit codes: 0 done, 1 failed, 2 configuration or call wrong, 3 an account needs a person.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for room in (
    connecting, numbers, plans, corrections_of_plans, closing, targets, advising, feedback, absences, rates, importing,
    contesting, catalogue, writing, health, hooks, backups, upkeep, privacy, doctor, daemon, people, talks, widgets,
    digests,
):  # fmt: skip
    room.add_to(app)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"kpi-connector {version('kpi-connector')}")
        raise typer.Exit


@app.callback()
def before_any(
    told: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """What is told whatever the command."""


RARELY = (50_000, 10, 10)
"""Objects more than were let go until garbage is looked for. What a command loads first is none, and with the usual 700
a tenth of its start goes into looking.
"""


def main() -> None:
    """Run one command and exit with its code (2 for a wrong call)."""
    gc.set_threshold(*RARELY)
    if sys.__stderr__ is not None:
        faulthandler.enable(sys.__stderr__)  # if native code ends the process, it says where
    command = next(iter(sys.argv[1:]), "")
    try:
        logs.set_up(os.environ.get("KPI_LOG") or logs.usual(command), os.environ.get("KPI_LOG_FORMAT", ""))
        sys.exit(wrong_call.run(alone(app, command)))
    except KpiError as error:
        sys.stderr.write(f"kpi: {tongue.said(error)}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write(f"kpi: {spoken.line('interrupted', tongue.house())}\n")
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except Exception as surprise:
        logging.getLogger("kpi").error("unexpected", exc_info=surprise)
        told = spoken.line("surprise", tongue.house(), what=f"{type(surprise).__name__}: {surprise}")
        sys.stderr.write(redact(f"kpi: {told}") + "\n")
        sys.exit(1)
