"""The door of maps: boundaries of today, exact and ready to draw, and the unit a point lies in."""

from lingnan.kernel.maps.boundaries import UnfitBoundaries, load
from lingnan.kernel.maps.drawing import Shape, shapes, spot, view_box
from lingnan.kernel.maps.exact import Area, area, areas, digest
from lingnan.kernel.maps.locating import NoBoundaries, bbox, inside, locate

__all__ = [
    "Area",
    "NoBoundaries",
    "Shape",
    "UnfitBoundaries",
    "area",
    "areas",
    "bbox",
    "digest",
    "inside",
    "load",
    "locate",
    "shapes",
    "spot",
    "view_box",
]
