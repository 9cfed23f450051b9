"""Drawing only what changed: Textual's compositor, which goes through all that the changes surround, made to measure.

Textual draws the changed cells only, but to find what is in them it renders every line of every widget that overlaps
the rectangle around all of them (8.2.8, _compositor.py:1165): a letter at the bottom and a line at the top cost the
whole screen, and each line goes through every filter. Here a widget renders the lines that changed, and what lies
wholly behind another is left out.
"""

from collections.abc import Iterable

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip


class TightCompositor(Compositor):
    """A compositor for screens of several parts that change by themselves."""

    def __init__(self) -> None:
        super().__init__()
        self._changed: tuple[Region, ...] = ()
        """What is drawn now; nothing for all."""

    def render_partial_update(self) -> ChopsUpdate | None:
        self._changed = tuple(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._changed = ()

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        if not self._changed:
            yield from super()._get_renders(crop)
            return
        left = list(self._changed)
        for widget, (region, clip) in self.visible_widgets.items():  # the front ones first
            seen = region.intersection(clip)
            hit = [changed for changed in left if changed.overlaps(seen)]
            if not hit:
                continue
            top = max(seen.y, min(changed.y for changed in hit))
            bottom = min(seen.bottom, max(changed.bottom for changed in hit))
            band = Region(seen.x, top, seen.width, bottom - top)
            yield region, band, widget.render_lines(band.translate(-region.offset))
            left = [changed for changed in left if changed not in hit or not seen.contains_region(changed)]
            if not left:
                return
