"""The words of drifts: what changed, what it does to KPIs, what to do."""

from __future__ import annotations

from collections.abc import Collection

from connector.health.drift import Code, Drift
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Language, Text

_CHANGED: dict[Code, Text] = {
    "stage_added": Text("новый этап «{after}» ({pipeline})", "a new stage “{after}” ({pipeline})"),
    "stage_removed": Text("этап «{before}» ({pipeline}) удалён", "the stage “{before}” ({pipeline}) is gone"),
    "stage_renamed": Text(
        "этап «{before}» ({pipeline}) переименован в «{after}»",
        "the stage “{before}” ({pipeline}) is now called “{after}”",
    ),
    "stage_outcome": Text(
        "этап «{pipeline}» сменил смысл: {before} → {after}",
        "the stage “{pipeline}” changed meaning: {before} → {after}",
    ),
    "pipeline_added": Text("новая воронка «{after}»", "a new pipeline “{after}”"),
    "pipeline_removed": Text("воронка «{before}» удалена или в архиве", "the pipeline “{before}” is gone or archived"),
    "pipeline_renamed": Text(
        "воронка «{before}» переименована в «{after}»", "the pipeline “{before}” is now called “{after}”"
    ),
    "field_emptied": Text(
        "поле «{pipeline}» перестали заполнять: было {before}, стало {after}",
        "the field “{pipeline}” is no longer filled in: {before} before, {after} now",
    ),
    "field_vanished": Text("поля «{before}» больше нет в CRM", "the field “{before}” is no longer in the CRM"),
    "calls_stopped": Text(
        "три рабочих дня нет ни одного звонка, обычно {before} в день",
        "no call for three working days, usually {before} a day",
    ),
    "calls_flat": Text(
        "у всех разговоров трёх дней одна длительность: {after} с",
        "every talk of three days lasted the same: {after} s",
    ),
    "calls_answered": Text(
        "доля состоявшихся разговоров скачком: {before} → {after}",
        "the share of calls answered jumped: {before} → {after}",
    ),
    "calls_short": Text(
        "доля разговоров короче 20 с скачком: {before} → {after}",
        "the share of talks under 20 s jumped: {before} → {after}",
    ),
}
_OUTCOMES = {
    "open": Text("в работе", "open"),
    "won": Text("успех", "won"),
    "lost": Text("отказ", "lost"),
}
_FREEZES = Text(
    "{what}; заморожены показатели: {kpis}. Проверьте и подтвердите: kpi drift accept {id}",
    "{what}; frozen KPIs: {kpis}. Look, then confirm: kpi drift accept {id}",
)
NOTHING_OPEN = Text("нет изменений, ждущих подтверждения", "no change waits to be accepted")
STATES = {
    "open": Text("ждёт", "waiting"),
    "noted": Text("отмечено", "noted"),
    "config": Text("учтено в конфигурации", "answered by the configuration"),
    "undone": Text("вернули как было", "undone"),
}


def told(drift: Drift) -> Text:
    """What changed."""
    return Text(_told(drift, "ru"), _told(drift, "en"))


def _told(drift: Drift, language: Language) -> str:
    words = {"before": drift.before, "after": drift.after, "pipeline": drift.pipeline or "—"}
    if drift.code == "stage_outcome":
        words |= {name: _OUTCOMES[word](language) for name in ("before", "after") if (word := words[name]) in _OUTCOMES}
    return _CHANGED[drift.code](language).format(**words)


def notice(id: int, text: Text, kpis: Collection[str]) -> Text:
    """What a person is told of an open drift, and what to do."""
    return Text(*(_FREEZES(language).format(what=text(language), kpis=titles(kpis, language), id=id)
                  for language in ("ru", "en")))  # fmt: skip


def titles(kpis: Collection[str], language: Language) -> str:
    """Names of KPIs, the first few; an account's own by their keys."""
    names = [ALL[key].title(language) if key in ALL else key for key in kpis]
    return ", ".join(names[:6]) + (f" +{len(names) - 6}" if len(names) > 6 else "")
