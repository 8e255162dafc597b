"""Draws a picture anew with Pillow: nothing of the file that came in is kept but what is seen."""

import io
import warnings

from PIL import Image, ImageCms, ImageOps

from cascade.library.pictures.found import Broken, Found

MOST_PIXELS = 50_000_000
"""Of a picture: opening it takes up to four bytes of memory for each."""
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
_LARGEST = (1_200, 4_000)
"""Mail shows 600 pixels across, and sharp screens use two for each."""
_THUMBNAIL = (360, 240)
_FEW_COLOURS = 2_000  # a drawing or a screenshot; photographs have more
_QUALITY = 82

# Pillow looks at the size before it decodes. Its warning comes at this many, its error at twice
# as many: both refuse.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


def draw(content: bytes) -> Found | None:
    """The picture as it is kept; None when it is no picture that is taken. Raises Broken."""
    if not content.startswith(_STARTS) and content[8:12] != b"WEBP":
        return None
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
            return _found(opened)
    except (Broken, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        most = MOST_PIXELS // 1_000_000
        raise Broken(
            f"The picture must have {most} megapixels or less. Make it smaller first"
        ) from None
    except Exception as error:  # decoders of hostile bytes raise anything
        raise Broken("The picture is damaged. Save it again and upload that") from error


def _found(opened: Image.Image) -> Found:
    lossy = opened.format in ("JPEG", "MPO")
    # Telephones put several pictures into a JPEG (MPO): the first is the one that is meant.
    if not lossy and getattr(opened, "is_animated", False):
        raise Broken("The picture moves, which many cannot read. Save one still picture of it")
    opened.draft(None, (_LARGEST[0] * 2, _LARGEST[0] * 2))  # a JPEG is decoded smaller at once
    opened.load()
    upright = _in_srgb(_upright(opened))
    as_png = not lossy and (upright.mode == "RGBA" or bool(upright.getcolors(_FEW_COLOURS)))
    upright.thumbnail(_LARGEST, Image.Resampling.LANCZOS)
    small = upright.copy()
    small.thumbnail(_THUMBNAIL, Image.Resampling.LANCZOS)
    kind, extension = ("image/png", "png") if as_png else ("image/jpeg", "jpg")
    whole = _written(upright, as_png)
    return Found(kind, extension, whole, *upright.size, thumbnail=_written(small, as_png))


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # what a camera wrote is damaged, the picture may be good
        return image


def _in_srgb(image: Image.Image) -> Image.Image:
    """As RGB, or RGBA where something shines through, with the colours of sRGB."""
    profile = image.info.get("icc_profile")
    if image.mode in ("P", "PA", "LA") or "transparency" in image.info:
        image = image.convert("RGBA")
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        image = _converted(image, profile)
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    return image if image.mode in ("RGB", "RGBA") else _eight_bits(image).convert("RGB")


def _converted(image: Image.Image, profile: bytes) -> Image.Image:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(
            image, source, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError):  # the profile is damaged, or of another kind of colour
        return image
    return turned or image


def _eight_bits(image: Image.Image) -> Image.Image:
    """Pictures of 16 bits a pixel are cut off, not scaled, by Pillow's own conversion."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image


def _written(image: Image.Image, as_png: bool) -> bytes:
    """The bytes, with nothing but the picture in them."""
    image.info.clear()
    out = io.BytesIO()
    if as_png:
        image.save(out, "PNG", optimize=True)
    else:
        image.save(out, "JPEG", quality=_QUALITY, progressive=True, optimize=True)
    return out.getvalue()
