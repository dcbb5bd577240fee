"""Why a student is in a group, as a sheet with names; and the sheet that says which rules cannot all be kept."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from blenddesk.services.group_reports import AskedRule, Reason
from blenddesk.text import _, ngettext
from blenddesk.ui import kit
from blenddesk.ui.desk import plan_report_words as words
from blenddesk.ui.desk.plan_report import HELPER_KINDS, ReasonSheet


class WhySheet(ReasonSheet):
    """The reasons of one student, and what this student helps others with."""

    helps_chosen = Signal(object)

    def __init__(
        self,
        window: QWidget,
        student: str,
        group: str,
        reasons: Sequence[Reason],
        name_of: words.NameOf,
        group_name: words.NameOf,
        helps: Sequence[str],
    ) -> None:
        super().__init__(window, _("Why is {student} in {group}?").format(student=student, group=group), width=560)
        if self.cancel is not None:
            self.cancel.setText(_("Close"))
        here = [reason for reason in reasons if reason.code != "elsewhere"]
        elsewhere = [reason for reason in reasons if reason.code == "elsewhere"]
        if not here:
            self.body.addWidget(kit.Text(_("Chance put this student here; nothing speaks against it.")))
        for index, reason in enumerate(here):
            broken = reason.code.endswith("_broken")
            again = reason.code == "meets"
            state = "danger" if broken else "warn" if again else "ok"
            row = kit.CheckRow(words.reason_words(reason, name_of, group_name), "", state)  # type: ignore[arg-type]
            row.setObjectName(f"reason_{index}")
            self.body.addWidget(row)
        if elsewhere:
            text = " · ".join(words.reason_words(reason, name_of, group_name) for reason in elsewhere)
            self.body.addWidget(kit.Text(text, role="small", tone="dim"))
        self.body.addWidget(
            kit.Text(_("{student} helps others with").format(student=student), role="small", tone="dim")
        )
        holder = QWidget()
        flow = kit.FlowLayout(holder, spacing=8)
        self._chips: dict[str, kit.Chip] = {}
        for kind in HELPER_KINDS:
            chip = kit.Chip(words.helper_words(kind))
            chip.setObjectName(f"helps_{kind}")
            chip.setChecked(kind in helps)
            chip.clicked.connect(self._on_helps_clicked)
            self._chips[kind] = chip
            flow.addWidget(chip)
        self.body.addWidget(holder)

    def _on_helps_clicked(self) -> None:
        self.helps_chosen.emit([kind for kind, chip in self._chips.items() if chip.isChecked()])


class ClashSheet(ReasonSheet):
    """The fewest rules that cannot all be kept, each with a button that drops it. ``dropped(rule)``."""

    dropped = Signal(object)

    def __init__(self, window: QWidget, rules: Sequence[AskedRule], name_of: words.NameOf) -> None:
        said = [words.rule_words(rule, name_of) for rule in rules]
        sentence = ngettext(
            "This rule cannot be kept: {rules}.", "These {n} rules cannot all be kept: {rules}.", len(rules)
        ).format(n=len(rules), rules="; ".join(said))
        super().__init__(window, sentence, _("Nothing was changed. Drop one, and the groups are made."), width=620)
        self.sentence = sentence
        for index, (rule, text) in enumerate(zip(rules, said, strict=True)):
            button = kit.Button(_("Drop: {rule}").format(rule=text))
            button.setObjectName(f"drop_{index}")
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked=False, rule=rule: self._on_drop_clicked(rule))
            self.body.addWidget(button)

    def _on_drop_clicked(self, rule: AskedRule) -> None:
        self.close_sheet()
        self.dropped.emit(rule)
