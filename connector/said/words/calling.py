"""Calls over the network: answers that are none, letters, hooks, events. Words only."""

from __future__ import annotations

CALLING: dict[str, str] = {
    "answered {0} with {1} that is not JSON ({2} bytes)": "ответ {0}: {1}, не JSON ({2} байт)",
    "if it stays, open the CRM in a browser: it may show a maintenance or login page": (
        "если повторится, откройте CRM в браузере: там может быть страница обслуживания или входа"
    ),
    "the host refuses connections: nothing listens at this address, or a firewall is between": (
        "сервер не принимает соединений: по этому адресу никто не отвечает, или мешает межсетевой экран"
    ),
    "look whether the address and port are right and the CRM opens in a browser from this machine": (
        "проверьте адрес и порт и откройте CRM в браузере с этой машины"
    ),
    "the host's name is not known: a slip in the address, or this machine reaches no name server": (
        "такого имени сервера нет: ошибка в адресе, или этой машине недоступен DNS"
    ),
    "look at base_url in config.toml, and whether the CRM opens in a browser from this machine": (
        "посмотрите base_url в config.toml и откройте CRM в браузере с этой машины"
    ),
    "the host's certificate is not one that this machine trusts": "сертификату сервера эта машина не доверяет",
    "look whether the address is right; a certificate of your own goes into the variable REQUESTS_CA_BUNDLE": (
        "проверьте адрес; свой сертификат указывают в переменной REQUESTS_CA_BUNDLE"
    ),
    "asked {0} times": "спрошено раз: {0}",
    "no whole answer ({0})": "ответ пришёл не целиком ({0})",
    "sent, but the answer was lost ({0})": "отправлено, но ответ потерян ({0})",
    "the answer is damaged ({0})": "ответ повреждён ({0})",
    "sent, but the answer proves nothing ({0})": "отправлено, но ответ ничего не доказывает ({0})",
    "this cannot be sent: {0}": "это нельзя отправить: {0}",
    "the answer was lost": "ответ потерян",
    "the mail server refused the letter ({0})": "почтовый сервер отклонил письмо ({0})",
    "the mail server does not answer ({0})": "почтовый сервер не отвечает ({0})",
    "Telegram answered {0}": "Telegram ответил {0}",
    "Telegram asks to wait": "Telegram просит подождать",
    "check the chat's number": "проверьте номер чата",
    "check the bot's token; the person must have written to the bot first": (
        "проверьте токен бота; человек должен сначала сам написать боту"
    ),
    "{0} changes were found by reading since the last hook came: hooks seem not to arrive": (
        "с последнего хука чтение нашло изменений: {0}; похоже, хуки не доходят"
    ),
    "the CRM gave up calling our address: switch the webhook on again in its settings": (
        "CRM перестала вызывать наш адрес: включите вебхук снова в её настройках"
    ),
    "{0} hooks refused: {1}": "отклонено хуков: {0}: {1}",
    "its sealed bytes are damaged and cannot be opened": "запечатанные байты повреждены, открыть их нельзя",
    "a hook could not be taken, a fault of this program ({0}): the work goes on, please report the log": (
        "хук не удалось разобрать, это ошибка программы ({0}): работа продолжается, пришлите, пожалуйста, журнал"
    ),
    "the queue of events: {0}": "очередь событий: {0}",
    "{0}: no source": "{0}: нет источника",
    "the list of {0} records repeats itself: the same {1} came again and again": (
        "список {0} повторяется: те же {1} приходят снова и снова"
    ),
    "the pages before were stored": "прежние страницы сохранены",
    "if it stays, report it: the CRM's paging does not advance": (
        "если повторится, сообщите: постраничное чтение CRM не двигается"
    ),
    "{0}: not compared: {1}": "{0}: не сверено: {1}",
    "the CRM no longer lists {0}": "CRM больше не показывает {0}",
    "nothing was marked as deleted": "ничего не отмечено удалённым",
    "look whether the access still shows them all; if they are really deleted: kpi sweep --yes": (
        "проверьте, всё ли ещё видно по этому доступу; если действительно удалены: kpi sweep --yes"
    ),
    "{0}: {1} more are unknown here: run a full sync": (
        "{0}: ещё {1} здесь не известны: запустите полное чтение (kpi sync --full)"
    ),
    "{0}: not every difference could be checked: {1}": "{0}: не все расхождения удалось проверить: {1}",
    "this CRM has no {0} records": "в этой CRM нет записей {0}",
    "look at `can.kinds` first": "сначала посмотрите `can.kinds`",
    "this token came before": "этот токен уже приходил",
    "nobody was let in": "никого не пустили",
    "the CRM refused {0} of {1} writes, for example: {2}": "CRM отклонила {0} из {1} записей, например: {2}",
    "left to a person: {0}": "оставлено человеку: {0}",
    "used: {0} in working hours, {1} otherwise and in a first read": (
        "берём {0} в рабочие часы, {1} в остальное время и при первом чтении"
    ),
}
