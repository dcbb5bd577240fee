"""The file map in CONTRIBUTING.md says what every module is for, and is up to date."""

import ast
from pathlib import Path

import file_map

ROOT = Path(file_map.ROOT)


def test_every_module_says_in_its_first_line_what_it_is_for() -> None:
    lines, silent = file_map.describe(ROOT)
    assert silent == [], "these modules need a first docstring line"
    assert "blenddesk/errors.py" in lines


def test_the_file_map_is_up_to_date() -> None:
    lines, _ = file_map.describe(ROOT)
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    up_to_date = file_map.replace_map(text, file_map.file_map(lines)) == text
    assert up_to_date, f"The file map in CONTRIBUTING.md is out of date. Type: {file_map.COMMAND}"


def test_a_module_without_a_first_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "blenddesk").mkdir()
    (tmp_path / "blenddesk" / "mute.py").write_text("x = 1\n", "utf-8")
    (tmp_path / "blenddesk" / "goals.py").write_text('"""What a child wants.\n\nMore."""\n', "utf-8")
    assert file_map.describe(tmp_path) == ({"blenddesk/goals.py": "What a child wants."}, ["blenddesk/mute.py"])


def test_the_map_is_grouped_by_folder_and_replaces_only_itself() -> None:
    made = file_map.file_map({"a/__init__.py": "Floor.", "a/x.py": "One.", "a/b/y.py": "Two."})
    assert made == "\n### a/\n\nFloor.\n\n- `x.py`: One.\n\n### a/b/\n\n- `y.py`: Two.\n\n"
    text = f"before\n{file_map.BEGIN}old\n{file_map.END}after\n"
    assert file_map.replace_map(text, made) == f"before\n{file_map.BEGIN}{made}{file_map.END}after\n"


def test_the_generator_needs_nothing_installed() -> None:
    tree = ast.parse((ROOT / "installer" / "file_map.py").read_text("utf-8"))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert names <= {"__future__", "argparse", "ast", "sys", "pathlib"}
