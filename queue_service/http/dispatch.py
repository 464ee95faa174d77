"""From method and path to a route: one walk down a tree of path segments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from queue_service.faults import Fault
from queue_service.http.call import Route


class Node:
    """A place in the tree: fixed segments below, at most one parameter below, routes by method."""

    __slots__ = ("allow", "below", "methods", "name", "variable")

    def __init__(self) -> None:
        self.below: dict[str, Node] = {}
        self.variable: Node | None = None
        self.name = ""
        self.methods: dict[str, Route] = {}
        self.allow = ""

    def grow(self, segment: str) -> Node:
        """The node below for a segment of a route's path; `{name}` is a parameter."""
        if not segment.startswith("{"):
            return self.below.setdefault(segment, Node())
        if self.variable is None:
            self.variable = Node()
            self.variable.name = segment[1:-1]
        return self.variable


Found = tuple[Node, Mapping[str, str]]
_KEPT_PATHS = 4096
_SHORT_PATH = 100
"""Characters; those of a branch are asked for again and again, those of a ticket a few times."""


class Dispatcher:
    """The route table as a tree, which remembers the paths that it was asked for."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = Node()
        self._found: dict[str, Found] = {}
        for route in routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        node = self._root
        for segment in route.path.split("/")[1:]:
            node = node.grow(segment)
        node.methods[route.method] = route
        if route.method == "GET":
            node.methods["HEAD"] = route
        node.allow = ", ".join(sorted({*node.methods, "OPTIONS"}))

    def find(self, path: str) -> Found:
        """The node of a path and its parameters; raises Fault `not_found`."""
        found = self._found.get(path)
        if found is None:
            found = self._walk(path)
            if len(path) <= _SHORT_PATH:
                if len(self._found) >= _KEPT_PATHS:
                    self._found.clear()
                self._found[path] = found
        return found

    def _walk(self, path: str) -> Found:
        node = self._root
        params: dict[str, str] = {}
        for segment in path.split("/")[1:]:
            fixed = node.below.get(segment)
            if fixed is not None:
                node = fixed
            elif node.variable is not None and segment:
                node = node.variable
                params[node.name] = _plain(segment) if "%" in segment else segment
            else:
                raise Fault("not_found")
        if not node.methods:
            raise Fault("not_found")
        return node, params


def _plain(segment: str) -> str:
    """What stands percent-encoded in a path; nothing has a NUL in its name."""
    name = unquote(segment)
    if "\0" in name:
        raise Fault("not_found")
    return name
