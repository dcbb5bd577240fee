"""Computers in the tray: what one tried that it may not, work that waits, and which of two is the real one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtWidgets import QWidget

from blenddesk import authority_words
from blenddesk.services import authority, conflicts
from blenddesk.services.authority import Computer, HeldWork, RefusedOp, SeatQuestion
from blenddesk.services.context import AppContext
from blenddesk.text import _, name
from blenddesk.ui import kit
from blenddesk.ui.carry_words import when_words
from blenddesk.ui.desk import computer_answers
from blenddesk.ui.desk.session import DeskSession


def count(context: AppContext) -> int:
    """How many of these wait."""
    lines = authority_words.refused_lines(authority.refused(context))
    return len(lines) + len(_held(context)) + len(authority.questions(context))


def cards(session: DeskSession, refresh: Callable[[], None], parent: QWidget) -> Iterator[tuple[str, QWidget]]:
    """A card for each, with what tells whether it has changed. ``refresh``: after an answer that writes nothing."""
    context = session.context
    if not conflicts.computers_may_wait(context):
        return
    for asked in authority.questions(context):
        yield repr(asked), (DeskCard if asked.for_desk else SeatCard)(session, asked, parent)
    for work in _held(context):
        yield repr(work), HeldCard(session, work, parent)
    for sentence, ops in authority_words.refused_lines(authority.refused(context)):
        yield repr(ops), RefusedCard(session, sentence, ops, refresh, parent)


def _held(context: AppContext) -> list[HeldWork]:
    """Of a second computer on one file the question is which is real: its work goes with the answer."""
    return [work for work in authority.held(context) if work.retired]


class _Card(kit.Card):
    """A sentence, a line about it, and the answers."""

    def __init__(self, title: str, detail: str, parent: QWidget) -> None:
        super().__init__(fill="quiet", padding=12, raised=False, parent=parent)
        self.setAccessibleName(title)
        self._title = title
        self.body.setSpacing(6)
        self.body.addWidget(kit.Text(title, bold=True, parent=self))
        self.body.addWidget(kit.Text(detail, role="small", tone="dim", parent=self))
        self._foot = kit.FlowLayout(spacing=10)
        self.body.addLayout(self._foot)

    def add_answer(self, words: str, key: str, act: Callable[[], object]) -> None:
        button = kit.Button(words, size="small", parent=self)
        button.setObjectName(key)
        button.setAccessibleName(f"{words}: {self._title}")
        button.clicked.connect(lambda _checked=False: act())
        self._foot.addWidget(button)


class RefusedCard(_Card):
    def __init__(
        self,
        session: DeskSession,
        sentence: str,
        ops: tuple[RefusedOp, ...],
        refresh: Callable[[], None],
        parent: QWidget,
    ) -> None:
        when = when_words(session.context.clock, max(op.at_ms for op in ops))
        super().__init__(sentence, f"{when} · {_(authority_words.REFUSED_IS_SAFE)}", parent)
        self.setObjectName("refused")

        def seen() -> None:
            authority.dismiss(session.context, ops)
            refresh()

        self.add_answer(_("Seen"), f"seen_{ops[0].ref.seq}_{ops[0].ref.hash8.hex()}", seen)


class HeldCard(_Card):
    def __init__(self, session: DeskSession, work: HeldWork, parent: QWidget) -> None:
        clock = session.context.clock
        things = [_(authority_words.THINGS[kind]) for kind, _n in work.records if kind in authority_words.THINGS]
        detail = " · ".join([when_words(clock, work.first_ms), when_words(clock, work.last_ms), ", ".join(things[:3])])
        super().__init__(authority_words.held_sentence(work), detail, parent)
        self.setObjectName("held")
        if work.can_accept:
            key = f"accept_{work.device_id.hex()}_{work.section.hex()[:8]}"
            self.add_answer(_("Let it count"), key, lambda: session.do(authority.accept_held, work.device_id))


class SeatCard(_Card):
    """Both may be real (a class set up from one image), or one may be nobody's."""

    def __init__(self, session: DeskSession, asked: SeatQuestion, parent: QWidget) -> None:
        detail = _("Nothing of the second one counts until you say so.")
        super().__init__(authority_words.question_sentence(asked), detail, parent)
        self.setObjectName("seat_question")
        taken: set[str] = set()
        for waiting in asked.waiting:
            free = computer_answers.free_name(session, asked.section, asked.name, taken)
            words = _("Both are real: call the second {name}").format(name=name(free))
            self.add_answer(words, f"confirm_{waiting.device_id.hex()}", self._confirm(session, waiting, free))
            words = _("The second is not ours")
            self.add_answer(words, f"retire_{waiting.device_id.hex()}", self._retire(session, waiting))

    def _confirm(self, session: DeskSession, waiting: Computer, called: str) -> Callable[[], object]:
        return lambda: session.do(authority.confirm, waiting.device_id, called)

    def _retire(self, session: DeskSession, waiting: Computer) -> Callable[[], object]:
        return lambda: session.do(authority.retire, waiting.device_id)


class DeskCard(_Card):
    """Another teacher's computer, or several that opened one teacher's file: nothing is theirs before the answer."""

    def __init__(self, session: DeskSession, asked: SeatQuestion, parent: QWidget) -> None:
        words = _("Confirm it if you gave the stick to {name}. Then it sees what only teachers see.")
        super().__init__(authority_words.question_sentence(asked), words.format(name=name(asked.name)), parent)
        self.setObjectName("desk_question")
        several = len(asked.waiting) > 1 or asked.holder is not None
        for waiting in asked.waiting:
            key, when = waiting.device_id.hex(), authority.opened_ms(session.context, waiting.device_id)
            opened = when_words(session.context.clock, when) if when is not None else ""
            yes = _("Confirm the one opened {when}").format(when=opened) if several else _("Confirm")
            no = _("The one opened {when} is not ours").format(when=opened) if several else _("Not ours")
            self.add_answer(yes, f"confirm_{key}", self._confirm(session, asked, waiting))
            self.add_answer(no, f"refuse_{key}", self._refuse(session, waiting))

    def _confirm(self, session: DeskSession, asked: SeatQuestion, waiting: Computer) -> Callable[[], object]:
        def act() -> None:
            called = ""
            if asked.holder is not None:
                called = computer_answers.free_name(session, asked.section, asked.name)
            computer_answers.confirm(session, waiting.device_id, asked.name, called)

        return act

    def _refuse(self, session: DeskSession, waiting: Computer) -> Callable[[], object]:
        return lambda: computer_answers.refuse(session, waiting.device_id, waiting.name)
