"""Calls, meetings and tasks of the plan: notes and tasks."""

from __future__ import annotations

from connector.pretend.happenings import Called, Company, MeetingHeld, MeetingPlanned, Rescheduled, TaskDone, TaskSet
from connector.pretend.spoken import Words
from providers.amocrm.sandbox.founding import seconds
from providers.amocrm.sandbox.rows import Contact, Note, Task
from providers.amocrm.sandbox.world import World

SPOKEN_FROM = 500_000_000
"""Ids of notes with transcripts."""
CALL_BACK, MEETING = 1, 2
ANSWERED, NOT_REACHED = 4, 6


class Activity:
    """What hangs on cards."""

    def __init__(self, world: World, company: Company, *, transcripts: bool = False) -> None:
        self._world, self._words = world, Words(company) if transcripts else None

    def called(self, happening: Called, at: int) -> None:
        contact = self._world.contacts.get(happening.contact)
        on_lead = happening.deal is not None
        note = Note(
            id=happening.call,
            entity_id=happening.deal if happening.deal is not None else happening.contact,
            responsible=happening.user,
            note_type=f"call_{happening.direction}",
            params={
                "uniq": f"call-{happening.call}",
                "duration": happening.seconds,
                "source": "sandbox-pbx",
                "link": f"https://pbx.example/{happening.call}.mp3" if happening.answered else None,
                "phone": phone_of(contact),
                "call_result": "Разговор состоялся" if happening.answered else None,
                "call_status": ANSWERED if happening.answered else NOT_REACHED,
                "call_responsible": happening.user,
            },
            created_by=happening.user,
            updated_by=happening.user,
            created_at=at,
            updated_at=at,
        )
        self._world.add_note("leads" if on_lead else "contacts", note)
        if self._words is not None and (said := self._words.of(happening)) is not None:
            self._written_down(said, happening, note, "leads" if on_lead else "contacts")

    def _written_down(self, text: str, happening: Called, note: Note, entity: str) -> None:
        """A service's note on the same card, half a minute after the call."""
        at = note.created_at + happening.seconds + 30
        said = Note(
            id=SPOKEN_FROM + happening.call,
            entity_id=note.entity_id,
            responsible=happening.user,
            note_type="extended_service_message",
            params={"service": "Расшифровки", "text": f"Расшифровка звонка call-{happening.call}\n{text}"},
            created_by=0,
            updated_by=0,
            created_at=at,
            updated_at=at,
        )
        self._world.add_note(entity, said)

    def planned(self, happening: MeetingPlanned, at: int) -> None:
        self._errand(happening.meeting, happening, at, "Встреча", MEETING, duration=3600)

    def task_set(self, happening: TaskSet, at: int) -> None:
        self._errand(happening.task, happening, at, "Связаться с клиентом", CALL_BACK)

    def _errand(
        self, id_: int, happening: MeetingPlanned | TaskSet, at: int, text: str, type_: int, duration: int = 0
    ) -> None:
        self._world.add_task(
            Task(
                id=id_,
                responsible=happening.user,
                text=text,
                complete_till=seconds(happening.due),
                entity_type="leads",
                entity_id=happening.deal,
                task_type=type_,
                duration=duration,
                created_by=happening.user,
                updated_by=happening.user,
                created_at=at,
                updated_at=at,
            )
        )

    def rescheduled(self, happening: Rescheduled, at: int) -> None:
        task = self._world.tasks.rows[happening.task]
        self._world.postpone(task, seconds(happening.due), at, happening.by)
        self._world.task_changed(task, at, happening.by)

    def task_done(self, happening: TaskDone, at: int) -> None:
        task = self._world.tasks.rows[happening.task]
        self._world.complete(task, None, at, happening.by)
        self._world.task_changed(task, at, happening.by)

    def held(self, happening: MeetingHeld, at: int) -> None:
        task = self._world.tasks.rows[happening.meeting]
        self._world.complete(task, happening.text, at, happening.user)
        self._world.task_changed(task, at, happening.user)


def phone_of(contact: Contact | None) -> str:
    """The first value of the first field: his phone."""
    values = [] if contact is None else list(contact.fields.values())
    return str(values[0][0]["value"]) if values else ""
