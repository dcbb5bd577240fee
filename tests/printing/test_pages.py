"""Pages: what stands on them and what never does, that nothing leaves the paper, PDF whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, qGray

from blenddesk.domain import templates
from blenddesk.domain.pictures import AVATARS, CODE_PICTURES
from blenddesk.domain.plans import SHAPES
from blenddesk.errors import EnvironmentTrouble, Refusal
from blenddesk.printing.chalk_board import BoardRound, BoardRow, ChalkBoard, Place, board_pages, read_aloud
from blenddesk.printing.group_lists import GroupList, group_pages
from blenddesk.printing.output import page_image, page_words, write_pdf
from blenddesk.printing.paper import MARGIN, Page, Paper, PaperSize
from blenddesk.printing.shapes import group_word, shape_path
from blenddesk.printing.sign_in_cards import CodeLine, SignInCard, card_pages, code_pages
from blenddesk.printing.station_cards import StationCard, station_pages
from blenddesk.printing.words_sheet import WordsSheet, words_pages
from tests.conftest import NAMES

LONG = "Wolfeschlegelsteinhausen"
FIRST = [LONG, "Mohamed", "Mohamed S", "Mohamed Sa", "محمد", *(name.split()[0] for name in NAMES[5:45])]
BLOCKS = [templates.WITH_ME, templates.COMPUTER, templates.TEAM, templates.ON_YOUR_OWN]
PLACES = tuple(Place(block.title, block.picture) for block in BLOCKS)
PIXELS = 620


def cards() -> list[Page]:
    return card_pages([SignInCard(name, AVATARS[n], "Sunflowers 4B") for n, name in enumerate(FIRST)])


def codes() -> list[Page]:
    return code_pages([CodeLine(name, AVATARS[n], (n % 9, 8, 2)) for n, name in enumerate(FIRST)], "Sunflowers 4B")


def stations() -> list[Page]:
    own = (("circle", "Read page 4"), ("square", "Read page 9"))
    return station_pages(
        [
            StationCard(b.title, b.picture, b.task, b.steps, b.step_pictures, (9, 10), ("Headphones",), b.output, own)
            for b in BLOCKS
        ]
    )


def board(groups: int = 4, rounds: int = 4) -> ChalkBoard:
    return ChalkBoard(
        "Reading rotation",
        tuple(BoardRound(9, 575 + 11 * number) for number in range(rounds)),
        tuple(
            BoardRow(shape, tuple(PLACES[(place + number) % 4] for number in range(rounds)))
            for place, shape in enumerate(SHAPES[:groups])
        ),
    )


def boards() -> list[Page]:
    return board_pages(board()) + board_pages(board(8, 6))


def groups() -> list[Page]:
    return group_pages(
        [GroupList(shape, tuple(FIRST[place::6]), PLACES) for place, shape in enumerate(SHAPES[:6])], "Reading rotation"
    )


def words() -> list[Page]:
    return words_pages(
        WordsSheet("Blue-3", "Sunflowers 4B", "Blue-3.bdseat", ("apple", "river", "candle", "monkey", "purple"))
    )


EVERY: dict[str, Callable[[], list[Page]]] = {
    "cards": cards,
    "codes": codes,
    "stations": stations,
    "boards": boards,
    "groups": groups,
    "words": words,
}
PAPERS = [Paper(), Paper(PaperSize.LETTER, ink_saver=True, right_to_left=True)]


def dark(image: QImage, left: int, top: int, right: int, bottom: int) -> int:
    """Pixels that carry ink in a part of a picture."""
    return sum(qGray(image.pixel(x, y)) < 250 for y in range(top, bottom) for x in range(left, right))


def coloured(image: QImage) -> int:
    found = 0
    for y in range(0, image.height(), 3):
        for x in range(0, image.width(), 3):
            colour = image.pixelColor(x, y)
            found += (
                max(colour.red(), colour.green(), colour.blue()) - min(colour.red(), colour.green(), colour.blue()) > 24
            )
    return found


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("paper", PAPERS, ids=str)
def test_every_page_has_ink_and_keeps_the_margin(name: str, paper: Paper) -> None:
    for page in EVERY[name]()[:2]:
        image = page_image(page, paper, PIXELS)
        width, height = image.width(), image.height()
        assert (width, height) != (0, 0)
        across, down = paper.extent(landscape=page.landscape)
        assert abs(width / height - across / down) < 0.01
        # Everything lies inside half the margin; only the fold of a tent runs to the edge.
        edge = int(MARGIN * 0.4 / across * width)
        fold = range(height // 2 - 3, height // 2 + 4) if name == "stations" else range(0)
        outside = [
            (x, y)
            for y in range(height)
            for x in (*range(edge), *range(width - edge, width))
            if qGray(image.pixel(x, y)) < 250 and y not in fold
        ]
        assert not outside
        assert not dark(image, 0, 0, width, edge)
        assert not dark(image, 0, height - edge, width, height)
        assert dark(image, edge, edge, width - edge, height - edge) > 500


@pytest.mark.parametrize("name", EVERY)
def test_the_ink_saver_uses_less_ink_and_no_colour(name: str) -> None:
    page = EVERY[name]()[0]
    full, saved = page_image(page, Paper(), PIXELS), page_image(page, Paper(ink_saver=True), PIXELS)
    assert coloured(saved) == 0
    assert _ink(saved) <= _ink(full)
    if name not in ("words",):
        assert coloured(full) > 0


def _ink(image: QImage) -> int:
    return sum(255 - qGray(image.pixel(x, y)) for y in range(0, image.height(), 2) for x in range(0, image.width(), 2))


def test_right_to_left_pages_are_mirrored_in_place() -> None:
    page = cards()[0]
    plain, turned = page_image(page, Paper(), PIXELS), page_image(page, Paper(right_to_left=True), PIXELS)
    # The first card's circle with its picture stands at the leading side: left here, right there.
    box = 20, 20, 130, 130
    assert dark(plain, *box) > 500
    mirrored = PIXELS - box[2], box[1], PIXELS - box[0], box[3]
    assert abs(dark(turned, *mirrored) - dark(plain, *box)) < dark(plain, *box) * 0.1
    assert page_words(page, Paper()) == page_words(page, Paper(right_to_left=True))


def test_eight_cards_to_a_page_in_order() -> None:
    pages = cards()
    assert len(pages) == 6
    written = [word for page in pages for word in page_words(page, Paper())]
    assert [word for word in written if word in FIRST] == FIRST
    for page in pages[:-1]:
        assert page_words(page, Paper()).count("Sunflowers 4B") == 8


def test_cards_hold_no_group_no_code_and_no_more_than_name_and_class() -> None:
    allowed = {*FIRST, "Sunflowers 4B", "1", "2", "3", "4"}
    for page in cards():
        assert set(page_words(page, Paper())) <= allowed
    assert not set(SignInCard.__slots__) & {"code", "group", "shape", "family", "need"}
    assert not [page for page in cards() if set(page_words(page, Paper())) & {group_word(s) for s in SHAPES}]


def test_the_code_sheet_says_whose_it_is_and_that_it_stays() -> None:
    written = page_words(codes()[0], Paper())
    assert LONG in written
    assert any("Do not hang it up" in line for line in written)
    assert len(codes()) == 2
    plain = page_words(code_pages([CodeLine("Amina", "fox", ())], "4B")[0], Paper())
    assert "None chosen yet" in plain
    assert len(CODE_PICTURES) == 9


def test_a_group_is_a_shape_and_a_word() -> None:
    assert len({group_word(shape) for shape in SHAPES}) == len(SHAPES)
    outlines = {tuple((round(p.x, 3), round(p.y, 3)) for p in _points(shape)) for shape in SHAPES}
    assert len(outlines) == len(SHAPES)
    with pytest.raises(LookupError):
        shape_path("star")


def _points(shape: str) -> list:
    path = shape_path(shape)
    return [path.elementAt(number) for number in range(path.elementCount())]


def test_the_line_to_read_aloud_names_every_group_and_place() -> None:
    said = read_aloud(board(), 1)
    assert said.startswith("Round 2.")
    for shape, place in zip(SHAPES[:4], (1, 2, 3, 0), strict=True):
        assert f"{group_word(shape)}: {PLACES[place].title}." in said
    assert len(said) < 160, "short enough to say in a breath"


def test_the_station_card_reads_from_both_sides() -> None:
    page = stations()[0]
    image = page_image(page, Paper(), PIXELS)
    half = image.height() // 2
    turned = image.transformed(_half_turn())
    differing = sum(
        abs(qGray(image.pixel(x, y)) - qGray(turned.pixel(x, y))) > 90
        for y in range(half + 10, image.height(), 2)
        for x in range(0, PIXELS, 2)
    )
    assert differing < 0.01 * PIXELS * half / 4
    assert page_words(page, Paper()).count("With me") == 1, "what is there twice is said once"


def _half_turn():
    from PySide6.QtGui import QTransform

    return QTransform().rotate(180)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("paper", PAPERS, ids=str)
def test_pdf_has_as_many_pages_as_drawn(name: str, paper: Paper, tmp_path: Path) -> None:
    pages = EVERY[name]()
    path = tmp_path / "print.pdf"
    counted: list[tuple[int, int]] = []
    write_pdf(path, pages, paper, progress=lambda done, total: counted.append((done, total)))
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    assert data.count(b"/Type /Page\n") == len(pages)
    assert counted == [(number, len(pages)) for number in range(len(pages) + 1)]
    assert [one.name for one in tmp_path.iterdir()] == ["print.pdf"]


def test_cancel_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "cards.pdf"
    path.write_bytes(b"before")
    asked = iter([False, False, True])
    with pytest.raises(Refusal) as caught:
        write_pdf(path, cards(), Paper(), cancelled=lambda: next(asked))
    assert caught.value.code == "cancelled"
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_no_pages_and_no_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as empty:
        write_pdf(tmp_path / "x.pdf", [], Paper())
    assert empty.value.code == "nothing_to_print"
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EnvironmentTrouble) as blocked:
        write_pdf(tmp_path / "file" / "x.pdf", cards(), Paper())
    assert blocked.value.code == "print_not_written"


def test_nothing_of_the_desk_or_a_window_is_loaded() -> None:
    import subprocess
    import sys

    program = "import sys, blenddesk.printing.output, blenddesk.printing.sign_in_cards; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not {"PySide6.QtWidgets", "PySide6.QtPrintSupport", "sqlalchemy"} & loaded
    assert not {name for name in loaded if name.startswith(("blenddesk.ui", "blenddesk.services"))}
