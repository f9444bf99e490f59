"""The house rules that a reader relies on: who may import whom, how long a file is, what ships."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import latent_widgets

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "latent_widgets"
JS = ROOT / "js" / "src"
STATIC = PACKAGE / "static"
LONGEST = 260

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
WIDGETS = {"anywidget", "bqplot", "ipywidgets", "traitlets"}
LAYOUTS = ("explorer", "monitor", "pair")  # what puts panels side by side
# What a panel is made of: the base, and the film that several hold.
PIECES = ("latent_widgets.panels.panel", "latent_widgets.panels.film")
SCIENCE = ("models", "geometry", "analysis", "datasets", "codec")


def _runtime_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node that runs: what stands under `if TYPE_CHECKING` never does."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from _runtime_nodes(node)


def _imports(name: str) -> set[str]:
    """Full names of the modules that one module imports, wherever in the file it does so."""
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in _runtime_nodes(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            # `from . import codec` names a module, `from .codec import pack` a thing inside one.
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                found.add(whole if whole in MODULES else base)
    return found


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def _inside(name: str, *rooms: str) -> bool:
    return any(f"{name}.".startswith(f"latent_widgets.{room}.") for room in rooms)


def test_the_science_knows_no_widget():
    broken = [
        (name, other)
        for name in MODULES
        if _inside(name, *SCIENCE, "backends")
        for other in _imports(name)
        if other.split(".")[0] in WIDGETS or _inside(other, "space", "panels", *LAYOUTS, "export")
    ]
    assert broken == []


def test_a_panel_imports_no_other_panel():
    broken = [
        (name, other)
        for name in MODULES
        if _inside(name, "panels") and name != "latent_widgets.panels"
        for other in _imports(name)
        if _inside(other, "panels", *LAYOUTS) and other not in PIECES
    ]
    assert broken == []


def test_only_the_explorer_and_the_monitor_import_panels():
    broken = [
        (name, other)
        for name in MODULES
        if not _inside(name, "panels", *LAYOUTS) and name != "latent_widgets"
        for other in _imports(name)
        if _inside(other, "panels", *LAYOUTS)
    ]
    assert broken == []


def test_every_module_says_what_it_is():
    silent = [name for name, path in MODULES.items() if not ast.get_docstring(_tree(path))]
    assert silent == []


def test_no_file_is_long():
    sources = [*MODULES.values(), *JS.rglob("*.js"), *JS.rglob("*.css")]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_all_is_exactly_the_public_names():
    declared = set(getattr(latent_widgets, "__all__", ()))
    missing = {name for name in declared if not hasattr(latent_widgets, name)}
    # Importing a submodule leaves its name behind; only those in `__all__` are meant for users.
    public = {
        name
        for name in dir(latent_widgets)
        if not name.startswith("_") and not isinstance(getattr(latent_widgets, name), ModuleType)
    }
    assert missing == set()
    assert public - declared == set()


SPECIFIER = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']""")


def _js_imports() -> Iterator[tuple[Path, str]]:
    for path in sorted(JS.rglob("*.js")):
        for specifier in SPECIFIER.findall(path.read_text()):
            yield path, specifier


def test_js_helpers_and_panels_import_no_panel():
    broken = [
        (str(path.relative_to(ROOT)), specifier)
        for path, specifier in _js_imports()
        if specifier.startswith(".")
        and JS / "panels" in (path.parent / specifier).resolve().parents
    ]
    assert broken == []


def test_js_imports_nothing_from_a_url():
    broken = [(str(p), s) for p, s in _js_imports() if re.match(r"(\w+:)?//|data:|blob:", s)]
    assert broken == []


# The names of two kinds of markup, which are never fetched, and the words of a message of ONNX
# Runtime's on threads, which are never asked for.
NAMESPACES = re.compile(
    r"http://www\.w3\.org/(2000/svg|1999/xhtml)"
    r"|https://web\.dev/cross-origin-isolation-guide/"
)
CLOSING_COMMENTS = re.compile(r"(?:^/\*(?:(?!\*/).)*\*/\s*)+\Z", re.DOTALL | re.MULTILINE)
FORBIDDEN = re.compile(
    r"\b(?:inner|outer)HTML\b|insertAdjacentHTML|\beval\(|\bFunction\(|https?://\S{0,60}"
)


def test_every_panel_is_built():
    stems = {path.stem for path in (JS / "panels").glob("*.js")}
    sheets = {path.stem for path in (JS / "panels").glob("*.css")} & stems
    assert {f"{stem}.js" for stem in stems} | {f"{stem}.css" for stem in sheets} <= {
        path.name for path in STATIC.glob("*")
    }, "run `make build`"


def test_bundles_make_no_markup_run_no_text_and_name_no_host():
    broken = []
    for path in sorted([*STATIC.glob("*.js"), *STATIC.glob("*.css")]):
        text = NAMESPACES.sub("", CLOSING_COMMENTS.sub("", path.read_text()))
        broken += [(path.name, found) for found in FORBIDDEN.findall(text)]
    assert broken == []
