"""The database, its key, tokens, leases, backups, and many processes over one queue. Words only."""

from __future__ import annotations

KEEPING: dict[str, str] = {
    "account {0} holds data of {1}: name the one of {2} otherwise": (
        "в аккаунте {0} лежат данные {1}: назовите аккаунт {2} иначе"
    ),
    "there is no account number {0}": "аккаунта номер {0} нет",
    "run `kpi sync` first": "сначала запустите `kpi sync`",
    "the access given belongs to account {0} ({1}), the stored data to {2}": (
        "выданный доступ относится к аккаунту {0} ({1}), а сохранённые данные — к {2}"
    ),
    "nothing was read or written": "ничего не прочитано и не записано",
    "give access to account {0}, or connect the other one under a name of its own": (
        "дайте доступ к аккаунту {0} или подключите другой под собственным именем"
    ),
    "a closed value of {0} cannot be read ({1})": "закрытое значение за {0} не читается ({1})",
    "another version wrote it: use that one, or open the month again and close it": (
        "его записала другая версия: возьмите её или откройте месяц заново и закройте"
    ),
    "there is no such backup": "такой копии нет",
    "name the file that `kpi backup` made": "назовите файл, который сделал `kpi backup`",
    "restore: a PostgreSQL database is restored by its own tool: stop every kpi, then pg_restore --clean --if-exists "
    "--no-owner --dbname DATABASE {0}; erasures made since are made again at the next start, and "
    "tokens renewed since come back from the journals beside the configuration": (
        "restore: базу PostgreSQL восстанавливает её же программа: остановите все kpi, потом pg_restore --clean"
        " --if-exists --no-owner --dbname БАЗА {0}; сделанные с тех пор стирания повторятся при следующем запуске,"
        " а обновлённые с тех пор токены вернутся из журналов рядом с настройками"
    ),
    "a newer version of this program made the backup (schema {0}, known is {1})": (
        "копию сделала более новая версия программы (схема {0}, известна {1})"
    ),
    "nothing was changed": "ничего не изменено",
    "install that version": "поставьте ту версию",
    "{0} is not installed here": "{0} здесь не установлен",
    "nothing was backed up": "копия не сделана",
    "install PostgreSQL's client tools, or run {0} where they are": (
        "поставьте клиентские программы PostgreSQL или запустите {0} там, где они есть"
    ),
    "{0} failed: {1}": "{0} не удалось: {1}",
    "{0} works on an account of this database": "с аккаунтом этой базы работает {0}",
    "another program has this database open ({0})": "эта база открыта другой программой ({0})",
    "stop `kpi run` and every other kpi first": "сначала остановите `kpi run` и все другие kpi",
    "this is no whole backup: {0}": "это не целая копия: {0}",
    "file is not a database": "файл — не база",
    "the file cannot be read or written ({0})": "файл не читается или не пишется ({0})",
    "{0} records held text or numbers that no database keeps; they were mended": (
        "в записях ({0}) были тексты или числа, которых не хранит ни одна база; они исправлены"
    ),
    "a stored {0} cannot be read ({1})": "сохранённая запись {0} не читается ({1})",
    "another version wrote it: read this account anew": "её записала другая версия: прочитайте аккаунт заново",
    "store.url names neither an SQLite file nor a PostgreSQL database": (
        "store.url — это не файл SQLite и не база PostgreSQL"
    ),
    "store.url is no database address: sqlite:///FILE or postgresql+psycopg://…": (
        "store.url — не адрес базы: нужен sqlite:///ФАЙЛ или postgresql+psycopg://…"
    ),
    "this is a folder, not a file": "это папка, а не файл",
    "name a file in store.url": "укажите файл в store.url",
    "the folder does not exist": "папки нет",
    "create it, or mend store.url": "создайте её или исправьте store.url",
    "the file cannot be written ({0})": "файл нельзя записать ({0})",
    "give this user write access to it": "дайте этому пользователю право записи",
    "import {0}: there is none of this account; `kpi import list` names them": (
        "загрузка {0}: в этом аккаунте такой нет; все показывает `kpi import list`"
    ),
    "import {0}: {1} has undone it already ({2})": "загрузка {0}: её уже отменил(а) {1} ({2})",
    "{0} works on this account": "с этим аккаунтом работает {0}",
    "nothing was done": "ничего не сделано",
    "wait for it to finish, or stop it": "подождите, пока закончит, или остановите",
    "the lease of this account was taken over by {0}": "аренду этого аккаунта перехватил {0}",
    "process {0} on {1}": "процесс {0} на машине {1}",
    "someone who removed it": "тот, кто удалил запись о ней",
    "a process that was faster": "процесс, который успел раньше",
    "nothing of this step was stored": "из этого шага ничего не сохранено",
    "look for a second process, or for a machine that slept": "поищите второй процесс или машину, которая засыпала",
    "the schema must go on from {0}, and a backup cannot be made before: there is no pg_dump": (
        "схему нужно обновить с {0}, а сделать перед этим копию нельзя: нет pg_dump"
    ),
    "install the server's client tools, or make a backup yourself and set {0}=1": (
        "установите клиентские программы сервера или сделайте копию сами и задайте {0}=1"
    ),
    "a newer version of this program made the database (schema {0}, known are {1})": (
        "базу сделала более новая версия программы (схема {0}, известны {1})"
    ),
    "it was left as it is": "она оставлена как была",
    "install that version, or restore a backup made before the upgrade": (
        "поставьте ту версию или восстановите копию, сделанную до обновления"
    ),
    "the list of erasures cannot be used ({0})": "списком стираний нельзя воспользоваться ({0})",
    "nothing was erased": "ничего не стёрто",
    "a stored result cannot be read ({0})": "сохранённый результат не читается ({0})",
    "compute the results anew": "посчитайте результаты заново",
    "the lock file cannot be made ({0})": "файл блокировки не создаётся ({0})",
    "no token was spent": "ни один токен не потрачен",
    "free some space, or give this user write access to the folder": (
        "освободите место или дайте этому пользователю право записи в папку"
    ),
    "{0} is renewing this account's token": "токен этого аккаунта обновляет {0}",
    "nothing: it is tried again by itself": "ничего: повторится само",
    "the token journal cannot be used ({0})": "журналом токенов нельзя воспользоваться ({0})",
    "free some space, or give this user write access to the file and its folder": (
        "освободите место или дайте этому пользователю право записи в файл и его папку"
    ),
    "the file was moved away or deleted while it is in use": "файл переместили или удалили во время работы",
    "another file was put in the place of the one in use": "на место файла, с которым идёт работа, положили другой",
    "nothing more is read from it or written into it": "из него больше ничего не читаем и в него не пишем",
    "put the file back with its -wal and -shm, or start this program again with the one that is there": (
        "верните файл вместе с -wal и -shm или запустите программу заново с тем, что там лежит"
    ),
    "the file is not there, or is empty, but its -wal is, and what was committed last is in that": (
        "файла нет или он пуст, а его -wal на месте, и в нём то, что записано последним"
    ),
    "nothing was opened, so that the -wal stays": "ничего не открыто, чтобы -wal остался",
    "put the file back beside it; where it is lost, `kpi restore` a backup": (
        "верните файл на место рядом с ним; если он потерян, восстановите копию: `kpi restore`"
    ),
    "the key file cannot be read or made ({0})": "файл ключа не читается или не создаётся ({0})",
    "nothing was sealed or opened": "ничего не запечатано и не открыто",
    "give this user access to it, or set {0}": "дайте этому пользователю доступ к нему или задайте {0}",
    "this is the wrong key for this database: it cannot open the stored tokens": (
        "это не тот ключ для этой базы: сохранённые токены им не открыть"
    ),
    "bring back the key it was made with ({0}, store.key_file or kpi.key), or connect the account again": (
        "верните ключ, с которым она сделана ({0}, store.key_file или kpi.key), или подключите аккаунт заново"
    ),
    "this is the wrong key for this database: it was begun with another one": (
        "это не тот ключ для этой базы: её начали с другим"
    ),
    "bring back the key it was made with ({0}, store.key_file or kpi.key); if it is lost for good, "
    "one command with {1}=1 goes on with this one: accounts connected by OAuth are then connected "
    "again, who was erased comes back with the next reading, and phones read before match nobody": (
        "верните ключ, с которым она сделана ({0}, store.key_file или kpi.key); если он потерян совсем, одна команда "
        "с {1}=1 продолжит с этим: аккаунты с OAuth придётся подключить заново, стёртые люди вернутся при следующем "
        "чтении, а прочитанные раньше телефоны ни с кем не совпадут"
    ),
    "the key of this database is not there": "ключа этой базы здесь нет",
    "no new one was made": "новый не сделан",
    "put the key that you kept there, or into {0}; if it is lost for good, one command with {1}=1 "
    "makes a new one: accounts connected by OAuth are then connected again, who was erased comes back with the "
    "next reading, and phones read before match nobody": (
        "положите туда ключ, который храните отдельно, или задайте его в {0}; если он потерян совсем, одна команда "
        "с {1}=1 сделает новый: аккаунты с OAuth придётся подключить заново, стёртые люди вернутся при следующем "
        "чтении, а прочитанные раньше телефоны ни с кем не совпадут"
    ),
    "store.key_file: PostgreSQL needs a key file, or the key in {0}": (
        "store.key_file: для PostgreSQL нужен файл ключа или ключ в {0}"
    ),
    "{0} holds no key: 32 bytes in URL-safe base64 are expected": (
        "{0}: это не ключ: ожидаются 32 байта в base64 для URL"
    ),
    "whether the last token refresh went through is unknown": "неизвестно, прошло ли последнее обновление токена",
    "the access token stays in use while it lives": "токен доступа служит, пока жив",
    "nothing: the refresh is tried again by itself": "ничего: обновление повторится само",
    "the grant is dead": "доступ больше не действует",
    "no call was made": "вызова не было",
    "connect the account again": "подключите аккаунт заново",
    "every connection is in use": "все соединения заняты",
    "run fewer things at once": "запускайте меньше всего сразу",
    "a stored drift cannot be read ({0})": "сохранённое изменение CRM не читается ({0})",
    "kpi drift accept all": "kpi drift accept all",
    "the database refused": "база отказала",
    "if it stays, report it with the words above": "если повторится, сообщите этими словами",
    "the disk is full": "диск полон",
    "free some space and run it again": "освободите место и запустите ещё раз",
    "the file is read-only": "файл только для чтения",
    "give this user write access to the file and its folder": (
        "дайте этому пользователю право записи в файл и его папку"
    ),
    "the file may not be used by this user": "этому пользователю файл недоступен",
    "give this user access to the file and its folder": "дайте этому пользователю доступ к файлу и его папке",
    "the file is damaged": "файл повреждён",
    "restore a backup; the damaged file was left as it is": ("восстановите копию; повреждённый файл оставлен как был"),
    "the file is not a database of this program": "файл — не база этой программы",
    "name another file, or restore a backup": "назовите другой файл или восстановите копию",
    "the file cannot be opened": "файл не открывается",
    "check that the folder exists and that this user owns it": (
        "проверьте, что папка есть и принадлежит этому пользователю"
    ),
    "another program keeps the file locked": "файл держит другая программа",
    "close that program, or run it again in a minute": "закройте её или запустите ещё раз через минуту",
    "another connection keeps a table locked": "таблицу держит другое соединение",
    "run it again in a minute": "запустите ещё раз через минуту",
    "the disk failed to read or write": "диск не читает или не пишет",
    "check the disk; WAL needs a local one, not a share": "проверьте диск; WAL нужен местный, не сетевой",
    "the database server's disk is full": "на сервере базы кончилось место",
    "free some space there and run it again": "освободите там место и запустите ещё раз",
    "the database server takes no more connections": "сервер базы больше не принимает соединений",
    "raise max_connections or run fewer processes": "увеличьте max_connections или запускайте меньше процессов",
    "the database is read-only": "база только для чтения",
    "point store.url at the primary server": "укажите в store.url основной сервер",
    "another transaction keeps a lock": "блокировку держит другая транзакция",
    "run it again in a minute; look for a stuck session": ("запустите ещё раз через минуту; поищите зависшую сессию"),
    "the statement took longer than it may": "запрос выполнялся дольше дозволенного",
    "run it again; look at the server's load": "запустите ещё раз; посмотрите на нагрузку сервера",
    "two transactions waited for one another": "две транзакции ждали друг друга",
    "run it again": "запустите ещё раз",
    "another transaction changed the same rows": "те же строки изменила другая транзакция",
    "the database server refuses this user": "сервер базы не пускает этого пользователя",
    "check user and password in store.url": "проверьте пользователя и пароль в store.url",
    "there is no such database": "такой базы нет",
    "the database server cannot be reached": "сервер базы не отвечает",
    "look whether it runs at the address in store.url, and at user and password": (
        "проверьте, работает ли он по адресу из store.url, а также пользователя и пароль"
    ),
    "this database user lacks a right": "пользователю базы не хватает права",
    "grant it: the program creates and alters its own tables": (
        "дайте его: программа сама создаёт и меняет свои таблицы"
    ),
    "the database is damaged": "база повреждена",
    "restore a backup": "восстановите копию",
    "the connection to the database server broke": "соединение с сервером базы оборвалось",
    "run it again once the server is back": "запустите ещё раз, когда сервер вернётся",
    "the database server ended the connection": "сервер базы закрыл соединение",
    "the database server ended an idle transaction": "сервер базы прервал простаивавшую транзакцию",
    '--fleet needs PostgreSQL, as its processes share one queue: set [store] url = "postgresql+psycopg://USER@HOST/DATABASE"'
    ", or leave --fleet out: `kpi run` keeps all accounts of one machine on SQLite": (
        "--fleet нужен PostgreSQL, так как у процессов одна очередь: укажите [store] url ="
        ' "postgresql+psycopg://USER@HOST/DATABASE" или уберите --fleet: на SQLite все аккаунты ведёт один `kpi run`'
    ),
    "--fleet needs Procrastinate: pip install 'kpi-connector[fleet]'": (
        "--fleet нужен Procrastinate: pip install 'kpi-connector[fleet]'"
    ),
    "this machine's clock and the database's are {0} s apart": "часы этой машины и базы расходятся на {0} с",
    "nothing was begun": "ничего не начато",
    "set the clocks of all machines by NTP (timedatectl set-ntp true), and start again": (
        "поставьте часы всех машин по NTP (timedatectl set-ntp true) и запустите ещё раз"
    ),
    "a newer Procrastinate made the queue's tables ({0}, known are those up to {1})": (
        "таблицы очереди сделал более новый Procrastinate ({0}, известны до {1})"
    ),
    "they were left as they are": "они оставлены как были",
    "install this program's newer version on this machine too": "поставьте новую версию программы и на эту машину",
    "a migration of Procrastinate with an unknown name, {0}": "миграция Procrastinate с незнакомым именем, {0}",
    "unexpected {0}: {1}": "неожиданная ошибка {0}: {1}",
    "what was committed stays": "сохранённое остаётся",
    "run again with KPI_LOG=INFO and report what it prints": (
        "запустите ещё раз с KPI_LOG=INFO и сообщите, что напечатано"
    ),
    "the web server did not start": "веб-сервер не запустился",
    "nothing is served": "страниц нет",
    "see the log above": "смотрите журнал выше",
    "web.listen: {0}: {1}": "web.listen: {0}: {1}",
    "web.listen: {0}: {1}; another `kpi run` may be at work: `kpi status` tells": (
        "web.listen: {0}: {1}; возможно, уже работает другой `kpi run`: это покажет `kpi status`"
    ),
    "KPI_LOG={0} is no level: DEBUG, INFO, WARNING, ERROR": (
        "KPI_LOG={0}: такого уровня нет; есть DEBUG, INFO, WARNING, ERROR"
    ),
    "--port: nobody can listen on {0} ({1}): name another one": (
        "--port: порт {0} занят или закрыт ({1}): назовите другой"
    ),
    "backup {0}: name a folder, each backup gets a name of its own in it": (
        "backup {0}: назовите папку, имя в ней каждая копия получает сама"
    ),
    "next try at {0}": "следующая попытка {0}",
    "the next run goes on from where this one stopped": "следующий запуск продолжит с этого места",
    "look whether this machine reaches the address; the next run goes on from where this one stopped": (
        "проверьте, доступен ли адрес с этой машины; следующий запуск продолжит с этого места"
    ),
    "the next run asks again; if it stays, report it with the words above": (
        "следующий запуск спросит ещё раз; если не пройдёт, сообщите о нём этими словами"
    ),
    "nothing: the next run looks whether it happened before it repeats anything": (
        "ничего: следующий запуск посмотрит, случилось ли это, прежде чем повторять"
    ),
    "stopped on request": "остановлено по просьбе",
    "the process was ended in the middle of it": "процесс оборвался на середине; записанное до того осталось",
    "it is erased, but the file could not be packed: its -wal may still hold what was there": (
        "стёрто, но файл не удалось ужать: в его -wal ещё может лежать прежнее"
    ),
    "{0}; erasing once more packs it": "{0}; повторное стирание его ужмёт",
}
