"""A shop with calls whose words are known: Anna handles objections, Boris does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from connector.config import AccountSettings
from connector.pipeline.bench import Workbench
from connector.pipeline.reading import sync_and_derive
from connector.provider import Said
from connector.records import Call, Team, User
from connector.store import accounts
from connector.store.engine import Store
from connector.testing import FakeProvider
from connector.testing.world import START, populate
from tests.pipeline.shop import Clock, world

HANDLED = """Менеджер: Добрый день, меня зовут Анна, компания «Склад». Вам удобно говорить?
Клиент: Да, здравствуйте, слушаю вас.
Менеджер: Подскажите, пожалуйста, для каких задач вы подбираете оборудование?
Клиент: Для склада. Но у вас это для нас дорого.
Менеджер: Понимаю вас. А с чем вы сравниваете, какой бюджет закладывали?
Клиент: Смотрели другие варианты.
Менеджер: В цену уже входят доставка и монтаж, и можем оформить рассрочку. Давайте завтра в десять обсудим расчёт?
Клиент: Хорошо, давайте. Мой номер 8 916 123-45-67.
Менеджер: Спасибо за разговор, до свидания!"""
GIVEN_UP = """Менеджер: Алло, по заявке вашей звоню.
Клиент: Да, слушаю, здравствуйте.
Менеджер: Оборудование нужно вам ещё, которое вы смотрели на сайте?
Клиент: Да, но это для нас дорого.
Менеджер: Ну, как хотите, дело ваше.
Клиент: Ладно, понятно, тогда посмотрим у других."""
QUIET = """Менеджер: Добрый день, меня зовут Анна, компания «Склад».
Клиент: Здравствуйте, я вас слушаю.
Менеджер: Документы по вашему заказу готовы, можно забирать со склада сегодня до шести.
Клиент: Отлично, спасибо большое, подъеду сегодня."""


class Speaking(FakeProvider):
    """Knows the words of some calls; `asked`: which it was asked for."""

    def __init__(self, made: Any, words: dict[str, str]) -> None:
        super().__init__(made)
        self.words = words
        self.asked: list[str] = []

    def transcripts(self, calls: Sequence[Call]) -> Iterator[Said]:
        self.asked += [call.id for call in calls]
        return iter([Said(call.id, self.words[call.id]) for call in calls if call.id in self.words])


def talking(store: Store, words: dict[str, str] | None = None, **quality: Any) -> Workbench:
    """Six calls of each on deals, a day apart; Anna's are handled, Boris' given up, the last of each without any."""
    made = world()
    told: dict[str, str] = {}
    for place in range(12):
        user = ("501", "502")[place % 2]
        call = Call(
            id=str(100 + place), at=START + timedelta(days=place // 2, hours=9), direction="out", answered=True,
            seconds=120 + place, user_id=user, on=(f"deal:{1 + place % 4}",), unique=f"u{place}",
        )  # fmt: skip
        populate(made, [call])
        told[call.id] = QUIET if place > 9 else HANDLED if user == "501" else GIVEN_UP
    populate(made, [Team(id="700", name="North", head_ids=("511",))])
    populate(made, [User(id=id, name=name, team_ids=("700",)) for id, name in (("511", "Ivan"), ("512", "Pavel"))])
    with store.write() as conn:
        account = accounts.enroll(conn, "acme", "fake")
    base = {"name": "acme", "provider": "fake", "timezone": "Europe/Moscow", "currency": "RUB"}
    settings = AccountSettings.model_validate(base | {"quality": quality})
    bench = Workbench(settings, store, account, Speaking(made, told if words is None else words), Clock())
    sync_and_derive(bench)
    return bench


def again(bench: Workbench, **quality: Any) -> Workbench:
    """The same account under other settings."""
    base = bench.settings.model_dump(exclude={"quality"})
    bench.settings = AccountSettings.model_validate(base | {"quality": quality})
    return bench
