"""What the program says when something is amiss, in the reader's language.

Errors, problems and notes are raised and stored in English: logs, the database and `--json` have one language, and no
room below has to know who reads. At the border their Russian is looked up by the English sentence, as gettext does;
`tests/said` walks the sources and finds every sentence that has none.
"""

from connector.said.matching import in_language, told

__all__ = ["in_language", "told"]
