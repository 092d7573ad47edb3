"""Who may import whom: each folder only what lies below it, nothing in a circle, torch only when needed."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"

# From the top down; folders on one line never import each other.
LINES = (
    ("__main__",),
    ("cli", "web"),
    ("api",),
    ("job",),
    ("plan",),
    ("decide",),
    ("search", "refine", "parity", "serve", "monitor"),
    ("train", "evaluate"),
    ("methods", "objectives", "curricula", "classical", "scale", "runs"),
    ("generate", "retrieve"),
    ("engine",),
    ("data", "models"),
    ("core",),
)
DEPTH = {folder: depth for depth, line in enumerate(LINES) for folder in line}
DEMO_IMPORTS = {"core", "data"}
TOP = {"cli", "web", "api", "job"}  # who may call the demo, which makes rows and stands apart
LIGHT = ("core", "data", "decide", "plan", "cli", "runs")
HEAVY = ("torch", "transformers", "peft", "sklearn", "scipy", "pyarrow", "pandas", "fastapi", "matplotlib")


def modules():
    """Every module of the package by its dotted name."""
    for path in sorted((SOURCE / "overtone").rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


MODULES = dict(modules())


@cache
def imports(module, at_import_only=False):
    """The package's modules that a module imports; or only those imported when it is itself imported."""
    tree = ast.parse(MODULES[module].read_text())
    found = set()
    for node in nodes(tree, at_import_only):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}: relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in MODULES else node.module)
    return frozenset(name for name in found if name.split(".")[0] == "overtone")


def nodes(tree, at_import_only):
    """Every node, or those outside functions and outside `if TYPE_CHECKING`."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        hidden = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or (
            isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        )
        if not (at_import_only and hidden):
            waiting += ast.iter_child_nodes(node)


def folder(module):
    """`overtone.data.formats` lies in `data`; `overtone` itself in none."""
    return module.split(".")[1] if "." in module else ""


def allowed(source, target):
    """Whether a module of one folder may import a module of another."""
    if source in ("", target):
        return True
    if source == "demo":
        return target in DEMO_IMPORTS
    if target == "demo":
        return source in TOP
    return target == "" or DEPTH[source] < DEPTH[target]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_below(module):
    wrong = [name for name in imports(module) if not allowed(folder(module), folder(name))]
    assert not wrong, f"{module} must not import {', '.join(wrong)}"


def test_every_folder_has_its_place():
    folders = {folder(module) for module in MODULES} - {""}
    assert folders <= set(DEPTH) | {"demo"}


def test_no_modules_import_each_other_in_a_circle():
    done = set()

    def visit(module, path):
        assert module not in path, " -> ".join([*path[path.index(module) :], module])
        if module in done or module not in MODULES:
            return
        for name in sorted(imports(module, at_import_only=True)):
            visit(name, [*path, module])
        done.add(module)

    for module in MODULES:
        visit(module, [])


def test_the_table_bites():
    assert allowed("train", "engine")
    assert allowed("cli", "core")
    assert allowed("api", "demo")
    for source, target in [("engine", "train"), ("data", "models"), ("train", "evaluate"), ("core", "data")]:
        assert not allowed(source, target)
    for source, target in [("demo", "models"), ("decide", "demo"), ("runs", "methods")]:
        assert not allowed(source, target)


def test_settings_and_commands_import_nothing_heavy():
    """The modules are imported in one fresh process, all parts of all families among them."""
    light = [module for module in MODULES if folder(module) in LIGHT]
    script = f"""
import importlib, sys
from overtone.plan import plan_schema
plan_schema()
for module in {light!r}:
    importlib.import_module(module)
    heavy = [name for name in {HEAVY!r} if name in sys.modules]
    assert not heavy, f"{{module}} imports {{', '.join(heavy)}}"
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr.splitlines()[-1]


def test_the_package_itself_imports_nothing():
    script = "import sys; before = set(sys.modules); import overtone; print(len(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 40


def test_only_commands_print():
    talkers = [
        f"{module}:{node.lineno}"
        for module, path in MODULES.items()
        if folder(module) not in ("cli", "web")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not talkers
