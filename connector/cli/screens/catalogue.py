"""Which KPIs a person asks about: the catalogue's, and with a configuration those of its accounts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from connector.cli.options import benches, config_path
from connector.kpi.catalogue import ALL, chosen
from connector.kpi.telling.about import Told
from connector.pipeline.catalogue import catalogue_of


def everything(config: Path | None, account: str | None) -> list[Told]:
    """The catalogue's KPIs, then each account's own; of no configuration where none is named and none is here."""
    told = [Told(kpi) for kpi in ALL.values()]
    if config is None and not config_path(None).exists():
        return told
    with benches(config, account) as opened:
        for bench in opened:
            own = [kpi for key, kpi in catalogue_of(bench).items() if key not in ALL]
            told += [Told(kpi, bench.settings.name) for kpi in own]
    return told


def named(key: str, told: Sequence[Told]) -> list[Told]:
    """Those of a key: own ones of several accounts may share it. Raises BadConfig where there is none."""
    chosen([key], {one.kpi.key: one.kpi for one in told})
    return [one for one in told if one.kpi.key == key]
