"""Every kind of fact there is: its names, what its numbers mean, and whether it happened or stands.

What happened has a day and counts in the period of that day. What stands (an open deal, an open task) is a fact as long
as it does; a period counts what stood at its end, as known then.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from connector.kpi.text import Language, Text

_POINT = re.compile(r"(?<=\d)\.(?=\d)")


@dataclass(frozen=True, slots=True)
class FactKind:
    """`one`, `many`: its names (Russian `many` in the genitive). `number`, `other`, `due`: what these columns hold.

    `told`: how a person reads the number, formatted with `n`, `minutes` and `days`; see `says`. `standing`: see above.
    """

    one: Text
    many: Text
    number: Text | None = None
    told: Text | None = None
    due: Text | None = None
    other: Text | None = None
    sort: Text | None = None
    """What `stage` holds, where that is no stage."""
    standing: bool = False
    working: bool = False
    """Whether `number` is counted in working time."""

    def says(self, number: float, language: Language) -> str:
        """`number` as a person reads it, with the language's decimal sign; empty where this kind tells none."""
        if self.told is None:
            return ""
        said = self.told(language).format(n=number, percent=number * 100, minutes=number / 60, days=number / 86400)
        return _POINT.sub(",", said) if language == "ru" else said


_TALK = Text("секунды разговора", "seconds of talk")
_TALKED = Text("{n:g} с разговора", "{n:g} s of talk")
_TO_WIN = Text("секунды до выигрыша", "seconds to the win")
_WINDOW = Text("конец окна", "end of the window")
_DEADLINE = Text("срок", "deadline")
_SORT = Text("вид", "sort")
_DAYS = Text("{days:.1f} дн.", "{days:.1f} days")
_SHARE = Text("доля от 0 до 1", "share from 0 to 1")
_SHARED = Text("{percent:.0f}\u00a0%", "{n:.0%}")

