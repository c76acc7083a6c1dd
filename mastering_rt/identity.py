"""Which plugin a plugin is, wherever its file lies."""


def identity(identifier: str) -> str:
    """What a plugin is identified by, without the hash of the path that stands in it as the last part but one."""
    parts = identifier.rsplit("-", 2)
    return f"{parts[0]}-{parts[2]}" if len(parts) == 3 else identifier


def is_another(identifier: str, other: str) -> bool:
    """Whether these are two plugins. One that has not been loaded yet has no identifier, and may be any."""
    return bool(identifier and other) and identity(identifier) != identity(other)
