"""The source as trees, for tests that read it: nothing is imported. A failure names the file and line."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
ADDON = ROOT / "xero_connector"
SHIPPED = ("xero_connector", "xero_connector_hr_expense", "test_xero_connector", "xero_simulator", "dev", "benchmarks")


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "tests" not in path.relative_to(ROOT).parts and path.name != "__manifest__.py"]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def at(path: Path, node: ast.AST) -> str:
    return f"{name(path)}:{node.lineno}"


def nodes(kinds, *folders: str):
    for path in sources(*folders):
        for node in ast.walk(tree(path)):
            if isinstance(node, kinds):
                yield path, node


def functions(path: Path):
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an expression of names and attributes, '' for others."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
