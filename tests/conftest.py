"""What holds for all tests."""
import gc


def pytest_collection_modifyitems(items):
    """What plays in real time is begun first, so that another process computes while it waits."""
    items.sort(key=lambda item: item.get_closest_marker("realtime") is None)


def pytest_collection_finish():
    """The thousands of tests themselves need no looking through each time a test asks for its garbage to be collected."""
    gc.collect()
    gc.freeze()