KINDS: dict[str, FactKind] = {
    "win": FactKind(
        Text("выигрыш", "win"),
        Text("выигрышей", "wins"),
        Text("номер покупки клиента", "the client's purchase number"),
        Text("покупка № {n:g}", "purchase no. {n:g}"),
        Text("конец окна возврата", "end of the window for refunds"),
        other=Text("дней после прошлой покупки", "days since the purchase before"),
    ),
    "win_part": FactKind(
        Text("доля выигрыша", "part of a win"), Text("долей выигрышей", "parts of wins"), _SHARE, _SHARED
    ),
    "purchase": FactKind(
        Text("покупка: выигрыши одного клиента подряд", "purchase: a client's wins soon after one another"),
        Text("покупок", "purchases"),
        Text("сколько в ней сделок", "how many deals it is of"),
        Text("сделок: {n:g}", "deals: {n:g}"),
        Text("до какого дня выигрыши входят в неё", "until when wins belong to it"),
    ),
    "client_year": FactKind(
        Text("выигрыш в году клиента", "win in a client's year"),
        Text("выигрышей в годах клиентов", "wins in clients' years"),
        Text("части года клиента", "parts of a client's year"),
        Text("{n:.2f} года клиента", "{n:.2f} of a client's year"),
        Text("конец этого года", "the end of that year"),
    ),
    "loss": FactKind(
        Text("проигрыш", "loss"),
        Text("проигрышей", "losses"),
        Text("причина: 2 названа, 1 «другое», 0 нет", "reason: 2 given, 1 other, 0 none"),
    ),
    "created": FactKind(
        Text("созданная сделка", "deal created"),
        Text("созданных сделок", "deals created"),
        Text("секунды до закрытия", "seconds until it was closed"),
        _DAYS,
    ),
    "cycle": FactKind(
        Text("срок выигранной сделки", "time of a won deal"),
        Text("выигранных сделок", "won deals"),
        Text("секунды от создания до выигрыша", "seconds from creation to win"),
        _DAYS,
    ),
    "return": FactKind(
        Text("покупка, за которой ждут следующую", "purchase that another may follow"),
        Text("покупок", "purchases"),
        Text("дней до следующей покупки клиента", "days until the client's next purchase"),
        Text("следующая через {n:g} дн.", "the next one {n:g} days later"),
        _WINDOW,
    ),
    "margin": FactKind(Text("маржа сделки", "margin of a deal"), Text("маржи сделок", "margins")),
    "margin_base": FactKind(
        Text("выручка сделки с маржой", "revenue of a deal that states its margin"),
        Text("выручек сделок с маржой", "revenues of deals that state their margin"),
    ),
    "listed": FactKind(Text("цена по прайсу", "list price"), Text("цен по прайсу", "list prices")),
    "discount": FactKind(Text("скидка", "discount"), Text("скидок", "discounts")),
    "payment": FactKind(Text("оплата", "payment"), Text("оплат", "payments")),
    "refund": FactKind(
        Text("возврат", "refund"),
        Text("возвратов", "refunds"),
        Text("дней после продажи", "days after the sale"),
        Text("через {n:g} дн. после продажи", "{n:g} days after the sale"),
        Text("день возврата", "day of the refund"),
    ),
    "refund_excused": FactKind(
        Text("возврат не по вине менеджера", "refund that is not the seller's fault"),
        Text("возвратов не по вине менеджера", "refunds that are not the seller's fault"),
        Text("дней после продажи", "days after the sale"),
        Text("через {n:g} дн. после продажи", "{n:g} days after the sale"),
        Text("день возврата", "day of the refund"),
    ),
    "refund_booked": FactKind(
        Text("возврат по дате возврата", "refund when it was made"), Text("возвратов", "refunds made")
    ),
    "rating": FactKind(
        Text("оценка", "rating"),
        Text("оценок", "ratings"),
        Text("оценка", "score"),
        Text("оценка {n:g}", "score {n:g}"),
        Text("когда дана", "when it was given"),
    ),
    "enquiry": FactKind(
        Text("обращение", "enquiry"),
        Text("обращений", "enquiries"),
        Text("рабочие секунды до ответа", "working seconds until the answer"),
        Text("ответ через {minutes:.1f} раб. мин", "answered in {minutes:.1f} working min"),
        Text("конец норматива", "end of the norm"),
        working=True,
    ),
    "handed": FactKind(
        Text("обращение, переданное до ответа", "enquiry handed over before its answer"),
        Text("переданных обращений", "enquiries handed over"),
        Text("рабочие секунды от передачи до ответа", "working seconds from then until the answer"),
        Text("ответ через {minutes:.1f} раб. мин после передачи", "answered {minutes:.1f} working min after that"),
        Text("конец норматива", "end of the norm"),
        working=True,
    ),
    "junked": FactKind(
        Text("обращение, снятое как спам", "enquiry removed as junk"),
        Text("обращений, снятых как спам", "enquiries removed as junk"),
    ),
    "lead_won": FactKind(
        Text("обращение до выигрыша", "enquiry until its win"),
        Text("обращений", "enquiries"),
        _TO_WIN,
        _DAYS,
        _WINDOW,
    ),
    "lead_qualified": FactKind(
        Text("обращение до квалификации", "enquiry until it qualified"),
        Text("обращений", "enquiries"),
        Text("секунды до квалификации", "seconds until it qualified"),
        _DAYS,
        _WINDOW,
    ),
    "lead_processed": FactKind(
        Text("обработка обращения", "processing of an enquiry"),
        Text("обращений", "enquiries"),
        Text("рабочие секунды до решения", "working seconds until it was decided"),
        Text("решено через {minutes:.1f} раб. мин", "decided in {minutes:.1f} working min"),
        working=True,
    ),
    "step": FactKind(
        Text("переход между этапами", "step between stages"),
        Text("входов в этап", "entries into the stage"),
        Text("секунды до следующего этапа", "seconds until the next stage"),
        _DAYS,
        _WINDOW,
    ),
    "quote": FactKind(
        Text("отправленное КП", "quote sent"), Text("отправленных КП", "quotes sent"), _TO_WIN, _DAYS, _WINDOW
    ),
    "quote_paid": FactKind(
        Text("КП до оплаты", "quote until its payment"),
        Text("КП с оплатой или без", "quotes, paid or not"),
        Text("секунды до первой оплаты", "seconds until the first payment"),
        _DAYS,
        _WINDOW,
    ),
    "card": FactKind(
        Text("заполненность карточки", "completeness of a card"), Text("карточек", "cards"), _SHARE, _SHARED
    ),
    "call_out": FactKind(
        Text("исходящий звонок", "outgoing call"),
        Text("исходящих звонков", "outgoing calls"),
        _TALK,
        _TALKED,
        other=Text(
            "самый долгий разговор дня с этим номером (у первого звонка дня)",
            "the day's longest talk with this number (on the day's first call)",
        ),
    ),
    "call_in": FactKind(
        Text("входящий звонок", "incoming call"),
        Text("принятых входящих звонков", "answered incoming calls"),
        _TALK,
        _TALKED,
    ),
    "call_missed": FactKind(
        Text("пропущенный звонок", "missed call"), Text("пропущенных в рабочее время", "calls missed in office hours")
    ),
    "call_missed_off": FactKind(
        Text("пропущенный вне рабочих часов", "call missed outside office hours"),
        Text("пропущенных вне рабочих часов", "calls missed outside office hours"),
    ),
    "callback": FactKind(
        Text("пропущенный, ждущий перезвона", "missed call to be returned"),
        Text("пропущенных звонков", "missed calls"),
        Text("рабочие секунды до перезвона", "working seconds until it was returned"),
        Text("перезвонили через {minutes:.1f} раб. мин", "returned in {minutes:.1f} working min"),
        Text("конец норматива", "end of the norm"),
        Text("секунды до перезвона по часам", "seconds by the clock until it was returned"),
        working=True,
    ),
    "talk_won": FactKind(
        Text("первый разговор с клиентом", "first talk with a client"),
        Text("первых разговоров", "first talks"),
        _TO_WIN,
        _DAYS,
        _WINDOW,
    ),
    "talk_meeting": FactKind(
        Text("первый разговор до встречи", "first talk until a meeting"),
        Text("первых разговоров", "first talks"),
        Text("секунды до встречи", "seconds until the meeting"),
        _DAYS,
        _WINDOW,
    ),
    "meeting": FactKind(Text("встреча", "meeting"), Text("проведённых встреч", "meetings held")),
    "task_due": FactKind(
        Text("задача по первому сроку", "task by its first deadline"),
        Text("задач", "tasks"),
        Text("секунды опоздания", "seconds late"),
        Text("{minutes:+.0f} мин к сроку", "{minutes:+.0f} min to the deadline"),
        _DEADLINE,
        sort=_SORT,
    ),
    "reschedule": FactKind(
        Text("перенос срока", "deadline moved"), Text("переносов срока", "deadlines moved"), sort=_SORT
    ),
    "open_deal": FactKind(
        Text("открытая сделка", "open deal"),
        Text("открытых сделок", "open deals"),
        Text("секунды от создания до этапа", "seconds from its making to its stage"),
        Text("на этапе через {days:.1f} дн. после создания", "in its stage {days:.1f} days after it was made"),
        Text("срок следующего дела", "deadline of the next step"),
        other=Text("когда создана", "when it was made"),
        standing=True,
    ),
    "open_expected": FactKind(
        Text("открытая сделка с ожидаемой датой", "open deal with an expected date"),
        Text("открытых сделок с ожидаемой датой", "open deals with an expected date"),
        due=Text("ожидаемая дата", "expected date"),
        standing=True,
    ),
    "open_quiet": FactKind(
        Text("открытая сделка без событий", "open deal without events"),
        Text("открытых сделок", "open deals"),
        due=Text("когда станет зависшей", "when it counts as stuck"),
        standing=True,
    ),
    "open_task": FactKind(
        Text("открытая задача", "open task"),
        Text("открытых задач", "open tasks"),
        due=_DEADLINE,
        sort=_SORT,
        standing=True,
    ),
    "billed": FactKind(
        Text("выставленный счёт", "invoice"),
        Text("выставленных счетов", "invoices"),
        Text("оплаченная часть", "part that was paid"),
        Text("оплачено {percent:.0f}\u00a0%", "{n:.0%} paid"),
        Text("срок оплаты", "due date"),
    ),
    "invoice": FactKind(
        Text("неоплаченный счёт", "unpaid invoice"),
        Text("неоплаченных счетов", "unpaid invoices"),
        due=Text("срок оплаты", "due date"),
        standing=True,
    ),
    "objection": FactKind(
        Text("возражение в звонке", "objection in a call"),
        Text("звонков с возражением", "calls with an objection"),
        _SHARE,
        _SHARED,
    ),
    "script_passed": FactKind(
        Text("выполнено пунктов скрипта", "script items passed"),
        Text("выполненных пунктов скрипта", "script items passed"),
        Text("пункты", "items"),
        Text("{n:g}", "{n:g}"),
    ),
    "script_items": FactKind(
        Text("применимо пунктов скрипта", "script items that apply"),
        Text("применимых пунктов скрипта", "script items that apply"),
        Text("пункты", "items"),
        Text("{n:g}", "{n:g}"),
    ),
    "technique": FactKind(
        Text("применение новой техники", "use of a new technique"),
        Text("звонков, где техника применима", "calls where the technique applies"),
        _SHARE,
        _SHARED,
    ),
}

STANDING = frozenset(key for key, kind in KINDS.items() if kind.standing)

OF_DEALS = frozenset(
    {
        "win", "loss", "created", "cycle", "margin", "margin_base", "listed", "discount", "quote", "step", "return",
        "purchase", "client_year", "quote_paid",
    }
)  # fmt: skip
"""Kinds that tell owner now, creator and actor besides the owner at the event, so that another may be credited."""
