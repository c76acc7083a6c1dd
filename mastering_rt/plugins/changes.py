"""What became of the plugins on this machine between two looks, in a sentence; and where a plugin is that is not where it was."""
import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mastering_rt.identity import identity
from mastering_rt.plugins.scan import Found
from mastering_rt.session.model import PluginRef

MOST_NAMED = 3


class Changes(NamedTuple):
    """Between two catalogues. replaced: same file, other contents."""

    added: tuple[Found, ...] = ()
    replaced: tuple[Found, ...] = ()
    gone: tuple[Found, ...] = ()

    @property
    def sentence(self) -> str:
        """ "ZamComp was added to the plugins. ZamEQ2 was replaced." Nothing when nothing changed."""
        parts = []
        if self.added:
            parts.append(f"{named(self.added)} {'were' if len(self.added) > 1 else 'was'} added to the plugins.")
        if self.replaced:
            parts.append(f"{named(self.replaced)} {'were' if len(self.replaced) > 1 else 'was'} replaced.")
        if self.gone:
            parts.append(f"{named(self.gone)} {'are' if len(self.gone) > 1 else 'is'} no longer there.")
        parts += [f"{found.title} {found.problem}." for found in (*self.added, *self.replaced) if found.problem][:MOST_NAMED]
        return " ".join(parts)


def changes_between(before: Sequence[Found], after: Sequence[Found]) -> Changes:
    """By path; a plugin that only was tested meanwhile has not changed."""
    old, new = {found.path: found for found in before}, {found.path: found for found in after}
    return Changes(tuple(new[path] for path in new if path not in old),
                   tuple(new[path] for path in new if path in old and (new[path].modified, new[path].size) != (old[path].modified, old[path].size)),
                   tuple(old[path] for path in old if path not in new))


def named(plugins: Sequence[Found]) -> str:
    """Titles, as many as a sentence bears."""
    titles = [found.title for found in plugins[:MOST_NAMED]]
    more = len(plugins) - len(titles)
    if more:
        return f"{', '.join(titles)} and {more} more"
    return f"{', '.join(titles[:-1])} and {titles[-1]}" if len(titles) > 1 else titles[0]


def elsewhere(plugin: PluginRef, known: Iterable[Found]) -> Found | None:
    """The same plugin at another place, by what it calls itself."""
    return next((found for found in known if found.usable and plugin.identifier and identity(found.identifier) == identity(plugin.identifier)
                 and found.path != plugin.path and os.path.exists(found.path)), None)
