"""The account's state as Prometheus reads it: text, one line a number. Pure; nothing in it is about a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version

from connector.pipeline.standing import Standing

KIND = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Metric:
    """One number; `kind` gauge or counter."""

    name: str
    help: str
    value: float
    labels: Mapping[str, str]
    kind: str = "gauge"


def text(metrics: Iterable[Metric]) -> str:
    """Grouped by name, as the format wants them."""
    groups: dict[str, list[Metric]] = {}
    for one in metrics:
        groups.setdefault(one.name, []).append(one)
    lines = []
    for name, some in groups.items():
        lines += [f"# HELP {name} {some[0].help}", f"# TYPE {name} {some[0].kind}"]
        lines += [f"{name}{_labels(one.labels)} {_number(one.value)}" for one in some]
    return "\n".join(lines) + "\n"


def of_account(told: Standing, requests: int) -> Iterator[Metric]:
    """What is known of one account without asking its CRM."""
    who = {"account": told.name}
    for stream, at in told.fresh.items():
        if at is not None:
            age = max(0.0, (told.now - at) / 1000)
            yield Metric(
                "kpi_stream_age_seconds", "Since the data of a stream were read last.", age, who | {"stream": stream}
            )
    for stream, count in told.rows.items():
        yield Metric("kpi_stream_rows", "Rows read of a stream so far.", count, who | {"stream": stream})
    broken = len(told.problems)
    yield Metric("kpi_streams_with_problems", "Streams whose last reading ended in a problem.", broken, who)
    yield Metric("kpi_dossiers_waiting", "Whether clients wait to be derived anew.", told.waiting_dossiers, who)
    for key, count in told.outbox.items():
        level, _, state = key.partition(" ")
        yield Metric("kpi_outbox", "Rows of the outbox.", count, who | {"level": level, "state": state})
    yield Metric("kpi_notices", "Things that a person should know.", len(told.notices), who)
    yield Metric("kpi_crm_requests_total", "Requests sent to the CRM by this process.", requests, who, "counter")
    yield from _runs(told, who)


def _runs(told: Standing, who: Mapping[str, str]) -> Iterator[Metric]:
    seen: set[str] = set()
    for run in told.runs:
        if run.what in seen or run.ended_at is None:
            continue
        seen.add(run.what)
        of = {**who, "what": run.what}
        yield Metric("kpi_run_ended_seconds", "When a run of this sort ended last, Unix time.", run.ended_at / 1000, of)
        yield Metric("kpi_run_failed", "Whether it ended with an error.", run.error is not None, of)


def build() -> Metric:
    """Which version runs."""
    return Metric("kpi_build_info", "Always 1; the version is a label.", 1, {"version": version("kpi-connector")})


def _labels(labels: Mapping[str, str]) -> str:
    told = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{told}}}" if told else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    return f"{int(value)}" if float(value).is_integer() else f"{value:.3f}"
