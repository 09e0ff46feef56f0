"""Reads YAML strictly, with the line of every key: numbers are those of YAML 1.2, and no key may stand twice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from grader.errors import LabError
from grader.messages.sentences import joined, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.model import Text

Keys: TypeAlias = "tuple[str | int, ...]"
"""The way to a value: the keys and list positions from the top of the file."""

DEEPEST = 40


class _YamlLoader(yaml.SafeLoader):
    """SafeLoader with the numbers of YAML 1.2: 1e-4 is a number, 012 and 1:30 are not octal and sexagesimal."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's own way)


class _FastYamlLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # (libyaml may be absent)
    """The same with libyaml, some fifteen times faster. Its recursion is unguarded: for little nesting only."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (same)


for _loader in (_YamlLoader, _FastYamlLoader):
    for _tag, _pattern, _first in (
        ("bool", r"^(?:true|false)$", "tf"),
        ("null", r"^(?:~|null|)$", ["~", "n", ""]),
        ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
        ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+0123456789."),
    ):
        _loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))
    _loader.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))
    _loader.add_constructor("tag:yaml.org,2002:float", lambda _, node: float(node.value))

MOST_OPENED = 10_000
"""How many lists and mappings a file for libyaml may have; libyaml survives twice as many, all nested."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at one place of a file."""

    keys: Keys
    text: Text


@dataclass(frozen=True, slots=True)
class YamlFile:
    """What a YAML file says, and on which line each key of it stands."""

    path: Path
    data: Any
    lines: Mapping[Keys, int]

    def refusal(self, problems: Sequence[Problem]) -> LabError:
        """Return the error that names file, line, key and remedy of every problem, in the order of the lines."""
        found = sorted(((self._line(problem.keys), problem) for problem in problems), key=lambda pair: pair[0])
        return LabError(joined([self._sentence(line, problem) for line, problem in found], "\n"))

    def _sentence(self, line: int, problem: Problem) -> Text:
        key = ".".join(str(part) for part in problem.keys) or "-"
        return say("{file}, line {line}, {key}: {problem}", file=self.path, line=line, key=key, problem=problem.text)

    def _line(self, keys: Keys) -> int:
        """Return the line of the longest known part of `keys` (validators add steps of their own)."""
        known: Keys = ()
        for part in keys:
            if (*known, part) in self.lines:
                known = (*known, part)
        return self.lines.get(known, 1)


def read_yaml(path: Path) -> YamlFile:
    """Read a YAML file; raise LabError where it cannot be read, is not YAML or has a key twice."""
    try:
        text = path.read_text(encoding="utf-8")
        opened = sum(text.count(mark) for mark in ("[", "{", "- ", "? ", ": "))
        loader = (_FastYamlLoader if opened < MOST_OPENED else _YamlLoader)(text)
        root = loader.get_single_node()
    except OSError as error:
        raise LabError(say("{file} cannot be read: {reason}", file=path, reason=error.strerror)) from error
    except UnicodeDecodeError as error:
        raise LabError(say("{file} is not UTF-8 text: save it as UTF-8", file=path)) from error
    except yaml.YAMLError as error:
        raise _not_yaml(path, error) from error
    except RecursionError as error:
        raise YamlFile(path, None, {}).refusal([Problem((), say("nested too deeply"))]) from error
    lines: dict[Keys, int] = {(): 1}
    if root is None:
        return YamlFile(path, None, lines)
    problems = list(_walk(root, (), lines))
    if problems:
        raise YamlFile(path, None, lines).refusal(problems)
    try:
        return YamlFile(path, loader.construct_document(root), lines)
    except (yaml.YAMLError, ValueError, KeyError, AttributeError) as error:  # the last two: !!bool x, !!timestamp x
        raise _not_yaml(path, error) from error


def _walk(node: yaml.Node, keys: Keys, lines: dict[Keys, int]) -> Iterator[Problem]:
    if len(keys) > DEEPEST:
        yield Problem(keys[:5], say("nested too deeply"))
        return
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
            here = (*keys, key)
            twice = here in lines
            lines[here] = key_node.start_mark.line + 1
            if twice:
                yield Problem(here, say("the key is written twice: keep one"))
            yield from _walk(value_node, here, lines)
    elif isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            lines[(*keys, position)] = item.start_mark.line + 1
            yield from _walk(item, (*keys, position), lines)


def _not_yaml(path: Path, error: Exception) -> LabError:
    mark = getattr(error, "problem_mark", None)
    return LabError(
        say(
            "{file}, line {line}: not valid YAML ({problem}); indent with blanks and quote texts that hold a colon",
            file=path,
            line=mark.line + 1 if mark else 1,
            problem=getattr(error, "problem", None) or str(error).splitlines()[0],
        )
    )
