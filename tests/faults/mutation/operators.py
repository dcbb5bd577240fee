"""The small wrong changes ("mutants") that can be made to a module, one at a time."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitAnd,
}
SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE FROM|WHERE|ORDER BY|VALUES|PRAGMA)\b")
SQL_CHANGES = (
    (r"<=", "<"),
    (r">=", ">"),
    (r"(?<![<>])<(?![=>])", "<="),
    (r"(?<![<])>(?!=)", ">="),
    (r"(?<=WHERE )(NOT )", ""),
    (r" AND ", " OR "),
    (r" OR (?!IGNORE|REPLACE|ROLLBACK|ABORT)", " AND "),
    (r" IS NULL", " IS NOT NULL"),
    (r" IS NOT NULL", " IS NULL"),
    (r" DESC\b", ""),
    (r" LIMIT 1\b", ""),
    (r"\bmax\(", "min("),
    (r"\bmin\(", "max("),
    (r"NOT EXISTS", "EXISTS"),
    (r"NOT IN\b", "IN"),
    (r" OR IGNORE", ""),
    (r" OR REPLACE", ""),
    (r"UNION ALL", "UNION"),
    (r"DISTINCT ", ""),
    (r"(?<= )ORDER BY \w+(?=$|\))", ""),
    (r"(?<= )\+ 1\b", ""),
    (r"(?<= )- 1\b", ""),
)
NEVER = {"cast", "getLogger", "TypeVar", "ParamSpec"}
"""Calls whose arguments say nothing to the program."""


class Mutant(NamedTuple):
    """One change. ``function`` is a qualified name, or "" for what runs at import; ``lines`` is the statement's."""

    module: str
    function: str
    mutation: str
    line: int
    lines: tuple[int, ...]
    compile: Callable[[], object]


class Edit(NamedTuple):
    """``holder.field`` (or its item ``at``) becomes ``new``."""

    holder: ast.AST
    field: str
    at: int | None
    new: ast.AST | None


def mutants(path: Path, name: str) -> list[Mutant]:
    """All mutants of a module; each can be compiled on its own and leaves nothing behind. ``name`` is for reports."""
    tree = ast.parse(path.read_text("utf-8"))
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for place in _places(tree):
        for edit, text in _edits(place):
            seen[place.function, text] += 1
            number = seen[place.function, text]
            mutation = text if number == 1 else f"{text} (no. {number})"
            line = getattr(place.node, "lineno", place.lines[0])

            def compiled(edit: Edit = edit) -> object:
                old = _put(edit, edit.new)
                try:
                    return compile(ast.fix_missing_locations(tree), str(path), "exec", dont_inherit=True)
                finally:
                    _put(edit, old)

            found.append(Mutant(name, place.function, mutation, line, place.lines, compiled))
    return found


def _in_holder(edit: Edit) -> str:
    """A constant says little alone: the change in what stands around it."""
    if not isinstance(edit.holder, ast.expr):
        old = getattr(edit.holder, edit.field) if edit.at is None else getattr(edit.holder, edit.field)[edit.at]
        return _change(old, edit.new)  # type: ignore[arg-type]
    before = _text(edit.holder)
    old = _put(edit, edit.new)
    after = _text(edit.holder)
    _put(edit, old)
    return _difference(before, after)


def lines_in_functions(path: Path) -> set[int]:
    """The lines that do not run at import."""
    functions = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)]
    return {line for one in functions for line in range(one.body[0].lineno, (one.end_lineno or 0) + 1)}


def _put(edit: Edit, new: ast.AST | None) -> ast.AST | None:
    if edit.at is None:
        old = getattr(edit.holder, edit.field)
        setattr(edit.holder, edit.field, new)
    else:
        items = getattr(edit.holder, edit.field)
        old = items[edit.at]
        items[edit.at] = new
    return old  # type: ignore[no-any-return]


class Place(NamedTuple):
    """A node, what holds it, in which function's body, and the lines of its statement."""

    node: ast.AST
    holder: ast.AST
    field: str
    at: int | None
    function: str
    lines: tuple[int, ...]
    statement: ast.stmt

    def becomes(self, new: ast.AST) -> Edit:
        return Edit(self.holder, self.field, self.at, ast.copy_location(new, self.node))


def _places(tree: ast.Module) -> Iterator[Place]:
    yield from _below(tree, (), "", (1,), None)


