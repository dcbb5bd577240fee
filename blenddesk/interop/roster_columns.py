"""Propose what each column of a class list means: by its header in many languages, else by what the cells look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from blenddesk.errors import ExchangeTrouble, Refusal
from blenddesk.interop.headers import FIELDS, field_of, fold, is_private, looks_like_header, tokens_of
from blenddesk.interop.names import BULLET
from blenddesk.interop.roster_model import Column
from blenddesk.interop.tables import Table

NAME_FIELDS = frozenset({"given", "family", "full_name"})
COMMAS = ",،，"
_LOGINS = frozenset(fold(word) for word in (
    "username", "user name", "username (username)", "login id", "login", "login name", "benutzername", "anmeldename",
    "nombre de usuario", "usuario", "nome utente", "nome de usuario", "nom d'utilisateur", "اسم المستخدم",
))  # fmt: skip
_PERSON_TOKENS = re.compile(r"(?i)(?:^|[^a-z])(gender|sexe?|sexo|geschlecht|birth|dob|e-?mail|naissance|nacimiento)")
_THING_TOKENS = re.compile(
    r"(?i)(?:^|[^a-z])(type|mac|uri|url|ip|capacity|term|account_?id|group_?id|course_?id|section_?id|start_?date|end_?date"
    r"|startdate|enddate|parentsourcedid|principal|nces|zone|router|server|semester|credits|points|price|subject)(?:$|[^a-z])"
)
_NAME_SHAPE = re.compile(r"[^\W\d_][^\d_@/\\<>{}=|:]{0,79}")
_CLASS_SHAPE = re.compile(r"(?=.*\d)[\w.\-/ ]{1,8}")
_ID_SHAPE = re.compile(r"(?=.*\d)[A-Za-z0-9_.\-]{2,40}")
_MACHINE_MADE = re.compile(r"[A-Za-z]\w*(?:[a-z0-9][A-Z]|_)\w*")
_DATE_SHAPE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}.*")


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read a table: columns, where its data begins, and whether the columns were only guessed."""

    columns: tuple[Column, ...]
    first_row: int  # index of the first data row in Table.rows
    headers: tuple[str, ...]  # () when the list has none
    guessed: bool

    def index(self, field: str) -> int | None:
        """Index of the (first) column read as ``field``."""
        return next((column.index for column in self.columns if column.field == field), None)


