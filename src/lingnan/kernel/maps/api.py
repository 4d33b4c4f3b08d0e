"""The door of maps: boundaries of today, exact and ready to draw, and the unit a point lies in."""

from lingnan.kernel.maps.boundaries import UnfitBoundaries, load
from lingnan.kernel.maps.drawing import Shape, shapes, spot, view_box
from lingnan.kernel.maps.exact import Area, area, areas, digest
from lingnan.kernel.maps.locating import NoBoundaries, bbox, inside, locate
from lingnan.kernel.maps.projection import grid
from lingnan.kernel.maps.reading import Sent, UnfitArea, coverage_faults, read_area

__all__ = [
    "Area",
    "NoBoundaries",
    "Sent",
    "Shape",
    "UnfitArea",
    "UnfitBoundaries",
    "area",
    "areas",
    "bbox",
    "coverage_faults",
    "digest",
    "grid",
    "inside",
    "load",
    "locate",
    "read_area",
    "shapes",
    "spot",
    "view_box",
]