def _below(
    holder: ast.AST, names: tuple[str, ...], function: str, lines: tuple[int, ...], statement: ast.stmt | None
) -> Iterator[Place]:
    for field, value in ast.iter_fields(holder):
        if _says_nothing(holder, field):
            continue
        inside, path = function, names
        if isinstance(holder, (ast.FunctionDef, ast.AsyncFunctionDef)) and field == "body":
            inside = ".".join(names)
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or _is_docstring(node, field, index):
                continue
            its_lines, its_statement = lines, statement
            if isinstance(node, ast.stmt):
                its_lines, its_statement = _lines(node), node
                if _is_outside(node):
                    continue
            elif isinstance(node, ast.expr) and statement is not None and _is_compound(statement):
                its_lines = tuple(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                path = (*names, node.name)
            else:
                path = names
            if its_statement is not None:
                yield Place(node, holder, field, index, inside, its_lines, its_statement)
            yield from _below(node, path, inside, its_lines, its_statement)


def _says_nothing(holder: ast.AST, field: str) -> bool:
    if field in ("annotation", "returns", "decorator_list", "bases", "type_params", "ctx"):
        return True
    return isinstance(holder, ast.Call) and field == "args" and _called(holder) in NEVER


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is_docstring(node: ast.AST, field: str, index: int | None) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_outside(node: ast.stmt) -> bool:
    """What is for readers, type checkers and the log."""
    if isinstance(node, ast.If):
        text = ast.unparse(node.test)
        return text == "TYPE_CHECKING" or "__name__" in text
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.Assert)):
        return True
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("__all__", "log", "_log", "__slots__"):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return ast.unparse(node.value.func).startswith(("log.", "_log.", "logging.", "warnings."))
    return False


def _is_compound(node: ast.stmt) -> bool:
    return hasattr(node, "body")


def _lines(node: ast.stmt) -> tuple[int, ...]:
    body = getattr(node, "body", None)
    if body:
        return tuple(range(node.lineno, max(node.lineno + 1, body[0].lineno)))
    return tuple(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def _edits(place: Place) -> Iterator[tuple[Edit, str]]:
    node = place.node
    if isinstance(node, ast.stmt):
        yield from _of_statement(place, node)
    elif isinstance(node, ast.expr):
        for new in _of_expression(node, place):
            edit = place.becomes(new)
            yield edit, _in_holder(edit) if isinstance(node, ast.Constant) else _change(node, new)
        if isinstance(node, (ast.Constant, ast.JoinedStr)):
            return
    if isinstance(node, (ast.If, ast.While, ast.IfExp)) and not isinstance(node.test, (ast.UnaryOp,)):
        test = node.test
        if not (isinstance(test, ast.Compare) and len(test.ops) == 1) and not isinstance(test, ast.Constant):
            yield Edit(node, "test", None, _negated(test)), f"{_kind(node)} {_short(test)} -> not"
    if isinstance(node, ast.comprehension):
        for index, test in enumerate(node.ifs):
            if not (isinstance(test, ast.Compare) and len(test.ops) == 1):
                yield Edit(node, "ifs", index, _negated(test)), f"if {_short(test)} -> not"
            always = ast.copy_location(ast.Constant(True), test)
            yield Edit(node, "ifs", index, always), f"if {_short(test)} -> always"


def _kind(node: ast.AST) -> str:
    return "while" if isinstance(node, ast.While) else "if"


def _negated(test: ast.expr) -> ast.expr:
    return ast.copy_location(ast.UnaryOp(ast.Not(), test), test)


def _of_statement(place: Place, node: ast.stmt) -> Iterator[tuple[Edit, str]]:
    nothing = place.becomes(ast.Pass())
    text = _short(node)
    if isinstance(node, ast.Expr) and isinstance(node.value, (ast.Call, ast.YieldFrom)):
        yield nothing, f"{text} -> dropped"
    elif isinstance(node, (ast.Raise, ast.AugAssign, ast.Delete)):
        yield nothing, f"{text} -> dropped"
        if isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
            other = ast.AugAssign(node.target, ARITHMETIC[type(node.op)](), node.value)
            yield place.becomes(other), _change(node, other)
    elif isinstance(node, ast.Return) and node.value is not None and not _is_nothing(node.value):
        yield place.becomes(ast.Return(ast.copy_location(ast.Constant(None), node.value))), f"{text} -> None"
    elif isinstance(node, (ast.Assign, ast.AnnAssign)) and place.function:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        stays = any(isinstance(target, (ast.Attribute, ast.Subscript)) for target in targets)
        if stays and node.value is not None:
            yield nothing, f"{text} -> dropped"
        elif isinstance(node.value, ast.Call) and len(targets) == 1 and isinstance(targets[0], ast.Name):
            none = ast.copy_location(ast.Constant(None), node.value)
            yield Edit(node, "value", None, none), f"{text} -> None"
    elif isinstance(node, ast.Continue):
        yield place.becomes(ast.Break()), "continue -> break"
    elif isinstance(node, ast.Break):
        yield place.becomes(ast.Continue()), "break -> continue"


def _is_nothing(node: ast.expr) -> bool:
    """What a caller that asks ``if`` takes for None."""
    return isinstance(node, ast.Constant) and not node.value


def _of_expression(node: ast.expr, place: Place) -> Iterator[ast.expr]:
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            for other in COMPARISONS[type(operator)]:
                ops = [*node.ops[:index], other(), *node.ops[index + 1 :]]
                yield ast.Compare(node.left, ops, node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        for index in range(len(node.values)):
            rest = node.values[:index] + node.values[index + 1 :]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.UnaryOp):
        if isinstance(node.op, (ast.Not, ast.USub, ast.Invert)):
            yield node.operand
    elif isinstance(node, ast.BinOp):
        if type(node.op) in ARITHMETIC and not isinstance(node.left, (ast.Constant, ast.JoinedStr)):
            yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node, place)
    elif isinstance(node, ast.Call):
        plain = [part for part in node.args if not isinstance(part, ast.Starred)]
        if (
            _called(node) not in ("min", "max")
            and len(plain) == len(node.args) >= 2
            and ast.dump(plain[0]) != ast.dump(plain[1])
        ):
            yield ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
        for index, keyword in enumerate(node.keywords):
            if keyword.arg is not None and not _is_usual(keyword):
                yield ast.Call(node.func, node.args, node.keywords[:index] + node.keywords[index + 1 :])
    elif isinstance(node, ast.Slice):
        if node.lower is not None:
            yield ast.Slice(None, node.upper, node.step)
        if node.upper is not None:
            yield ast.Slice(node.lower, None, node.step)


