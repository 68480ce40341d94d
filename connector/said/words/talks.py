"""Transcripts, recordings, checklists, scores of calls. Words only."""

from __future__ import annotations

TALKS: dict[str, str] = {
    "recording": "запись звонка",
    "call {0}": "звонок {0}",
    "call {0}: {1}": "звонок {0}: {1}",
    "let be, as hearing them ended the program each time: {0} recordings ({1})": (
        "оставлены, потому что прослушивание каждый раз обрывало программу: записей {0} ({1})"
    ),
    "this CRM tells no recordings": "эта CRM записей не отдаёт",
    "the CRM gives no recordings: {0}": "CRM не даёт записей: {0}",
    "nothing more is scored: {0}": "больше ничего не оценивается: {0}",
    "account.quality.speech.keep": "account.quality.speech.keep",
    "{0}: call {1} is not there (any more)": "{0}: звонка {1} нет (или уже нет)",
    "{0}: there is no call {1}": "{0}: звонка {1} нет",
    "{0}: user {1} was not asked to score call {2}": "{0}: user {1} не просили оценить звонок {2}",
    "{0}: calls are drawn of a week such as 2026-W40": "{0}: звонки отбирают за неделю, например 2026-W40",
    "{0}: not answered": "{0}: нет ответа",
    "{0}: no criterion of this checklist; there are: {1}": "{0}: такого критерия в чек-листе нет; есть: {1}",
    "answers: an object such as {{ greeting: yes }}": "ответы: объект вида {{ greeting: yes }}",
    "answers: no JSON ({0})": "ответы: не JSON ({0})",
    "{0}: {1}; yes, no or not_applicable": "{0}: {1}; нужно yes, no или not_applicable",
    "the criterion {0} counts in no KPI: programs disagree with people (kpi calls agreement)": (
        "критерий {0} в показателях не учтён: программа расходится с людьми (kpi calls agreement)"
    ),
    "{0}: there is no such file or folder": "{0}: такого файла или папки нет",
    "may be of several calls: {0}": "может относиться к нескольким звонкам: {0}",
    "another file is of call {0} too": "о звонке {0} есть и другой файл",
    "the words of call {0} were deleted here on purpose: not taken again": (
        "слова звонка {0} здесь удалены намеренно: заново не приняты"
    ),
    "{0}: no transcript of call {1} is kept": "{0}: расшифровка звонка {1} не хранится",
    "names no call": "не называет звонка",
    "{0}: no call of this account": "{0}: не звонок этого аккаунта",
    "no *.toml in {0}: put a checklist there, or leave the setting out for the starter": (
        "в {0} нет *.toml: положите туда чек-лист или уберите настройку, тогда будет начальный"
    ),
    "{0}: cannot be read as UTF-8: {1}": "{0}: не читается как UTF-8: {1}",
    "objection {0}: handled_by names {1}, no such [[moves]]": (
        "возражение {0}: handled_by называет {1}, такого [[moves]] нет"
    ),
    "{0}: {1} stands in several files: raise the version": "{0}: {1} есть в нескольких файлах: поднимите версию",
    "{0} has no address ({1})": "у {0} нет адреса ({1})",
    "more than {0} redirects": "больше {0} перенаправлений",
    "{0}: no whole recording ({1})": "{0}: запись пришла не целиком ({1})",
    "only https addresses without a user in them are fetched": "скачиваются только адреса https без пользователя в них",
    "{0} is not among account.quality.speech.hosts": "{0} нет среди account.quality.speech.hosts",
    "an address that is none": "адрес — не адрес",
    "{0} has an address that is not public": "у {0} адрес не публичный",
    "{0}: the recording is not there (any more)": "{0}: записи нет (или уже нет)",
    "{0}: {1} bytes, more than is allowed": "{0}: {1} байт, больше дозволенного",
    "{0}: {1}, which is no sound": "{0}: {1}, это не звук",
    "{0}: the recording ended early": "{0}: запись оборвалась",
    "{0}: more bytes than are allowed": "{0}: байт больше дозволенного",
    "{0}: the recording took longer than is allowed": "{0}: запись скачивалась дольше дозволенного",
    "answered {0}": "ответ {0}",
    "answered {0}: {1}": "ответ {0}: {1}",
    "the model's endpoint does not let us in": "модель нас не пускает",
    "look at account.quality.llm.key": "посмотрите account.quality.llm.key",
    "the model's endpoint is busy": "модель занята",
    "no choice in the answer": "в ответе нет choice",
    "account.quality.embeddings = true: pip install kpi-connector[embeddings]": (
        "account.quality.embeddings = true: pip install kpi-connector[embeddings]"
    ),
    "larger than {0} MB": "больше {0} МБ",
    "neither UTF-8 nor Windows-1251 text": "текст не в UTF-8 и не в Windows-1251",
    "nothing is said in it": "в нём ничего не сказано",
    "more than {0} turns": "больше {0} реплик",
    "no JSON: {0}": "не JSON: {0}",
    "{0} minutes, more than account.quality.speech.max_minutes": "{0} мин, больше account.quality.speech.max_minutes",
    "nothing was understood": "ничего не разобрано",
    "an empty recording": "пустая запись",
    "account.quality.speech: pip install kpi-connector[stt]": "account.quality.speech: pip install kpi-connector[stt]",
    "no sound that can be decoded ({0})": "звук не раскодировать ({0})",
    "account.quality.speech.model: {0} holds no model.bin": "account.quality.speech.model: в {0} нет model.bin",
}
