"""The only door to YAML: plain data, no aliases, no tags, no doubled keys, bounded size."""

from pathlib import Path
from typing import Any

import yaml

from interviewer.errors import InputError

MAX_BYTES = 2_000_000


class _PlainLoader(yaml.SafeLoader):
    """Safe loading less what can blow up or hide a mistake."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "an alias is not allowed here", event.start_mark)
        if getattr(event, "tag", None):
            raise yaml.composer.ComposerError(None, None, f"the tag {event.tag} is not allowed here", event.start_mark)
        return super().compose_node(parent, index)

    def construct_scalar(self, node: Any) -> Any:
        value = super().construct_scalar(node)
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise yaml.constructor.ConstructorError(None, None, "half a surrogate pair is not text", node.start_mark)
        return value

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str | int):
                raise yaml.constructor.ConstructorError(None, None, "a key must be text", key_node.start_mark)
            if key in seen:
                doubled = f"the key {key!r} stands twice"
                raise yaml.constructor.ConstructorError(None, None, doubled, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


# A date such as 2026-01-31 stays text: callers are promised plain data.
_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path, fault: type[InputError]) -> Any:
    """The plain data (dict, list, str, int, float, bool, None) of a YAML file.

    Raises:
        fault: it cannot be read, is larger than `MAX_BYTES`, is not UTF-8, or is not plain YAML; with file and line.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise fault(f"is larger than {MAX_BYTES} bytes.", where=str(path))
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise fault(f"cannot be read ({error.strerror}).", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise fault(f"is not UTF-8 (byte {error.start}).", where=str(path), next_step="Save it as UTF-8.") from error
    try:
        return yaml.load(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise fault(f"{error.problem or error.context}.", where=where) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise fault(f"is not plain YAML ({type(error).__name__}).", where=str(path)) from error
