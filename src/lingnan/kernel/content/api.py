"""The door of content: drawing a document of one's own as PDF/A-2b, to be sealed.

A template is one Typst file of the system; its data stand in `sys.inputs.data` as JSON.
"""

from lingnan.kernel.content.certificates.render import FontMissing, TemplateFault, qr_svg, render

__all__ = ["FontMissing", "TemplateFault", "qr_svg", "render"]
