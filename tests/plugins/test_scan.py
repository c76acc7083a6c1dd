"""What is looked for where, what is remembered of it, and that nothing in a folder or in a plugin's name stops the looking."""
import pytest

from mastering_rt.cli import main
from mastering_rt.plugins import scan
from mastering_rt.plugins.scan import Catalogue, Found, installed, watched_folders
from tests.plugins.building import why_not

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(why_not()), reason=why_not())]


@pytest.fixture
def usual(home, tmp_path, monkeypatch):
    """The only folder that plugins are installed in."""
    folder = tmp_path / "usual"
    folder.mkdir()
    monkeypatch.setattr(scan, "folders", lambda: [folder])
    return folder


def put(folder, name):
    """Something that calls itself a plugin and is none."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.vst3"
    path.write_bytes(b"this is no plugin")
    return path


def known():
    return sorted(found.title for found in Catalogue().plugins)


def test_a_folder_that_is_named_adds_what_lies_in_it(usual, tmp_path):
    put(usual, "Usual"), put(tmp_path / "own", "Own"), put(tmp_path / "own2", "Second")
    Catalogue().scan()
    assert [found.title for found in Catalogue().scan([tmp_path / "own"])] == ["Own"]
    Catalogue().scan([tmp_path / "own2"])
    assert known() == ["Own", "Second", "Usual"] and not Catalogue().stale()
    assert [found.title for found in Catalogue().scan()] == known() == ["Own", "Second", "Usual"]


def test_what_is_gone_is_forgotten_where_one_looks(usual, tmp_path):
    there = [put(usual, "Usual"), put(tmp_path / "own", "Own"), put(tmp_path / "own2", "Second")]
    Catalogue().scan()
    Catalogue().scan([tmp_path / "own", tmp_path / "own2"])
    for path in there:
        path.unlink()
    Catalogue().scan([tmp_path / "own"])
    assert known() == ["Second", "Usual"] and Catalogue().stale()
    Catalogue().scan()
    assert known() == [] and not Catalogue().stale()


def test_a_folder_is_kept_by_its_whole_path(usual, tmp_path, monkeypatch):
    path = put(tmp_path / "own", "Own")
    monkeypatch.chdir(tmp_path)
    Catalogue().scan([type(path)("own")])
    assert [found.path for found in Catalogue().plugins] == [str(path)]


def test_links_that_lead_in_a_circle_are_gone_through_once(usual, tmp_path):
    (usual / "a").mkdir()
    path = put(usual / "a", "Only")
    (usual / "a" / "up").symlink_to("..")
    (usual / "b").symlink_to(".")
    (usual / "again").symlink_to(usual)
    put(tmp_path / "elsewhere", "Linked")
    (usual / "far").symlink_to(tmp_path / "elsewhere")
    assert sorted(installed()) == sorted([str(path), str(usual / "far" / "Linked.vst3")])
    assert sorted(watched_folders()) == sorted([str(usual), str(usual / "a"), str(usual / "far")])


def test_what_a_stopped_scan_has_found_is_kept(usual):
    for name in ("A", "B", "C"):
        put(usual, name)

    def stop(what, share):
        if share > 0.5:
            raise KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt):
        Catalogue().scan(progress=stop)
    assert len(known()) == 2
    with pytest.raises(KeyboardInterrupt):
        Catalogue().scan(again=True, progress=stop)
    assert len(known()) == 2


def test_a_scan_that_is_stopped_on_the_command_line_says_what_became_of_it(usual, monkeypatch, capsys):
    """Ctrl+C comes while a plugin is being tried, most likely one that hangs."""
    for name in ("A", "B", "C"):
        put(usual, name)
    tried = iter(["first"])

    def try_one(path, check):
        if next(tried, None) is None:
            raise KeyboardInterrupt
        return Found(path, *scan.stamp(path), name="Found already")
    monkeypatch.setattr(scan, "try_plugin", try_one)
    assert main(["plugins", "scan"]) == 1
    assert "what was found so far is kept" in capsys.readouterr().err
    assert known() == ["Found already"]


def test_brackets_in_a_name_are_no_markup(home, capsys):
    Catalogue().keep(Found("/x/Evil.vst3", 0.0, 0, name="Evil [/b] x", vendor="[mono]", category="[link=", channels=2, verdicts=("identical",)))
    assert main(["plugins", "list"]) == 0
    told = capsys.readouterr().out
    assert "Evil [/b] x" in told and "[mono]" in told


def test_the_folder_for_plugins_of_ones_own_is_no_plugin(tmp_path):
    """Neither while it is missing nor when it is there."""
    usual = tmp_path / ".vst3"
    assert installed([usual]) == []
    (usual / "Own.vst3").mkdir(parents=True)
    assert installed([usual]) == [str(usual / "Own.vst3")]
