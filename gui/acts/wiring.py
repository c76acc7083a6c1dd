"""Which wish of which widget is which act. Nothing else connects the window to what it does."""
from functools import partial

from PySide6.QtCore import QPoint

from gui.acts.acts import Acts
from gui.acts.slot_menu import add_rows
from gui.controls.lock import PartLock
from gui.controls.value_hand import ValueHand
from gui.editors.frame import StageFrame
from gui.keyboard import Keyboard
from gui.theme import theme


def connect(acts: Acts, keyboard: Keyboard) -> None:
    """Once, when window and acts are made."""
    connect_title(acts, keyboard)
    connect_compare(acts)
    connect_song(acts)
    connect_chain(acts, keyboard)
    connect_stage(acts)
    connect_blind(acts)
    acts.window.file_dropped.connect(acts.files.open)
    acts.window.preset_dropped.connect(acts.presets.load_file)
    acts.window.steps.hidden_for_good.connect(acts.viewing.hide_first_minute)
    acts.window.close_asked = acts.recovery.may_close
    acts.viewing.meters_made = keyboard.also_in


def connect_title(acts: Acts, keyboard: Keyboard) -> None:
    title = acts.window.title
    title.menu_asked.connect(lambda: keyboard.open_menu(title.menu_key.mapToGlobal(QPoint(0, title.menu_key.height() + theme.px(2)))))
    title.undo_asked.connect(acts.shaping.undo)
    title.redo_asked.connect(acts.shaping.redo)
    title.command_asked.connect(acts.viewing.open_palette)
    title.device_asked.connect(acts.viewing.open_device)
    title.drops_cleared.connect(acts.hearing.clear_drops)
    title.render_asked.connect(acts.rendering.open)
    title.whole_asked.connect(lambda: acts.viewing.set_compact_mode(False))


def connect_compare(acts: Acts) -> None:
    bar = acts.window.compare
    bar.chosen.connect(acts.hearing.hear)
    bar.matched_edited.connect(acts.hearing.set_matched)
    bar.delta_edited.connect(lambda on: acts.hearing.set_delta(acts.shaping.selected, on))
    bar.monitor_edited.connect(acts.hearing.set_monitor)
    bar.matched.menu_asked.connect(acts.comparing.open_match_menu)
    bar.references.chosen.connect(acts.comparing.hear_reference)
    bar.references.menu_asked.connect(acts.comparing.open_menu)
    bar.references.add_asked.connect(acts.comparing.ask_add)
    bar.snapshots.chosen.connect(acts.comparing.hear_snapshot)
    bar.snapshots.stored.connect(acts.comparing.store)
    bar.snapshots.menu_asked.connect(acts.comparing.open_snapshot_menu)
    acts.window.reference_dropped.connect(acts.comparing.add)


def connect_blind(acts: Acts) -> None:
    view, blind = acts.window.blind, acts.blind
    acts.window.compare.blind_asked.connect(blind.press)
    view.setup.started.connect(blind.start)
    view.trial.listened.connect(blind.listen)
    view.answered.connect(blind.answer)
    view.stopped.connect(blind.leave)


def connect_song(acts: Acts) -> None:
    transport, view = acts.window.song.transport, acts.window.song.view
    transport.to_start.connect(acts.hearing.to_start)
    transport.play_edited.connect(lambda _wanted: acts.hearing.play_or_stop())
    transport.loop_edited.connect(acts.hearing.switch_loop)
    view.seek_requested.connect(acts.hearing.seek)
    view.loop_changed.connect(acts.hearing.draw_loop)
    view.loop_toggled.connect(acts.hearing.switch_loop)
    acts.window.song.findings_asked.connect(acts.findings.open)
    guest, comparing = acts.window.song.guest, acts.comparing
    guest.seek_requested.connect(comparing.go_heard)
    guest.loop_changed.connect(comparing.loop_heard)
    guest.loop_toggled.connect(lambda _on: comparing.switch_loop_heard())
    guest.lane_wished.connect(acts.viewing.set_song_lane)
    view.finding_chosen.connect(acts.findings.say)
    view.marker_moved.connect(acts.markers.move)
    view.marker_named.connect(acts.markers.ask_name)
    view.marker_menu_asked.connect(acts.markers.open_menu)
    view.lane_wished.connect(acts.viewing.set_song_lane)
    view.set_lane(acts.settings.song_lane())


def connect_chain(acts: Acts, keyboard: Keyboard) -> None:
    strip, shaping = acts.window.chain, acts.shaping
    strip.selected.connect(shaping.select_at)
    strip.bypass_asked.connect(shaping.bypass_at)
    strip.move_asked.connect(shaping.move)
    strip.remove_asked.connect(shaping.remove_at)
    strip.add_asked.connect(shaping.add)
    strip.remedy_asked.connect(acts.plugins.revive_at)
    strip.offer_more = acts.plugins.offer
    strip.offer_menu = partial(add_rows, acts, keyboard)
    strip.place_for = shaping.place_for


def connect_menus(acts: Acts, frame: StageFrame) -> None:
    """The menu of every value, switch and choice of a new editor can lock it."""
    found: list[ValueHand | PartLock] = [*frame.findChildren(ValueHand), *frame.findChildren(PartLock)]
    for one in found:
        one.menu_opened.connect(lambda menu, id=one.param.id: acts.shaping.add_lock(frame.slot, id, menu))


def connect_stage(acts: Acts) -> None:
    zone, shaping = acts.window.stage, acts.shaping
    zone.value_wished.connect(shaping.set_value)
    zone.values_wished.connect(shaping.set_values)
    zone.frame_built.connect(partial(connect_menus, acts))
    zone.gesture_started.connect(shaping.begin_gesture)
    zone.gesture_ended.connect(lambda _id: shaping.end_gesture())
    zone.preset_chosen.connect(shaping.choose_stage_preset)
    zone.without_edited.connect(acts.hearing.set_without)
    zone.delta_edited.connect(acts.hearing.set_delta)
    zone.levelled_edited.connect(acts.hearing.level_delta)
    zone.target_asked.connect(acts.loudness.ask)
    zone.editor_wished.connect(acts.plugins.show_editor)
    zone.locate_asked.connect(acts.plugins.ask_locate)
    zone.text_typed.connect(acts.plugins.type_value)
    zone.empty.add_key.clicked.connect(lambda: acts.window.chain.open_add_menu())
    zone.empty.preset_key.clicked.connect(lambda: acts.presets.open())
