"""Every arrow points down: what stands in a layer uses nothing beside it and nothing above."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# From the bottom up.
LAYERS = (
    {"models", "settings", "login", "process_names"},
    {"store"},
    {"address", "runtime"},
    {"rating"},
    {"directory", "tracking", "webhooks", "exports"},
    {"shipping"},
    {"chores"},
    {"desk"},
    {"api", "ui", "worker"},
    {"pages", "app"},
)
HEIGHT = {part: height for height, layer in enumerate(LAYERS) for part in layer}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "lib":
            yield from (f"lib.{name.name}" for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def part_of(path: Path) -> str:
    inside = path.relative_to(ROOT).with_suffix("").parts
    return inside[1] if inside[0] == "lib" else inside[0]


def files_of(part: str) -> list[Path]:
    found = [path for base in (ROOT, ROOT / "lib") for path in (base / part).rglob("*.py")]
    return [*found, *(path for base in (ROOT, ROOT / "lib") if (path := base / f"{part}.py").exists())]


def test_everything_has_its_layer() -> None:
    kept = [path for path in (ROOT / "lib").rglob("*.py") if path.parent != ROOT / "lib" or path.stem != "__init__"]
    assert {part_of(path) for path in kept} == set(HEIGHT) - {"pages", "app"}


@pytest.mark.parametrize("part", HEIGHT)
def test_every_arrow_points_down(part: str) -> None:
    files = files_of(part)
    assert files
    wrong = [
        f"{path.relative_to(ROOT)} uses {name}"
        for path in files
        for name in imported(path)
        if name.startswith("lib.") and (used := name.split(".")[1]) != part and HEIGHT[used] >= HEIGHT[part]
    ]
    assert wrong == []
