"""What holds for all tests."""


def pytest_collection_modifyitems(items):
    """What plays in real time is begun first, so that another process computes while it waits."""
    items.sort(key=lambda item: item.get_closest_marker("realtime") is None)
