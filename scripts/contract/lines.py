"""The lines of a contract's file that its parts stand on."""

from functools import cached_property

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from scripts.contract.pointers import pointer_parts


class Lines:
    """The lines of a text that is YAML."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property  # which takes time, and is only asked for where something is wrong
    def _root(self) -> Node | None:
        root: Node | None = YAML(typ="safe", pure=True).compose(self._text)
        return root

    def of(self, pointer: str) -> int | None:
        """The line, from 1, of what stands at a JSON pointer, or of the nearest above; None of an empty text."""
        node = self._root
        if node is None:
            return None
        line: int = node.start_mark.line + 1
        for part in pointer_parts(pointer):
            if isinstance(node, MappingNode):
                entry = next(((key, value) for key, value in node.value if key.value == part), None)
                if entry is None:
                    break
                line, node = entry[0].start_mark.line + 1, entry[1]
            elif isinstance(node, SequenceNode) and part.isdecimal() and int(part) < len(node.value):
                node = node.value[int(part)]
                line = node.start_mark.line + 1
            else:
                break
        return line
