"""Every code that an error, a rejection, a dead letter or a log line can carry, read from the source itself.

Read and not imported: so it sees what only one service has installed, and nobody can forget to list a code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from claimstream.error_meanings import MEANINGS

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("shared", "services", "claimstream")
PASSED_BY = "example_records.py"  # what the contracts show, said by nobody
CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# A line of a drawn tree or of a list in a module's docstring: what it names, and what that means.
_EXPLAINED = re.compile(r"^[\s│├└─]*([A-Za-z][A-Za-z0-9-]+) {2,}(\S.*)$", re.MULTILINE)
_VERDICTS = ("Dead", "Reject", "refuse", "UrlRefused")
_DEFECT = "This is a defect of claimstream."  # the base class's hint, which holds for its own code alone


@dataclass
class Explained:
    """What is known of a code. ``where``: files that say it. ``hints``: what each of them says is to be done."""

    code: str
    owner: str = ""
    meaning: str = ""
    hints: list[str] = field(default_factory=list)
    where: set[str] = field(default_factory=set)


@dataclass
class _Class:
    name: str
    bases: list[str]
    values: dict[str, str]
    doc: str


class _Source:
    """The names of one file whose text is known without running it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.doc = ast.get_docstring(self.tree) or ""
        self.constants: dict[str, str] = {}
        for node in self.tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                value = node.value if isinstance(node, ast.Assign) else None
                values = value.elts if isinstance(value, ast.Tuple) else [value]
                for name, one in zip(names, values, strict=False):
                    if (
                        isinstance(name, ast.Name)
                        and one is not None
                        and (text := self.text(one)) is not None
                    ):
                        self.constants[name.id] = text

    def text(self, node: ast.expr | None) -> str | None:
        """The text of an expression; a value inside an f-string that is not known here stands as ``…``."""
        if isinstance(node, ast.Constant):
            return str(node.value) if isinstance(node.value, str | int) else None
        if isinstance(node, ast.Name):
            return self.constants.get(node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return self.constants.get(f"{node.value.id}.{node.attr}")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = self.text(node.left), self.text(node.right)
            return None if left is None or right is None else left + right
        if isinstance(node, ast.JoinedStr):
            parts = [
                (self.text(part.value) if isinstance(part, ast.FormattedValue) else self.text(part)) or "…"
                for part in node.values
            ]
            return "".join(parts)
        return None


@cache
def collect(root: Path = ROOT) -> Mapping[str, Explained]:
    """All codes by name, each with what is known of it. Takes a second."""
    sources = [_Source(path) for path in _files(root)]
    classes = {one.name: one for source in sources for one in _classes(source)}
    found: dict[str, Explained] = {}
    for source in sources:
        names = dict(_EXPLAINED.findall(source.doc))
        relative = source.path.relative_to(root).as_posix()
        for code, hint, owner, name in _said(source, classes):
            if not CODE.fullmatch(code):
                continue
            entry = found.setdefault(code, Explained(code))
            entry.where.add(relative)
            entry.owner = entry.owner or owner
            told = names.get(code) or names.get(name) or _first(classes, name)
            entry.meaning = MEANINGS.get(code) or entry.meaning or told
            if hint and hint not in entry.hints and (code == "internal" or not hint.startswith(_DEFECT)):
                entry.hints.append(hint)
    return dict(sorted(found.items()))


def _files(root: Path) -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if "versions" not in path.parts and path.name != PASSED_BY:
                yield path


def _classes(source: _Source) -> Iterator[_Class]:
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ClassDef):
            continue
        values: dict[str, str] = {}
        for line in node.body:
            target = line.target if isinstance(line, ast.AnnAssign) else None
            if isinstance(line, ast.Assign) and len(line.targets) == 1:
                target = line.targets[0] if isinstance(line.targets[0], ast.Name) else None
            value = line.value if isinstance(line, ast.Assign | ast.AnnAssign) else None
            if isinstance(target, ast.Name) and (text := source.text(value)) is not None:
                values[target.id] = text
                source.constants[f"{node.name}.{target.id}"] = text
        bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
        yield _Class(node.name, bases, values, ast.get_docstring(node) or "")


def _said(source: _Source, classes: dict[str, _Class]) -> Iterator[tuple[str, str, str, str]]:
    """(code, hint, owner, name of the class) wherever the file says one."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and node.name == "Code":
            for line in node.body:
                if isinstance(line, ast.Assign) and (code := source.text(line.value)):
                    yield code, "", "", ""
        elif isinstance(node, ast.ClassDef) and (code := classes[node.name].values.get("code")):
            yield (
                code,
                _inherited(classes, node.name, "hint"),
                _inherited(classes, node.name, "owner"),
                node.name,
            )
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from _table(source, node)
        elif isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            given = {one.arg: one.value for one in node.keywords}
            code = source.text(given.get("code"))
            hint = source.text(given.get("hint"))
            if code is None and name in _VERDICTS and node.args:
                code = source.text(node.args[0])
                hint = (
                    source.text(node.args[1]) if len(node.args) > 1 and name in ("Dead", "Reject") else hint
                )
            if code is not None:
                owner = _inherited(classes, name, "owner") or ("record" if name == "Dead" else "")
                yield code, hint or _inherited(classes, name, "hint"), owner, ""


def _table(source: _Source, node: ast.Assign | ast.AnnAssign) -> Iterator[tuple[str, str, str, str]]:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    name = target.id if isinstance(target, ast.Name) else ""
    if name == "code" or source.constants.get(name) in MEANINGS:
        either = (node.value.body, node.value.orelse) if isinstance(node.value, ast.IfExp) else (node.value,)
        for one in filter(None, map(source.text, either)):
            yield one, "", "", ""
    if not name.endswith("HINTS") or node.value is None:
        return
    for table in (one for one in ast.walk(node.value) if isinstance(one, ast.Dict)):
        for key, value in zip(table.keys, table.values, strict=True):
            if (code := source.text(key)) is not None:
                yield code, source.text(value) or "", "", ""


def _inherited(classes: dict[str, _Class], name: str, value: str) -> str:
    one = classes.get(name)
    if one is None:
        return ""
    return one.values.get(value) or next(
        (got for base in one.bases if (got := _inherited(classes, base, value))), ""
    )


def _first(classes: dict[str, _Class], name: str) -> str:
    """The first paragraph of a class's docstring."""
    doc = classes[name].doc if name in classes else ""
    return " ".join(doc.split("\n\n")[0].split())
