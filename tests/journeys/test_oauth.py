"""An account connected by OAuth: authorised once, refreshed as the day goes by, each refresh token spent once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.app import desk
from connector.cli.demo import DEMO_NOW, account, sandbox_module
from connector.config import Settings
from connector.errors import Reauthorise
from connector.moment import Period
from connector.pipeline.measuring import report_of
from connector.pipeline.reading import sync_and_derive
from connector.pretend.happenings import Company


def settings_of(provider: str, box: Any, plan: Company, folder: Path) -> Settings:
    told = account(provider, box, plan, "preview")
    told["options"] = box.oauth_options()
    return Settings.model_validate({"store": {"url": f"sqlite:///{folder}/kpi.db"}, "account": [told]})


def a_code(provider: str, box: Any) -> str:
    return str(box.code() if provider == "amocrm" else box.oauth.code(1))


@pytest.mark.parametrize("provider", ["amocrm", "bitrix24"])
def test_authorised_once_it_goes_on_by_itself(provider: str, plan: Company, tmp_path: Path) -> None:
    with sandbox_module(provider).Sandbox(plan, now=DEMO_NOW, paced=False) as box:
        settings = settings_of(provider, box, plan, tmp_path)
        with desk(tmp_path / "config.toml", {}, settings=settings) as made:
            bench = made.open(settings.account[0])
            with pytest.raises(Reauthorise):
                sync_and_derive(bench)
            assert bench.provider.authority.link().startswith("http")  # type: ignore[attr-defined]
            bench.provider.authority.accept(a_code(provider, box))  # type: ignore[attr-defined]
            sync_and_derive(bench)
        for hours in (13, 26, 80):
            box.advance(DEMO_NOW + timedelta(hours=hours))
            with desk(tmp_path / "config.toml", {}, settings=settings) as made:
                bench = made.open(settings.account[0])
                assert not sync_and_derive(bench).problems
                assert report_of(bench, Period.parse("2026-08")).results
        stored = (tmp_path / "kpi.db").read_bytes()
        for secret in ("client_secret", "refresh_token"):
            assert secret.encode() not in stored
