"""The names of the proof's checks, read from its source: each process of a run imports the proof for itself alone."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from contract_tests.drift.run import PROOF, STATED
from contract_tests.proof.about import Need

# What every test that asks a server uses.
ASKING = (PROOF / "probe.py", PROOF / "checks" / "every_reply.py")


def checks_of(modules: Iterable[Path]) -> set[str]:
    """The tests of some modules of the proof and, where these ask a server, the checks of its replies."""
    modules = set(modules)
    found = {name for module in modules for name in (*_tests(module), *_named_checks(module))}
    if any(Need.SERVER in STATED[module].needs for module in modules):
        found |= {name for module in (PROOF / "checks").rglob("*.py") for name in _checks_of_replies(module)}
        found |= {name for module in ASKING for name in _named_checks(module)}
    return found


def _tests(module: Path) -> Iterator[str]:
    """Those that run on a change; see `WHATEVER_ITS_BYTES`."""
    for function in _functions(module):
        marks = [ast.unparse(each) for each in function.decorator_list]
        if function.name.startswith("test_") and "pytest.mark.of_our_bytes" not in marks:
            yield function.name


def _named_checks(module: Path) -> Iterator[str]:
    """The checks that a module gives by name, as `check=` or in the place of one."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            named = [each.value for each in node.keywords if each.arg == "check"]
            named += node.args[:1] if isinstance(node.func, ast.Name) and node.func.id == "Finding" else []
        elif isinstance(node, ast.Dict):
            keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
            named = [value for key, value in zip(keys, node.values, strict=True) if key == "check"]
        else:
            continue
        yield from (each.value for each in named if isinstance(each, ast.Constant) and isinstance(each.value, str))


def _checks_of_replies(module: Path) -> Iterator[str]:
    """The public functions of an answer and of what was seen, as `every_reply.py` finds them by their type."""
    for function in _functions(module):
        types = [ast.unparse(each.annotation) for each in function.args.args if each.annotation]
        if (
            types == ["Answer", "RunHistory"]
            and function.name.strip("_") == function.name
            and module.stem != "every_reply"
        ):
            yield function.name


def _functions(module: Path) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return (each for each in tree.body if isinstance(each, ast.FunctionDef))
