"""kpi advise and what-if, as they are called."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from connector.cli import app
from connector.store.engine import open_store
from tests.pipeline.objections import half_a_year


def configured(folder: Path, url: str) -> str:
    store = open_store(url)
    half_a_year(store)
    store.dispose()
    config = folder / "config.toml"
    config.write_text(
        f'[store]\nurl = "{url}"\n[[account]]\nname = "moscow"\nprovider = "amocrm"\ntimezone = "Europe/Moscow"\n'
        f'[account.options]\nbase_url = "https://acme.amocrm.ru"\ntoken = {{ env = "AMO_TOKEN" }}\n'
        '[account.rules]\nobjection_field = "Возражения"\nrefund_amount_field = "Возврат"\n',
        encoding="utf-8",
    )
    return str(config)


def test_advice_and_what_if(tmp_path: Path, sqlite_url: str) -> None:
    config, run = configured(tmp_path, sqlite_url), CliRunner(env={"AMO_TOKEN": "x"})
    told = run.invoke(app, ["advise", "-c", config, "--period", "2026-10", "--user", "анна"])
    assert told.exit_code == 0, told.output
    assert "moscow: что поставить на октябрь 2026" in told.output
    assert "Борис" not in told.output
    found = json.loads(run.invoke(app, ["advise", "-c", config, "-p", "2026-10", "--json"]).stdout)
    assert [one["user"]["name"] for one in found["people"]] == ["Анна", "Борис", "Вера"]
    moved = ["advise", "what-if", "-c", config, "-p", "2026-10", "-u", "501", "-f", "conversion", "-v", "0.25"]
    assert "→ 25" in run.invoke(app, moved).output
    assert json.loads(run.invoke(app, [*moved, "--json"]).stdout)["value"] == 0.25