def _is_usual(keyword: ast.keyword) -> bool:
    """``zip(..., strict=False)`` is what it is without."""
    return keyword.arg == "strict" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False


def _of_constant(node: ast.Constant, place: Place) -> Iterator[ast.expr]:
    value = node.value
    if isinstance(place.holder, ast.FormattedValue) or value is Ellipsis:
        return
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        if value:
            yield ast.Constant(value - 1)
    elif isinstance(value, float):
        yield ast.Constant(value * 2)
    elif isinstance(value, str) and SQL.search(value):
        for pattern, other in SQL_CHANGES:
            for match in re.finditer(pattern, value):
                yield ast.Constant(value[: match.start()] + other + value[match.end() :])
    elif isinstance(value, (str, bytes)) and not isinstance(place.holder, ast.JoinedStr):
        yield ast.Constant(value + b"?" if isinstance(value, bytes) else value + "?")


def _text(node: ast.AST) -> str:
    return " ".join(ast.unparse(ast.fix_missing_locations(node)).split())


def _short(node: ast.AST) -> str:
    """A node in one line; a long one keeps its ends."""
    text = _text(node)
    return text if len(text) <= 110 else f"{text[:60]} ... {text[-45:]}"


def _change(node: ast.AST, new: ast.AST) -> str:
    """Both in one line; of long ones what differs and a little around it."""
    return _difference(_text(node), _text(new))


def _difference(old: str, other: str) -> str:
    if max(len(old), len(other)) > 80:
        ahead = next(
            (at for at, (a, b) in enumerate(zip(old, other, strict=False)) if a != b), min(len(old), len(other))
        )
        rest = min(len(old), len(other)) - ahead
        behind = next((at for at in range(rest) if old[-1 - at] != other[-1 - at]), rest)
        start = max(0, ahead - 30)
        old, other = (
            ("..." if start else "")
            + text[start : len(text) - behind + min(behind, 30)]
            + ("..." if behind > 30 else "")
            for text in (old, other)
        )
    return f"{old} -> {other}"
