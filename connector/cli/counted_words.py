"""What commands count, in words, and what one of each is called. Words only."""

from __future__ import annotations

from connector.kpi.text import Text

KEPT: dict[str, Text] = {
    "record": Text("записей CRM", "records"),
    "transcript": Text("расшифровок", "transcripts"),
    "unread": Text("непрочитанных строк", "unread rows"),
    "absence": Text("причин отсутствия", "reasons of absence"),
    "sign_in": Text("входов", "sign-ins"),
    "call_score": Text("оценок разговоров", "scored calls"),
    "cell_book": Text("сводок", "summaries"),
    "chance": Text("шансов", "chances"),
    "closed_value": Text("закрытых чисел", "closed values"),
    "closing": Text("закрытий месяца", "closings"),
    "contest": Text("споров", "contests"),
    "contest_verdict": Text("решений по спорам", "verdicts"),
    "drift": Text("перемен в CRM", "changes of the CRM"),
    "feedback": Text("задач руководителям", "tasks for heads"),
    "hook": Text("хуков", "hooks"),
    "import": Text("загрузок", "imports"),
    "imported": Text("загруженных строк", "imported rows"),
    "notice": Text("уведомлений", "notices"),
    "outbox": Text("записей в CRM", "writes"),
    "plan_correction": Text("поправок планов", "plan corrections"),
    "refused": Text("непрочитанных строк", "unread rows"),
    "result": Text("чисел", "results"),
    "run": Text("запусков", "runs"),
    "terms": Text("условий месяца", "terms of months"),
    "turn": Text("очередей", "turns"),
    "world": Text("снимков CRM", "pictures of the CRM"),
    "hooks": Text("хуков", "hooks"),
    "unreadable": Text("непрочитанных строк", "unread rows"),
    "runs": Text("запусков", "runs"),
    "sign_ins": Text("входов", "sign-ins"),
    "audit": Text("строк журнала", "ledger rows"),
    "gone_clients": Text("удалённых клиентов", "deleted clients"),
    "transcripts": Text("расшифровок", "transcripts"),
}
"""What erasing and purging count: sorts, and tables in whose texts a name stood."""
_PLAIN = (
    "absence", "call", "chance", "client", "closed value", "closing", "contest", "deal", "deal field", "deletion",
    "deleted client", "exchange rate", "hook", "import", "imported row", "invoice", "KPI card", "ledger row",
    "loss reason", "meeting", "message", "notice", "objection", "payment", "pipeline", "plan correction", "rating",
    "record", "refund", "request", "result", "row", "run", "scored call", "sign-in", "stage", "stage move", "task",
    "team", "training", "transcript", "turn", "unread row", "verdict", "write",
)  # fmt: skip
ONE: dict[str, str] = {
    "people": "person",
    "enquiries": "enquiry",
    "summaries": "summary",
    "changes of owner": "change of owner",
    "changes of amount": "change of amount",
    "changes of the CRM": "change of the CRM",
    "reasons of absence": "reason of absence",
    "terms of months": "terms of a month",
    "pictures of the CRM": "picture of the CRM",
    "tasks for heads": "task for heads",
    "tasks done": "task done",
    "deadlines moved": "deadline moved",
    "rows known already": "row known already",
    "rows gone": "row gone",
    "clients derived": "client derived",
    "facts added": "fact added",
    **{f"{one}s": one for one in _PLAIN},
}
"""Of which word what is one, where English says it otherwise."""
