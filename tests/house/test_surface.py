"""The public face: __all__, the version, the changelog."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import tomllib

import veltrix
from house.sources import ROOT, complain, files, name_of

PACKAGE = ROOT / "python/veltrix"


def _sort_key(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions: the order that ruff's RUF022 asks for."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    return kind, name


def _listed(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value))
    return None


def _bound(tree: ast.Module) -> set[str]:
    """Public names that the module's own lines bind; imports of modules do not count."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {ast.unparse(target) for target in targets}
    return {name for name in names if not name.startswith("_")} - {"annotations"}


def test_package_lists_exactly_its_public_names() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text())
    listed = _listed(tree)
    assert listed is not None
    assert {name for name in listed if not name.startswith("__")} == _bound(tree)


def test_lists_of_public_names_are_sorted() -> None:
    for path in files(".py", under="python/"):
        listed = _listed(ast.parse(path.read_text()))
        if listed is not None:
            plain = [name for name in listed if not name.startswith("__")]
            assert plain == sorted(set(plain), key=_sort_key), name_of(path)


def test_every_public_name_exists_and_explains_itself() -> None:
    complain(
        name
        for name in veltrix.__all__
        if not hasattr(veltrix, name)
        or (callable(getattr(veltrix, name)) and not getattr(veltrix, name).__doc__)
    )


def test_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert importlib.metadata.version("veltrix") == project["version"]
    assert veltrix.__version__ == project["version"]
    assert veltrix._core.__version__ == project["version"]


def test_version_stands_in_one_place() -> None:
    version = re.escape(veltrix.__version__)
    sources = [*files(".cpp", ".hpp", ".py", ".cmake"), *ROOT.glob("CMake*")]
    complain(name_of(path) for path in sources if re.search(rf"\b{version}\b", path.read_text()))


def test_changelog_describes_the_version() -> None:
    assert f"\n## {veltrix.__version__}" in (ROOT / "CHANGELOG.md").read_text()
