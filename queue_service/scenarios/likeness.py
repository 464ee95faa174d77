"""A scenario that is like another one in all that it does not say itself.

    like: ordinary-week

stands for the parts of that scenario. What the file says replaces them: a value or a list as a
whole, a mapping key by key.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from yaml.nodes import MappingNode, Node, ScalarNode

from schemas.catalogue import CatalogueError
from schemas.catalogue.document import compose
from schemas.catalogue.problems import Problem
from schemas.fields import Sentence

KEY = "like"


def whole(
    node: Node, path: Path, find: Callable[[str], Path | None], seen: tuple[Path, ...] = ()
) -> Node:
    """The nodes of a scenario, laid over those of the one that it is like.

    `path` is where they stand; `find` gives the file of a name, None where there is none. Raises
    CatalogueError.
    """
    named = _likeness(node, path)
    if named is None or not isinstance(node, MappingNode):
        return node
    base = find(named.value)
    if base is None:
        raise _problem(path, named, _unknown(named.value))
    if base in (*seen, path):
        raise _problem(path, named, _circle(named.value))
    pairs = [(key, child) for key, child in node.value if child is not named]
    own = MappingNode(node.tag, pairs, node.start_mark, node.end_mark)
    return _over(whole(compose(base), base, find, (*seen, path)), own)


def _problem(path: Path, node: Node, sentence: Sentence) -> CatalogueError:
    return CatalogueError([Problem(path.name, node.start_mark.line + 1, KEY, sentence)])


def _unknown(name: str) -> Sentence:
    return Sentence(
        "there is no {name} to be like, write the name of a shipped scenario, or a path that ends "
        "in .yaml",
        name=name,
    )


def _circle(name: str) -> Sentence:
    return Sentence("{name} is itself like this scenario, name one that is not", name=name)


def _likeness(node: Node, path: Path) -> ScalarNode | None:
    pairs = node.value if isinstance(node, MappingNode) else []
    named = [child for key, child in pairs if _name(key) == KEY and _is_text(child)]
    if len(named) > 1:
        raise _problem(path, named[1], Sentence("is written twice, keep one of the two"))
    return named[0] if named else None


def _is_text(node: Node) -> bool:
    return isinstance(node, ScalarNode)


def _over(base: Node, node: Node) -> Node:
    if not isinstance(base, MappingNode) or not isinstance(node, MappingNode):
        return node
    below = {_name(key): child for key, child in base.value}
    pairs = [
        (key, _over(below.pop(_name(key)), child) if _name(key) in below else child)
        for key, child in node.value
    ]
    kept = [(key, child) for key, child in base.value if _name(key) in below]
    return MappingNode(node.tag, [*pairs, *kept], node.start_mark, node.end_mark)


def _name(key: Node) -> str:
    return str(key.value)
