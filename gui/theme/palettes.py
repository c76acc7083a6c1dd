"""The two palettes as plain dicts: five hues for sound, one meaning each, and neutrals for the hand.

Tokens: `mix`, `master`, `ref`, `gr`, `danger` are lines, caps and keys; `_text` the same as text; `_mid` the strong area of a bar;
`_body` the weak one; `_fill` the tint under a line in a plot; `_key` the key that is heard, `on_` the text upon it.
All are opaque but `scrim`, because a translucent fill costs five times an opaque one.
"""
from typing import Final

Color = str | tuple[int, int, int, int]

DARK: Final[dict[str, Color]] = dict(
    bg="#08090B", well="#0D0F12", panel="#16191D", raised="#1F2328", control="#2A2F36", hover="#363C45",
    loop="#1A1E23", line="#2C3138", edge="#727C89", grid="#191C20", grid_major="#262A30",
    text="#EAEDF0", text2="#B4BBC4", text3="#8F98A4", off="#727C89", select="#FFFFFF", on_select="#0B0D0F",
    mix="#64B0FC", master="#F9C73E", ref="#7FC49C", gr="#CE639F", danger="#F2462F",
    mix_text="#64B0FC", master_text="#F9C73E", ref_text="#7FC49C", gr_text="#E07FB4", danger_text="#FF6A55",
    mix_mid="#4C83BA", master_mid="#B79332", ref_mid="#5F9175", gr_mid="#984B78", danger_mid="#B23727",
    mix_body="#3A638C", master_body="#725E25", ref_body="#456856", gr_body="#5E324D", danger_body="#963023",
    mix_fill="#17212C", master_fill="#272317", ref_fill="#1A2321", gr_fill="#221822", danger_fill="#261515",
    mix_key="#64B0FC", master_key="#F9C73E", ref_key="#7FC49C",
    on_mix="#0B0D0F", on_master="#0B0D0F", on_ref="#0B0D0F", on_gr="#0B0D0F", on_danger="#0B0D0F", scrim=(8, 9, 11, 168))

LIGHT: Final[dict[str, Color]] = dict(
    bg="#D5D8DC", well="#FFFFFF", panel="#F2F3F5", raised="#FBFBFC", control="#E1E4E8", hover="#D2D6DC",
    loop="#EEF0F2", line="#C6CBD1", edge="#6E7783", grid="#F0F1F3", grid_major="#DDE0E4",
    text="#14171A", text2="#404750", text3="#545D68", off="#6E7783", select="#0B0D0F", on_select="#FFFFFF",
    mix="#1F74E0", master="#BE7A14", ref="#1B7D63", gr="#7B2080", danger="#B31616",
    mix_text="#1A5FBA", master_text="#7A4E00", ref_text="#0F6353", gr_text="#7B2080", danger_text="#B31616",
    mix_mid="#5093E7", master_mid="#DB9220", ref_mid="#4D9A85", gr_mid="#B079B3", danger_mid="#C85757",
    mix_body="#9AC0F1", master_body="#F3C473", ref_body="#98C4B9", gr_body="#DAC1DB", danger_body="#D17373",
    mix_fill="#E6F0FC", master_fill="#FDF1D8", ref_fill="#E6F1EE", gr_fill="#F0E6F1", danger_fill="#F7E5E5",
    mix_key="#1F74E0", master_key="#F4B73B", ref_key="#1B7D63",
    on_mix="#FFFFFF", on_master="#0B0D0F", on_ref="#FFFFFF", on_gr="#FFFFFF", on_danger="#FFFFFF", scrim=(20, 23, 26, 110))

PALETTES: Final = {"dark": DARK, "light": LIGHT}
