"""Tell what a column header means, whichever language and program wrote it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from blenddesk.interop import header_words as words

FIELDS = (
    "given",
    "family",
    "family_second",  # Spanish and Portuguese lists keep the two family names in two columns
    "middle",
    "full_name",
    "preferred",
    "source_id",
    "class",
    "grade",
    "role",
    "status",
)
_STAFF_FILE = re.compile(
    r"(?i)(?<![a-z])(teachers?|staff|faculty|enseignants?|professeurs?|docentes?|profesores|professores|lehrer"
    r"|lehrkr\w+|docenti|insegnanti)(?![a-z])"
)


def fold(text: str) -> str:
    """Letters and digits only, without accents or case: "Prénom*" and "prenom" compare equal."""
    spread = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in spread if character.isalnum())


def word_set(listed: str) -> frozenset[str]:
    """Return the folded words of a semicolon list of header_words."""
    return frozenset(_table(listed))


def _table(listed: str) -> dict[str, int]:
    return {fold(word): rank for rank, word in reversed(list(enumerate(listed.split(";"))))}


_RANKED = {name: _table(listed) for name, listed in words.FIELD_WORDS.items()}
_NAMES = _table(words.NAME_WORDS)
_PRIVATE = _table(words.PRIVATE_WORDS)
_OTHER = _table(words.OTHER_WORDS)
_STAFF = _table(words.STAFF_WORDS)
_PLURAL = _table(words.PLURAL_WORDS)
_LAST_FIRST = _table(words.LAST_FIRST_WORDS)
_FIRST_LAST = _table(words.FIRST_LAST_WORDS)
_AUDIENCE = frozenset(_table(words.AUDIENCE_TOKENS))
_STOP = frozenset(_table(words.STOP_TOKENS))
_FOREIGN = frozenset(_table(words.FOREIGN_TOKENS))
_PRIVATE_TOKENS = frozenset(_table(words.PRIVATE_TOKENS))


def tokens_of(header: str) -> list[str]:
    """Words of a header, folded; camelCase and under_scores are cut too."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return [fold(token) for token in re.split(r"[\W_]+", spaced) if fold(token)]


@lru_cache(maxsize=4096)
def field_of(header: str) -> tuple[str, int] | None:
    """Return (field or "name", rank; 0 is best) for a column header, or None when it is none of ours."""
    for text in (header, re.sub(r"[(\[].*?[)\]]", "", header)):
        folded = fold(text)
        if not folded:
            continue
        for field, table in _RANKED.items():
            if folded in table:
                return field, table[folded]
        if folded in _NAMES:
            return "name", 0
        if folded in _PRIVATE or folded in _OTHER:
            return None
    tokens = tokens_of(re.sub(r"[(\[].*?[)\]]", "", header))
    if any(token in _FOREIGN for token in tokens) or len(tokens) > 6:
        return None
    core = [token for token in tokens if token not in _AUDIENCE and token not in _STOP]
    about_students = any(token in _AUDIENCE for token in tokens)
    if not core or len(core) == len(tokens):
        return None
    with_stops = "".join(token for token in tokens if token not in _AUDIENCE)
    for joined in (with_stops, "".join(core)):
        for field, table in _RANKED.items():
            if joined in table:
                return field, table[joined] + 100
        if joined in ("nomdusage", "nomusage"):  # French: the name in use beside the legal one
            return "family", 200
        if joined in _NAMES:
            return ("name", 1) if about_students else ("name", 2)
    return None


def is_private(header: str) -> bool:
    """True for columns never read: passwords, phones, birth dates, race, disability, meals, addresses ..."""
    folded = fold(header)
    bare = fold(re.sub(r"[(\[].*?[)\]]", "", header))
    if folded in _PRIVATE or bare in _PRIVATE:
        return field_of(header) is None
    tokens = set(tokens_of(header))
    return field_of(header) is None and bool(tokens & _PRIVATE_TOKENS)


def looks_like_header(cell: str) -> bool:
    """True when a cell is (or is shaped like) the head of a column rather than something about one child."""
    folded = fold(cell)
    if not folded or len(cell) > 120:
        return False
    known = (_PRIVATE, _OTHER, _STAFF)
    if field_of(cell) is not None or any(
        word in table for word in (folded, folded.rstrip("0123456789")) for table in known
    ):
        return True
    if "@" in cell or re.search(r"\d{3}", cell):
        return False
    # local_id, sourcedId, metadata.gender: machine-made column names
    if re.fullmatch(r"[a-z]+(?:[_.][A-Za-z0-9]+)+|[a-z]+(?:[A-Z][A-Za-z0-9]*)+", cell):
        return True
    tokens = tokens_of(cell)
    return len(tokens) > 1 and tokens[-1] in (
        "id",
        "name",
        "number",
        "date",
        "code",
        "type",
        "email",
        "address",
        "status",
    )


def is_staff_header(header: str) -> bool:
    """True for columns only a list of teachers has."""
    return fold(header) in _STAFF


def is_staff_file(name: str) -> bool:
    """True when the file calls itself a list of teachers."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return _STAFF_FILE.search(stem) is not None


def is_plural(header: str) -> bool:
    """True when one cell of this class column may hold several classes."""
    return fold(header) in _PLURAL or fold(re.sub(r"[(\[].*?[)\]]", "", header)) in _PLURAL


def name_order(header: str) -> str | None:
    """ "last_first" or "first_last" when a full-name header says so itself."""
    folded = fold(header)
    return "last_first" if folded in _LAST_FIRST else "first_last" if folded in _FIRST_LAST else None


_FORMATS: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (name, frozenset(words.split()))
    for name, words in (
        ("sds", "sourcedid givenname familyname activedirectorymatchid"),
        ("oneroster", "sourcedid givenname familyname"),
        ("sds", "sisid schoolsisid"),
        ("clever", "studentid schoolid lastname firstname"),
        ("canvas", "userid loginid status"),
        ("kolibri", "usernameusername fullnamefullname"),
        ("moodle", "username firstname lastname email"),
        ("aspen", "localid fullname homeroom"),
        ("onde", "nomeleve prenomeleve"),
        ("google", "firstname lastname emailaddress"),
        ("seesaw", "teacheremail classname studentname"),
    )
)
FORMATS = tuple(dict.fromkeys(name for name, _ in _FORMATS))


def format_of(headers: tuple[str, ...]) -> str | None:
    """Name the program that wrote a list, by its column names."""
    folded = {fold(header) for header in headers}
    return next((name for name, words in _FORMATS if words <= folded), None)
