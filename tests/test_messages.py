"""Every code that a lower floor raises, and every label of a change, has a sentence that can be filled in."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from blenddesk.errors import BlendDeskError
from blenddesk.messages import CHANGES, ERRORS, change_sentence, error_sentence

PACKAGE = Path(__file__).parent.parent / "blenddesk"
RAISED = {"Refusal", "EnvironmentTrouble", "ExchangeTrouble"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """(file and line, call) of every call in the package."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node


def literal(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def test_every_error_code_has_a_sentence() -> None:
    missing = {
        f"{where} {code}"
        for where, call in calls()
        if isinstance(call.func, ast.Name) and call.func.id in RAISED and call.args
        if (code := literal(call.args[0])) is not None and code not in ERRORS
    }
    assert not missing


def test_every_change_has_a_sentence() -> None:
    missing = {
        f"{where} {label}"
        for where, call in calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit" and call.args
        if (label := literal(call.args[0])) is not None and label not in CHANGES
    }
    assert not missing


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_a_sentence_can_be_filled_in_even_without_details(code: str) -> None:
    said = error_sentence(BlendDeskError(code))
    assert "{" not in said
    assert said.endswith((".", "?"))


@pytest.mark.parametrize("label", sorted(CHANGES))
def test_a_change_is_told_with_names(label: str) -> None:
    fields = {name for _text, name, _spec, _conversion in string.Formatter().parse(CHANGES[label]) if name}
    said = change_sentence(
        label, dict.fromkeys(fields - {"label"}, "00" * 16) | {"label": "class_created"}, lambda _key: "Ana"
    )
    assert "00" not in said
    assert "{" not in said
