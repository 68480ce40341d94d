"""What amoCRM and Bitrix24 answered, and what is to be done there. Words only."""

from __future__ import annotations

CRM: dict[str, str] = {
    "written again and again within an hour; something may be changing it back": (
        "за час записывали снова и снова: возможно, что-то меняет значение обратно"
    ),
    "[account.writeback] {0} = {1}: as many were written within 24 hours; {2} wait till they are over. If it is right, "
    "`kpi push` goes on now, or raise the cap; if it is not, switch the level off: `kpi undo RUN` puts back what a run "
    "wrote": (
        "[account.writeback] {0} = {1}: столько записано за 24 часа; остальные ({2}) ждут, пока они пройдут. Если всё "
        "верно, `kpi push` продолжит сейчас, или поднимите предел; если нет, выключите уровень: `kpi undo RUN` вернёт "
        "то, что записал один запуск"
    ),
    "too many requests": "слишком много запросов",
    "too many requests in a short time": "слишком много запросов за короткое время",
    "slowed down": "замедлились",
    "nothing: it is tried again": "ничего: повторится",
    "try again": "попробуйте ещё раз",
    "renew the subscription": "продлите подписку",
    # amoCRM
    "7 requests a second, of which at most {0} are used": "7 запросов в секунду, берём не больше {0}",
    "the account's time zone {0} is not known here: set `timezone` in the configuration": (
        "часовой пояс аккаунта {0} здесь не известен: укажите `timezone` в конфигурации"
    ),
    "the long-lived token ends on {0}: issue a new one before that": (
        "долгосрочный токен действует до {0}: выпустите новый раньше"
    ),
    "the account is not at this address any more": "аккаунта по этому адресу больше нет",
    "check base_url": "проверьте base_url",
    "the token endpoint answered without a token pair": "в ответ на запрос токена пары токенов не пришло",
    "the long-lived token is not accepted: expired, revoked, or the integration is off": (
        "долгосрочный токен не принят: истёк, отозван, или интеграция выключена"
    ),
    "issue a new one in amoCRM (the integration, Keys) and put it where the configuration takes it from": (
        "выпустите новый в amoCRM (интеграция, Ключи) и положите туда, откуда его берёт конфигурация"
    ),
    "access was not granted ({0})": "доступ не дали ({0})",
    "{0} is no host of amoCRM or Kommo: the code is not sent there": (
        "{0} — не сервер amoCRM или Kommo: код туда не отправлен"
    ),
    "not connected yet": "ещё не подключено",
    "run `kpi authorise`": "запустите `kpi authorise`",
    "{0} is no list": "{0} — не список",
    "no list of {0} in the answer": "в ответе нет списка {0}",
    "the answer about the account does not describe one": "ответ об аккаунте его не описывает",
    "the widget's token {0}": "токен виджета {0}",
    "the widget's token is not signed with this integration's secret": (
        "токен виджета подписан не секретом этой интеграции"
    ),
    "the widget's token cannot be read": "токен виджета не читается",
    "it is there already": "уже есть",
    "the answer was lost; found done": "ответ потерялся; оказалось сделано",
    "the answer was lost; found by its marker": "ответ потерялся; нашлось по метке",
    "the answer was lost; looked for and not found": "ответ потерялся; поискали и не нашли",
    "not found yet; looked for again later": "пока не нашлось; поищем ещё раз позже",
    "gave up after {0} tries: {1}": "попыток: {0}, больше не пробуем: {1}",
    "sent, answer lost": "отправлено, ответ потерялся",
    "sent {0} times, each answer lost: {1}": "отправлено раз: {0}, каждый ответ потерялся: {1}",
    "sent {0} times, each answer lost, not found; {1}": "отправлено раз: {0}, каждый ответ потерялся, не нашлось; {1}",
    "search the CRM for {0}": "поищите в CRM: {0}",
    "the task is not there": "задачи нет",
    "the list {0} was made and is not there": "список {0} создан, а его нет",
    "look for it in amoCRM, then try again": "поищите его в amoCRM и попробуйте ещё раз",
    "fields were made and are not there: {0}": "поля созданы, а их нет: {0}",
    "look for them in amoCRM, then try again": "поищите их в amoCRM и попробуйте ещё раз",
    "the list of KPI cards has no field {0}, and it could not be made: {1}; without it cards whose ids are lost are "
    "found by their titles, which namesakes share; `kpi push` with an administrator's token makes it": (
        "в списке карточек KPI нет поля {0}, и создать его не удалось: {1}; без него карточки, чьи id потеряны, "
        "находятся по названиям, а у тёзок они одинаковы; создаст его `kpi push` с токеном администратора"
    ),
    "the card is that of {0}: left alone; from the next month on each has a card of his own": (
        "карточка принадлежит {0}: не тронута; со следующего месяца у каждого будет своя"
    ),
    "the list of KPI cards cannot be looked for: {0}": "список карточек KPI не удаётся найти: {0}",
    "a {0} leaves its list when it is dealt with: its absence says nothing": (
        "запись {0} уходит из списка, когда обработана: её отсутствие ничего не значит"
    ),
    "the same rows come page after page": "одни и те же строки приходят страница за страницей",
    "if it stays, report it: the list cannot be read": "если повторится, сообщите: список не читается",
    "the widget cannot be trusted yet": "виджету пока нельзя доверять",
    "client_id, client_secret and redirect_uri in [account.options], then `kpi sync`": (
        "client_id, client_secret и redirect_uri в [account.options], потом `kpi sync`"
    ),
    "id {0} came after {1}": "id {0} пришёл после {1}",
    "nothing of this page was stored": "с этой страницы ничего не сохранено",
    "if it stays, report it: the list is not ordered by id as asked for": (
        "если повторится, сообщите: список не упорядочен по id, как просили"
    ),
    "amoCRM has no {0} records": "в amoCRM нет записей {0}",
    "redirects to {0}": "перенаправляет на {0}",
    "set base_url to the account's own address, as the browser shows it": (
        "укажите в base_url собственный адрес аккаунта, как в браузере"
    ),
    "answered {0} with nothing in it": "ответ {0}, пустой",
    "give the token's user this right, or use an administrator's": (
        "дайте пользователю токена это право или возьмите токен администратора"
    ),
    "answered {0} without saying why": "ответ {0} без причины",
    "the grant is dead ({0})": "доступ больше не действует ({0})",
    "client_id or client_secret is not accepted, or the account is unpaid ({0})": (
        "client_id или client_secret не приняты, или аккаунт не оплачен ({0})"
    ),
    "the subscription does not cover this ({0})": "подписка этого не включает ({0})",
    "writing stops; reading goes on as long as the CRM lets it": "запись остановлена; чтение идёт, пока CRM позволяет",
    "pay the account in amoCRM (Settings, Billing)": "оплатите аккаунт в amoCRM (Настройки, Счёт и оплата)",
    "no right to this ({0})": "нет права на это ({0})",
    "use an administrator's token": "возьмите токен администратора",
    "the CRM blocks this account or our address (403 without a reason)": (
        "CRM блокирует этот аккаунт или наш адрес (403 без причины)"
    ),
    "no further call is made": "больше вызовов не будет",
    "write to amoCRM's support; nothing else is known to lift it": (
        "напишите в поддержку amoCRM; ничем другим это, насколько известно, не снять"
    ),
    "our address is not on the account's list ({0})": "нашего адреса нет в списке аккаунта ({0})",
    "add this server's address in amoCRM (Settings, Security)": (
        "добавьте адрес этого сервера в amoCRM (Настройки, Безопасность)"
    ),
    "not found ({0})": "не найдено ({0})",
    # Bitrix24
    "{0} requests a second, {1} at once; operating time of each method as the portal tells": (
        "{0} запроса в секунду, {1} сразу; рабочее время каждого метода — как говорит портал"
    ),
    "is of another portal": "с другого портала",
    "does not know the application's token": "не знает токена приложения",
    "brings no token": "не принёс токена",
    "brings a token that the portal does not know": "принёс токен, которого портал не знает",
    "brings a token of another application or portal": "принёс токен другого приложения или портала",
    "absences cannot be read: {0}": "отсутствия не читаются: {0}",
    "there is no deal field {0}": "поля сделки {0} нет",
    "the webhook's owner is no administrator: records hidden from him look as if they were not there": (
        "владелец вебхука не администратор: скрытые от него записи выглядят так, будто их нет"
    ),
    "no right to read users: {0}": "нет права читать пользователей: {0}",
    "no right to read {0}: {1}": "нет права читать {0}: {1}",
    "the auth server answered {0} with something else": "сервер авторизации ответил {0}, но чем-то другим",
    "the auth server's answer holds no tokens ({0})": "в ответе сервера авторизации нет токенов ({0})",
    "the auth server does not know our installation at {0}": "сервер авторизации не знает нашей установки на {0}",
    "if the portal was renamed, change base_url and connect again": (
        "если портал переименовали, поменяйте base_url и подключите заново"
    ),
    "this account was never connected": "этот аккаунт ещё не подключали",
    "the new token belongs to another portal": "новый токен от другого портала",
    "connect the right portal": "подключите тот портал",
    "a batch was answered with {0}": "в ответ на пакет пришло {0}",
    "the portal sends us to {0}, which is not the same portal for certain": (
        "портал отправляет нас на {0}, а тот ли это портал, неизвестно"
    ),
    "nothing was sent there": "туда ничего не отправлено",
    "if the portal was renamed, change base_url": "если портал переименовали, поменяйте base_url",
    "this method has used up its working time": "метод исчерпал своё рабочее время",
    "pages need a local application: client_id and client_secret": (
        "страницам нужно локальное приложение: client_id и client_secret"
    ),
    "a page was opened by somebody who {0}": "страницу открыл кто-то, кто {0}",
    "an incoming webhook cannot bind events": "входящий вебхук не умеет подписываться на события",
    "reading goes on as before, every few minutes": "чтение идёт как раньше, каждые несколько минут",
    "in the portal make an outgoing webhook with this address, or connect by a local application": (
        "сделайте в портале исходящий вебхук с этим адресом или подключите локальное приложение"
    ),
    "{0} was answered with {1}": "на {0} пришло {1}",
    "{0} gave id {1} after {2}: the portal does not keep to the order asked for": (
        "{0} дал id {1} после {2}: портал не держит порядка, о котором просили"
    ),
    "{0} gave a row without an id": "{0} дал строку без id",
    "{0} is no id of a {1}": "{0} — не id записи {1}",
    "Bitrix24 never deletes a single {0}": "Битрикс24 никогда не удаляет отдельную запись {0}",
    "{0} {1}s are not to be seen; only an administrator's token can prove them deleted": (
        "{0} записей {1} не видно; доказать, что они удалены, может только токен администратора"
    ),
    "make the webhook as an administrator": "создайте вебхук от имени администратора",
    "{0} cannot be read: {1}": "{0} не читается: {1}",
    "only an administrator installs the application": "приложение ставит только администратор",
    "this portal is not the account's": "этот портал не от аккаунта",
    "nothing was kept": "ничего не сохранено",
    "what the portal tells of itself cannot be read: {0}": "что портал говорит о себе, не читается: {0}",
    "try again; if it stays, look at what the portal answers": (
        "попробуйте ещё раз; если повторится, посмотрите, что отвечает портал"
    ),
    "Bitrix24 has no source for {0}": "в Битрикс24 нет источника для {0}",
    "the portal answered without a task": "портал ответил без задачи",
    "the task is not there (any more)": "задачи нет (или уже нет)",
    "the vendor closed this portal's REST by hand": "поставщик закрыл REST этого портала вручную",
    "write to Bitrix24's support": "напишите в поддержку Битрикс24",
    "make a new webhook or connect the application again": "сделайте новый вебхук или подключите приложение заново",
    "REST needs a paid plan: renew the subscription": "для REST нужен платный тариф: продлите подписку",
    "an administrator must approve this method in the portal": "администратор должен разрешить этот метод в портале",
    "the portal is gone: remove the account from the configuration": (
        "портала больше нет: уберите аккаунт из конфигурации"
    ),
    "give the webhook's owner this right and the webhook this scope": (
        "дайте владельцу вебхука это право, а вебхуку эту область доступа"
    ),
    "answered {0} with JSON that is no answer": "ответ {0}: JSON, который не ответ",
    "answered {0} without a result": "ответ {0} без результата",
    "answered {0} with {1}": "ответ {0}: {1}",
    "open the portal in a browser: it may show a maintenance or login page": (
        "откройте портал в браузере: там может быть страница обслуживания или входа"
    ),
    "{0} holds back rows after id {1}, up to {2}": "{0} придерживает строки после id {1}, до {2}",
    "the deal is not there (any more), or hidden from the webhook's owner": (
        "сделки нет (или уже нет), или она скрыта от владельца вебхука"
    ),
}
