"""A session says which plugins it wants; what is executed is for the user to say."""
import shutil
from pathlib import Path

import pytest

from mastering_rt.cli import main
from mastering_rt.desk.desk import Desk
from mastering_rt.offline.render import render
from mastering_rt.playback.device import CLOCK
from mastering_rt.plugins import allowed, scan
from mastering_rt.plugins.allowed import is_allowed
from mastering_rt.plugins.scan import Catalogue
from mastering_rt.plugins.units import PluginProblem
from mastering_rt.session import edits
from mastering_rt.session.model import PluginRef, Session
from mastering_rt.session.store import save_session
from tests import signals
from tests.mastering_rt.helpers import RATE, until, write_song

pytestmark = pytest.mark.slow


@pytest.fixture
def song(tmp_path):
    return write_song(tmp_path / "mix.wav", 0.4 * signals.programme(RATE), RATE, "32f")


@pytest.fixture
def stranger(built, home, tmp_path):
    """The test plugin in a folder that nobody has named."""
    path = Path(shutil.copytree(built(), tmp_path / "sent" / Path(built()).name))
    return str(path)


@pytest.fixture
def desk(home):
    with Desk(CLOCK, 256, autosave=False) as desk:
        yield desk


def session_with(path, **more):
    return edits.put_plugin(edits.add_stage(Session(), "plugin"), "plugin", PluginRef(path, **more))


def test_places_that_a_session_may_name(home, tmp_path, monkeypatch):
    monkeypatch.setattr(allowed, "folders", lambda: [tmp_path / "vst3"])
    for name in ("vst3/a.vst3", "vst3/maker/b.vst3", "out.vst3", "vst3/up/c.vst3"):
        (tmp_path / name).mkdir(parents=True)
    assert is_allowed(f"{tmp_path}/vst3/a.vst3") and is_allowed(f"{tmp_path}/vst3/maker/b.vst3")
    assert not is_allowed(f"{tmp_path}/out.vst3") and not is_allowed(f"{tmp_path}/vst3/../out.vst3")
    assert is_allowed(f"{tmp_path}/not there.vst3")


def test_a_server_is_not_asked_for_what_it_has(home, monkeypatch):
    def looked(path):
        raise AssertionError(path)
    monkeypatch.setattr(allowed.os.path, "exists", looked)
    assert not is_allowed("//server/share/x.vst3") and not is_allowed("\\\\server\\share\\x.vst3")


def test_the_word_is_kept_and_taken_back(stranger, capsys):
    assert not is_allowed(stranger)
    assert main(["plugins", "allow", stranger]) == 0 and is_allowed(stranger)
    assert "Sessions may load" in capsys.readouterr().out
    assert main(["plugins", "block", stranger]) == 0
    assert main(["plugins", "allow", stranger]) == 2 and "blocked by you" in capsys.readouterr().err
    assert main(["plugins", "unblock", stranger]) == 0
    Catalogue().keep(scan.Found("/elsewhere.vst3", 0.0, 0))
    assert stranger not in allowed.allowed()


def test_what_a_scan_has_tried_needs_no_word(stranger):
    Catalogue().scan([Path(stranger).parent])
    assert is_allowed(stranger)


def test_a_render_says_what_it_takes(stranger, song, tmp_path, capsys):
    """And nothing of the plugin is loaded before."""
    session = session_with(stranger)
    with pytest.raises(PluginProblem, match=r"waits for your word: .*sent.* mastering-rt plugins allow "):
        render(song, str(tmp_path / "out.wav"), session)
    path = str(save_session(session, tmp_path / "sent.mrt"))
    assert main(["render", song, str(tmp_path / "out.wav"), "--session", path]) == 1
    assert f"mastering-rt plugins allow {stranger}" in capsys.readouterr().err
    assert main(["plugins", "allow", stranger]) == 0
    assert main(["render", song, str(tmp_path / "out.wav"), "--session", path]) == 0


def test_what_is_typed_is_the_word(stranger, song, tmp_path):
    out = str(tmp_path / "out.wav")
    assert main(["render", song, out, "--preset", "none", "--set", f"plugin.file={stranger}", "--set", "plugin.delay=100"]) == 0


def test_a_value_that_is_typed_is_no_word_for_the_plugin_of_a_session(stranger, song, tmp_path, capsys):
    path = str(save_session(session_with(stranger), tmp_path / "sent.mrt"))
    assert main(["render", song, str(tmp_path / "out.wav"), "--session", path, "--set", "plugin.delay=100"]) == 2
    assert "mastering-rt plugins allow" in capsys.readouterr().err


def test_it_plays_dry_until_the_word_comes(stranger, song, desk):
    """Wherever the word comes from, and the whole song is measured then."""
    desk.open(song)
    told = []
    desk.edit(lambda s: edits.replace_chain(s, session_with(stranger).chain))
    until(lambda: told.extend(desk.poll().sentences) or stranger in desk.plugins.waiting)
    until(lambda: any("plugins allow" in sentence for sentence in told), lambda: told.extend(desk.poll().sentences))
    unit = desk.plugins.unit("plugin")
    assert unit.phase == "resting" and unit.asks and not unit.pid
    desk.plugins.allow(stranger)
    until(lambda: unit.phase == "running" and desk.measured is not None and desk.measured.chain == desk.session.chain, desk.poll)
    assert not desk.plugins.waiting


def test_the_same_plugin_where_it_is_installed_needs_no_word(built, stranger, song, desk):
    found = scan.try_plugin(built())
    Catalogue().keep(found)
    desk.open(song)
    desk.edit(lambda s: edits.replace_chain(s, session_with(stranger, identifier=found.identifier).chain))
    until(lambda: desk.session.chain[0].plugin.path == built(), desk.poll)
    until(lambda: desk.plugins.unit("plugin") is not None and desk.plugins.unit("plugin").phase == "running", desk.poll)
