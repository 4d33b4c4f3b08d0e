"""The door of the certificates: render a template, make a QR code for it."""

from .render import FontMissing, TemplateFault, cjk_font_folder, qr_svg, render

__all__ = ["FontMissing", "TemplateFault", "cjk_font_folder", "qr_svg", "render"]
