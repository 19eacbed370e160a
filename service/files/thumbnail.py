"""Makes a small picture of a picture or of the first page of a PDF: bytes in at stdin, WebP out at stdout.

It is started by itself, for one file that anybody may have made (service/files/preview.py), and takes
everything from itself that it does not need before it looks at the first byte: time, memory, and opening
anything at all, be it a file or a connection. It uses nothing of the service, so that little is within reach.
"""

import io
import resource
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

# The longest side of what comes out, and what a picture may have: 50 megapixels are 200 MB.
SIDE = 512
MOST_PIXELS = 50_000_000
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 10
FORMATS = ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")
# How it ends, if not well: what would be needed is not installed, or the file cannot be shown.
NOT_INSTALLED, NOT_SHOWN = 3, 4


def confine() -> None:
    """From here on: so much memory and time, and no further descriptor, so nothing is opened or connected."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def rehearse() -> None:
    """Do all of it once with pictures of our own: what Pillow loads only when it needs it is loaded then."""
    from PIL import Image

    for form in FORMATS:
        made = io.BytesIO()
        Image.new("RGB" if form == "JPEG" else "P", (1, 1)).save(made, form)
        small(of_picture(made.getvalue()))


def of_pdf(content: bytes) -> "Image":
    """The first page."""
    import pypdfium2

    page = pypdfium2.PdfDocument(content)[0]
    drawn: Image = page.render(scale=SIDE / max(page.get_size()), may_draw_forms=False).to_pil()
    return drawn


def of_picture(content: bytes) -> "Image":
    """The picture, the right way up; of one that moves the first moment."""
    from PIL import Image, ImageOps

    picture = Image.open(io.BytesIO(content), formats=FORMATS)
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError("too large")
    # A JPEG is decoded no larger than needed.
    picture.draft(None, (2 * SIDE, 2 * SIDE))
    return ImageOps.exif_transpose(picture)


def small(picture: "Image") -> bytes:
    """It as WebP, with nothing of what else was in the file: where a photograph was taken, for example."""
    picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((SIDE, SIDE))
    picture.info = {}
    made = io.BytesIO()
    picture.save(made, "WEBP", quality=80)
    return made.getvalue()


def main() -> int:
    try:
        import pypdfium2  # noqa: F401
        from PIL import Image

        Image.init()
    except ImportError:
        return NOT_INSTALLED
    rehearse()
    content = sys.stdin.buffer.read()
    confine()
    try:
        # A PDF may have something before it begins, such as a byte order mark.
        made = small(of_pdf(content) if b"%PDF-" in content[:1024] else of_picture(content))
    except Exception:  # noqa: BLE001 - a file can be wrong in every way
        return NOT_SHOWN
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