def lay_out(table: Table, name: str, mapping: Mapping[str, int] | None = None) -> Layout:
    """Propose a layout and let ``mapping`` (field -> column index from 0, or -1 for "not in this list") correct it.

    Raises ExchangeTrouble roster_no_names or roster_no_rows, Refusal roster_mapping_field, roster_mapping_column
    or roster_mapping_private.
    """
    width = max((len(row) for row in table.rows), default=0)
    at = find_header(table.rows)
    headers = () if at is None else tuple(" ".join(cell.split()) for cell in table.rows[at])
    first = 0 if at is None else at + 1
    data = [row for row in table.rows[first:] if any(row)]
    if headers:
        fields = _by_header(headers, data[:2000])
    elif data:
        fields = _by_content(data[:400], width, spaced=_comma_and_blank(table))
    else:
        fields = {}
    if mapping is not None:
        fields = _corrected(fields, mapping, width, headers)
    if not NAME_FIELDS & set(fields.values()):
        raise ExchangeTrouble("roster_no_names", file=name, headers=[h for h in headers if h][:40])
    if not data:
        raise ExchangeTrouble("roster_no_rows", file=name)
    columns = tuple(
        Column(index, headers[index] if index < len(headers) else "", fields.get(index)) for index in range(width)
    )
    return Layout(columns, first, headers, guessed=at is None and mapping is None)


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Index of the header row: the one of the first dozen filled rows that names most of our fields."""
    best: tuple[int, int] | None = None
    widest_before = seen = 0
    for index, row in enumerate(rows):
        filled = [cell for cell in row if cell.strip()]
        if not filled:
            continue
        seen += 1
        if seen > 12:
            break
        marks = sum(looks_like_header(cell) for cell in filled)
        fields = {found[0] for cell in filled if (found := field_of(cell))}
        # DistrictName, SchoolLocalID, TestGrade ...: a whole row like that was made by a program, not by parents.
        machine = sum(bool(_MACHINE_MADE.fullmatch(cell)) for cell in filled)
        if len(filled) > 3 and machine * 10 >= len(filled) * 6:
            marks = len(filled)
        named = bool(fields & (NAME_FIELDS | {"name"}))
        # No child is called "Last Name": such a cell makes a header of any row, however odd its other cells are.
        certain = any(len(tokens_of(cell)) > 1 and (field_of(cell) or ("",))[0] in NAME_FIELDS for cell in filled)
        if len(filled) == 1:
            good = bool(fields & {"full_name", "name", "given", "family"}) and len(fold(filled[0])) > 3
        else:
            good = certain or (marks * 2 > len(filled) and (named or marks > 1))
        # A header is not narrower than what stands above it (titles, dates, the name of the school).
        if good and len(filled) >= widest_before:
            score = len(fields) + (10 if named else 0)
            if best is None or score > best[0]:
                best = (score, index)
        if best is not None and seen > best[1] + 4:
            break
        widest_before = max(widest_before, len(filled))
    return None if best is None else best[1]


def _by_header(headers: Sequence[str], data: Sequence[Sequence[str]]) -> dict[int, str]:
    filled = [0] * len(headers)
    for row in data:
        for index in range(min(len(row), len(headers))):
            filled[index] += bool(row[index].strip())
    candidates: dict[str, list[tuple[int, int]]] = {}
    weak = True
    for index, header in enumerate(headers):
        found = field_of(header)
        if found:
            candidates.setdefault(found[0], []).append((found[1], index))
            weak = weak and not (found[0] in NAME_FIELDS or found == ("name", 1))
    names = candidates.pop("name", [])
    given, family = "given" in candidates, "family" in candidates
    if names and given:
        candidates.setdefault("family", []).extend((rank + 150, index) for rank, index in names)
    elif names and family:
        candidates.setdefault("given", []).extend((rank + 150, index) for rank, index in names)
    elif names and "full_name" not in candidates and not (weak and _is_about_things(headers, data, names[0][1])):
        candidates["full_name"] = names
    if "given" in candidates and "family" in candidates:
        candidates.pop("full_name", None)
    elif "full_name" in candidates:
        candidates.pop("given", None)
        candidates.pop("family", None)
    fields: dict[int, str] = {}
    for field, places in candidates.items():
        if field == "class":
            fields.update({index: "class" for _, index in places})
            continue
        # An empty column, however well named, is of no use; beyond that the better word wins.
        best = min(places, key=lambda place: (filled[place[1]] == 0, filled[place[1]] * 2 < max(
            filled[other] for _, other in places), place[0]))  # fmt: skip
        fields[best[1]] = field
    login = next((i for i, field in fields.items() if field == "source_id" and fold(headers[i]) in _LOGINS), None)
    if login is not None and not _tells_people_apart(fields, login, data):
        del fields[login]
    if not NAME_FIELDS & set(fields.values()):
        return {}
    return fields


def _tells_people_apart(fields: Mapping[int, str], login: int, data: Sequence[Sequence[str]]) -> bool:
    """A log-in name is only an id of last resort: as soon as two people share one, it is none."""
    names = [index for index, field in fields.items() if field in NAME_FIELDS or field == "middle"]
    seen: dict[str, tuple[str, ...]] = {}
    for row in data:
        key = _cell(row, login).casefold()
        who = tuple(fold(_cell(row, index)) for index in names)
        if key and seen.setdefault(key, who) != who:
            return False
    return bool(seen)


def _is_about_things(headers: Sequence[str], data: Sequence[Sequence[str]], column: int) -> bool:
    """A bare "name" heads schools, groups and printers too."""
    person = any(
        _PERSON_TOKENS.search(header) and not re.search(r"(?i)principal|parent|metadata|contact", header)
        for header in headers
    )
    fields = {found[0] for header in headers if (found := field_of(header))}
    if not person and not fields & {"grade", "class", "role"} and any(_THING_TOKENS.search(h) for h in headers):
        return True
    cells = [_cell(row, column) for row in data[:200] if _cell(row, column)]
    return bool(cells) and sum(bool(_NAME_SHAPE.fullmatch(cell)) for cell in cells) * 2 < len(cells)


def _cell(row: Sequence[str], index: int) -> str:
    return row[index].strip() if index < len(row) else ""


def _comma_and_blank(table: Table) -> bool:
    """True when the file is "Last, First" a line: split at commas, each followed by a blank."""
    return table.delimiter == "," and table.blank_after_delimiter


def _by_content(data: Sequence[Sequence[str]], width: int, *, spaced: bool) -> dict[int, str]:
    columns = [[_cell(row, index) for row in data] for index in range(width)]
    if width == 1:
        columns = [[BULLET.sub("", cell, count=1) for cell in columns[0]]]
    names = [index for index in range(width) if _could_be_names(columns[index], alone=width == 1)]
    logins = [index for index in range(width) if _are_logins(columns, index, names)]
    names = [index for index in names if index not in logins]
    fields: dict[int, str] = {}
    whole = [index for index in names if _share(columns[index], lambda cell: any(c in cell for c in COMMAS)) > 0.6]
    if whole:
        fields[whole[0]] = "full_name"
    elif names:
        varied = [index for index in names if len(set(filter(None, columns[index]))) > 1 or len(data) == 1]
        several = [i for i in varied if _share(columns[i], lambda cell: " " in cell) > 0.7]
        if len(data) <= 3 and width == 2 and len(names) == 2:
            varied = names  # two sisters share a family name, and that is all the list
        if not varied:
            return {}
        first, second = varied[0], varied[1] if len(varied) > 1 else None
        if second is None or (first in several and second not in several and width > 2):
            fields[first] = "full_name"
        else:
            given, family = _ordered(columns, first, second, logins, spaced=spaced)
            fields[given], fields[family] = "given", "family"
    if not fields:
        return {}
    used = set(fields)
    for index in range(width):
        if index in used or index in names:
            continue
        cells = [cell for cell in columns[index] if cell]
        if not cells:
            continue
        if "status" not in fields.values() and set(cells) <= {"A", "M", "D", "I"} and "A" in cells:
            fields[index] = "status"
        elif "class" not in fields.values() and _is_class_column(cells):
            fields[index] = "class"
    for index in [*range(width), *logins]:
        if (
            "source_id" not in fields.values()
            and index not in fields
            and (index in logins or _is_id_column(columns[index]))
        ):
            trial = {**fields, index: "source_id"}
            if _tells_people_apart(trial, index, data):
                fields[index] = "source_id"
    return fields


def _share(cells: Sequence[str], test: Callable[[str], object]) -> float:
    filled = [cell for cell in cells if cell]
    return sum(bool(test(cell)) for cell in filled) / len(filled) if filled else 0.0


def _could_be_names(cells: Sequence[str], *, alone: bool) -> bool:
    filled = [cell for cell in cells if cell]
    if len(filled) * 2 < len(cells) or _share(cells, _NAME_SHAPE.fullmatch) < (0.6 if alone else 0.8):
        return False
    if alone:
        return True
    different = len(set(filled))
    if len(filled) > 3 and different == 1:
        return False  # the school, the country
    if all(len(cell) == 1 and cell.isascii() for cell in filled):
        return False  # action letters, F and M
    # Few words again and again: gender, house, language. Names repeat far less.
    return not (len(filled) >= 8 and different / len(filled) < 0.25)


def _are_logins(columns: Sequence[Sequence[str]], index: int, names: Sequence[int]) -> bool:
    """Log-in names: small Latin letters without blanks, made of pieces of the names beside them."""
    cells = columns[index]
    others = [other for other in names if other != index]
    if not others or _share(cells, lambda cell: re.fullmatch(r"[a-z0-9._\-]{2,40}", cell)) < 0.9:
        return False
    hits = total = 0
    for row, cell in enumerate(cells):
        pieces = [fold(columns[other][row]) for other in others if columns[other][row] != cell]
        total += bool(cell)
        hits += any(len(piece) > 2 and (piece in fold(cell) or fold(cell) in piece) for piece in pieces)
    return total > 0 and hits * 2 > total


def _ordered(
    columns: Sequence[Sequence[str]], first: int, second: int, logins: Sequence[int], *, spaced: bool
) -> tuple[int, int]:
    """Return (given, family) for two name columns without headers."""
    upper = [_share(columns[index], lambda cell: cell.isupper() and len(cell) > 1) > 0.8 for index in (first, second)]
    if upper[0] != upper[1]:  # French and Spanish habit: the family name in capitals
        return (second, first) if upper[0] else (first, second)
    votes = 0
    addresses = [i for i, cells in enumerate(columns) if _share(cells, lambda cell: "@" in cell) > 0.6]
    for index in [*logins, *addresses]:
        for row, cell in enumerate(columns[index]):
            login, one, two = fold(cell.split("@")[0]), fold(columns[first][row]), fold(columns[second][row])
            if not login or not one or not two:
                continue
            # j.cole: the initial belongs to the given name, the whole word to the family name
            votes += login in (one[0] + two, one + two) or login == two + one[0]
            votes -= login in (two[0] + one, two + one) or login == one + two[0]
    if votes:
        return (first, second) if votes > 0 else (second, first)
    return (second, first) if spaced else (first, second)


def _is_class_column(cells: Sequence[str]) -> bool:
    shaped = sum(bool(_CLASS_SHAPE.fullmatch(cell)) and not cell.isdigit() for cell in cells)
    if shaped * 10 < len(cells) * 8 or any(_DATE_SHAPE.fullmatch(cell) for cell in cells):
        return False
    return len(set(cells)) * 2 <= len(cells) or len(cells) == 1 or all(len(cell) <= 3 for cell in cells)


def _is_id_column(cells: Sequence[str]) -> bool:
    """Different for (nearly) everyone and holding digits; never a date, a phone number or a count 1, 2, 3."""
    filled = [cell for cell in cells if cell]
    if len(filled) * 10 < len(cells) * 8 or not all(_ID_SHAPE.fullmatch(cell) for cell in filled):
        return False
    if any(_DATE_SHAPE.fullmatch(cell) or re.fullmatch(r"0?\d{8,}|\d{8,}", cell) for cell in filled):
        return False
    numbers = [int(cell) for cell in filled if cell.isdigit() and cell.isascii()]
    if (
        len(numbers) == len(filled)
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] <= 1
    ):
        return False
    if all(len(cell) <= 2 for cell in filled):
        return False
    return len(set(filled)) == len(filled)


def _corrected(
    fields: dict[int, str], mapping: Mapping[str, int], width: int, headers: Sequence[str]
) -> dict[int, str]:
    fields = dict(fields)
    for field, index in mapping.items():
        if field not in FIELDS:
            raise Refusal("roster_mapping_field", field=field, fields=list(FIELDS))
        if not -1 <= index < width:
            raise Refusal("roster_mapping_column", field=field, column=index, columns=width)
        if 0 <= index < len(headers) and is_private(headers[index]):
            raise Refusal("roster_mapping_private", field=field, header=headers[index])
        # One answer to "which column?" replaces the proposal, and a whole name excludes its parts.
        rivals = {"full_name": {"full_name", "given", "family"}, "given": {"given", "full_name"}}.get(
            field, {"family", "full_name"} if field == "family" else {field}
        )
        fields = {i: f for i, f in fields.items() if f not in rivals}
        if index >= 0:
            fields[index] = field
    return fields
