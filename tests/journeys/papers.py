"""Reading a PDF as a stranger's software reads it."""

import shutil
import subprocess

import pytest


def text_of(content: bytes) -> str:
    """The text of a PDF without white space, by poppler."""
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed")
    words = ["pdftotext", "-raw", "-", "-"]
    done = subprocess.run(words, input=content, capture_output=True, check=True)
    return "".join(done.stdout.decode().split())
