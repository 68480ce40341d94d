"""The words of bringing transcripts in by hand. Words only."""

from __future__ import annotations

from connector.kpi.text import Text

UPLOADING: dict[str, Text] = {
    "upload_title": Text("Расшифровки звонков", "Transcripts of calls"),
    "upload_link": Text("Загрузить расшифровки", "Upload transcripts"),
    "upload_lead": Text(
        "JSON, TXT с именами говорящих, SRT или VTT. К какому звонку относится файл, говорит его имя (call-4711.srt)"
        " или поле call внутри. Оценка появится со следующим запуском.",
        "JSON, TXT with speakers, SRT or VTT. A file's name tells its call (call-4711.srt), or the field call inside."
        " Scores come with the next run.",
    ),
    "upload_masked": Text(
        "Телефоны, почта и имена скрываются до сохранения.",
        "Telephone numbers, mail and names are masked before anything is kept.",
    ),
    "upload_files": Text("Файлы", "Files"),
    "upload_limits": Text(
        "Не больше {count} файлов за раз, каждый до {each} МБ, вместе до {all} МБ.",
        "At most {count} files at once, each up to {each} MB, together up to {all} MB.",
    ),
    "upload_do": Text("Загрузить", "Upload"),
    "upload_done": Text(
        "Принято: {new}. Уже были: {same}. Не принято: {bad}.", "Taken: {new}. Known already: {same}. Not taken: {bad}."
    ),
    "upload_not_taken": Text("Почему не принято", "Why some were not taken"),
    "upload_file": Text("Файл", "File"),
    "upload_none": Text("Ничего не загружено: файлы не выбраны.", "Nothing was uploaded: no files were chosen."),
    "upload_many": Text(
        "Ничего не загружено: файлов больше {count}.", "Nothing was uploaded: more than {count} files."
    ),
    "upload_large": Text(
        "Ничего не загружено: вместе файлы больше {all} МБ. Загрузите их по частям.",
        "Nothing was uploaded: together the files are over {all} MB. Upload fewer at a time.",
    ),
    "upload_broken": Text(
        "Ничего не загружено: файлы дошли не целиком. Попробуйте ещё раз.",
        "Nothing was uploaded: the files did not arrive whole. Try again.",
    ),
    "upload_name": Text("слишком длинное имя файла", "the file's name is too long"),
}
