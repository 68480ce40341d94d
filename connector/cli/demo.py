"""kpi demo: a pretend company in both CRMs, and the main job on it, end to end. kpi sandbox: one of them, to stay."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connector.app import Desk, desk
from connector.cli import demo_kept, screen
from connector.cli.options import command
from connector.cli.screens import numbers as numbers_screen
from connector.cli.screens import writing as writing_screen
from connector.cli.spoken import line
from connector.cli.words import kind_name
from connector.config import Settings
from connector.errors import BadConfig, KpiError
from connector.kpi.text import Language
from connector.moment import Period, local_day
from connector.pipeline.bench import each
from connector.pipeline.cycling import cycle
from connector.pipeline.measuring import report_of
from connector.pretend import bulk, company
from connector.pretend.happenings import Company
from connector.pretend.people import SELLERS, moscow
from connector.trial import variable_of

MONTHS = 13
"""With less past the account would not vouch for the chance of any plan."""
DEMO_NOW = moscow(2026, 9, 24, 18, 30).astimezone(UTC)
"""A Thursday evening late in the plan's last month: pace, tasks and open deals all have something to say."""


def run_demo(keep: Path | None, language: Language) -> None:
    """Both sandboxes, two cycles; raises what went wrong, so that the exit code tells."""
    started = time.monotonic()
    plan = company.build(months=MONTHS)
    counts = {kind_name(kind, language): count for kind, count in company.counts(plan).items()}
    screen.say(line("company", language, what=screen.counted(counts, language), months=MONTHS))
    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kpi-demo-")))
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "config.toml").exists():
            raise BadConfig([f"{folder / 'config.toml'}: exists already; left as it is"])
        boxes = {name: stack.enter_context(sandbox_module(name).Sandbox(plan, now=DEMO_NOW)) for name in crms()}
        for name, box in boxes.items():
            screen.say(line("answers_at", language, name=name, address=box.base_url))
        raw = demo_raw(folder, plan, boxes, language)
        main_job(stack.enter_context(opened(folder, raw)), boxes, language)
        if keep is not None:
            screen.say(line("kept", language, report=command("report", demo_kept.keep(folder, raw))))
    screen.say(line("took", language, seconds=f"{time.monotonic() - started:.0f}"))


def main_job(made: Desk, boxes: Mapping[str, Any], language: Language = "en") -> None:
    """Sync, compute, write back; then once more, when nothing may be left to write."""
    benches = [made.open(account) for account in made.settings.account]
    with screen.progress(language) as progress:
        first = each(benches, lambda bench: cycle(bench, progress=progress))
    _raise_first(first)
    writing_screen.show_cycles(first, language)
    month = Period.month(local_day(DEMO_NOW, benches[0].zone()))
    numbers_screen.show_reports([report_of(bench, month) for bench in benches], "table", language)
    written = {name: len(box.written) for name, box in boxes.items()}
    writing_screen.show_written({name: box.written for name, box in boxes.items()}, language)
    with screen.progress(language) as progress:
        second = each(benches, lambda bench: cycle(bench, progress=progress))
    _raise_first(second)
    again = {name: len(box.written) - written[name] for name, box in boxes.items()}
    counts = {line("writes_to", language, name=name): count for name, count in again.items()}
    screen.say(line("again", language, what=screen.counted(counts, language)))
    if any(again.values()):
        raise KpiError("the second run wrote into a quiet CRM", where="demo")


def _raise_first(ended: list[Any]) -> None:
    for end in ended:
        if end.error is not None:
            raise end.error


def demo_raw(folder: Path, plan: Company, boxes: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The configuration of both accounts, as a real one would be, as a file would hold it."""
    return {
        "store": {"url": f"sqlite:///{folder.absolute() / 'kpi.db'}"},
        "account": [account(name, box, plan) | {"language": language} for name, box in boxes.items()],
    }


@contextmanager
def opened(folder: Path, raw: Mapping[str, Any]) -> Iterator[Desk]:
    """The desk of this configuration."""
    with desk(folder / "config.toml", os.environ, settings=Settings.model_validate(raw)) as made:
        yield made


def account(name: str, box: Any, plan: Company, writeback: str = "on") -> dict[str, Any]:
    """One account's settings on a sandbox: the company's own field names, junk reason and plans."""
    return {
        "name": f"demo-{name}",
        "provider": name,
        "timezone": plan.zone,
        "currency": plan.currency,
        "options": box.options,
        "rules": rules(plan),
        "rates": dict(plan.rates),
        "writeback": {
            "deal_fields": writeback,
            "kpi_card": writeback,
            "tasks": writeback,
            "max_writes": 1000,
        },
        "plan": [
            {"user": str(seller.id), "kpi": "revenue", "period": month, "value": str(seller.plan)}
            for seller in SELLERS
            for month in ("2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09")
        ],
    }


def rules(plan: Company) -> dict[str, Any]:
    """What the example configuration says, in the company's names."""
    return {
        "sales_pipelines": plan.sales_pipelines,
        "junk_reasons": (plan.junk_reason,),
        "csat_field": plan.csat_field,
        "csat_date_field": plan.csat_date_field,
        "refund_amount_field": plan.refund_amount_field,
        "refund_date_field": plan.refund_date_field,
        "currency_field": plan.currency_field,
    }


def crms() -> list[str]:
    """Every provider of the installation: the core knows none by name."""
    home = importlib.import_module("providers")
    return sorted(module.name for module in pkgutil.iter_modules(home.__path__) if module.ispkg)


def sandbox_module(provider: str) -> Any:
    """The sandbox of a provider, asked for by name. Raises BadConfig where there is no such provider."""
    if provider not in crms():
        raise BadConfig([f"{provider!r} is no pretend CRM; there are: {', '.join(crms())}"])
    return importlib.import_module(f"providers.{provider}.sandbox")


def serve_sandbox(
    provider: str, language: Language, *, port: int, now: datetime | None, paced: bool, deals: int, months: int
) -> None:
    """Serve one pretend CRM until stopped."""
    plan = bulk.build(deals) if deals else company.build(months=months)
    moment = now.replace(tzinfo=UTC) if now is not None else None
    try:
        made = sandbox_module(provider).Sandbox(plan, port=port, now=moment, paced=paced, transcripts=not deals)
    except OSError as error:
        raise BadConfig([f"--port: nobody can listen on {port} ({error.strerror}): name another one"]) from error
    with made as box:
        told = {"name": provider, "address": box.base_url, "at": box.now.isoformat()}
        screen.say(line("its_clock", language, **told))
        for text in pasted(provider, box.options):
            sys.stdout.write(text + "\n")
        sys.stdout.flush()
        screen.say(line("stop_it", language))
        while True:
            time.sleep(3600)


def pasted(provider: str, options: Mapping[str, Any]) -> Iterator[str]:
    """Lines for the shell and for `[account.options]`: a configuration names a secret's variable, never the secret."""
    secrets = {key: value for key, value in options.items() if hasattr(value, "get_secret_value")}
    names = {key: variable_of(provider, key) for key in secrets}
    yield from (f"export {names[key]}='{value.get_secret_value()}'" for key, value in secrets.items())
    yield "[account.options]"
    for key, value in options.items():
        yield f"{key} = " + (f'{{ env = "{names[key]}" }}' if key in names else as_toml(value))


def as_toml(value: Any) -> str:
    """As it goes into `[account.options]`."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f'"{key}" = {as_toml(one)}' for key, one in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return f'"{value}"'
