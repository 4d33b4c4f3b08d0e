"""What every answer tells the browser: also static files, refusals and failures."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), autoplay=(), camera=(), display-capture=(), "
    "encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), publickey-credentials-get=(self), usb=()",
}
YEAR = 31_536_000


class HeadersMiddleware:
    """Stands outside all others, so that nothing is answered without these."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if request.is_secure() or settings.PUBLIC_ADDRESS.startswith("https://"):
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = _kept(request, response)
        return response


def _kept(request: HttpRequest, response: HttpResponse) -> str:
    """What is somebody's own is kept nowhere; what is public is asked for anew each time."""
    personal = getattr(request, "actor", None) is not None or request.method not in ("GET", "HEAD")
    return "no-store" if personal or response.cookies else "private, no-cache"
