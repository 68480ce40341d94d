"""The journal on its own: cut it or damage it anywhere."""

from __future__ import annotations

from pathlib import Path

from connector.store.secret.journal import Entry, Journal


def test_a_journal_cut_at_any_byte_gives_the_whole_records_before_the_cut(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    entries = [Entry("intent", 1, 5), Entry("answer", 2, 6, "sealed" * 9), Entry("intent", 2, 7)]
    for entry in entries:
        journal.append(entry)
    assert journal.entries() == entries
    data = journal.path.read_bytes()
    ends = [n + 1 for n, byte in enumerate(data) if byte == 10]
    for cut in range(len(data.rstrip(b" ")) + 1):
        journal.path.write_bytes(data[:cut])
        assert journal.entries() == entries[: sum(end <= cut for end in ends)]
        journal.append(Entry("intent", 8, 8))
        assert journal.entries()[-1] == Entry("intent", 8, 8)


def test_a_flipped_bit_is_no_record(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    journal.append(Entry("answer", 2, 6, "sealed"))
    data = bytearray(journal.path.read_bytes())
    for n in range(len(data) - 1):
        data[n] ^= 4
        journal.path.write_bytes(data)
        assert journal.entries() == []
        data[n] ^= 4
