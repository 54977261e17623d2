"""Look at one picture, in a program of its own: ``python -m gongchou.inspections.pictures FILE SHOWN``.

It prints what the picture is as one line of JSON and writes SHOWN: at most 1,600 points wide or high, without what the
camera wrote into it. Whatever is wrong with the picture ends this program alone.
"""

from __future__ import annotations

import json
import resource
import sys
import warnings
from typing import Any, Final

from PIL import ExifTags, Image, ImageOps

FORMATS: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
MOST_POINTS: Final = 50_000_000
MEMORY: Final = 768 * 1024 * 1024  # of 50 megapixels twice, and the library
SECONDS: Final = 15
SHOWN: Final = 1600


def main(path: str, shown: str) -> int:
    """Return 0 for a picture that can be shown."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = MOST_POINTS
    with Image.open(path, formats=tuple(FORMATS)) as picture:
        told = _told(picture)
        if picture.width * picture.height > MOST_POINTS or getattr(picture, "n_frames", 1) != 1:
            return 1
        picture.draft("RGB", (SHOWN, SHOWN))
        small = ImageOps.exif_transpose(picture).convert("RGB")
        small.thumbnail((SHOWN, SHOWN))
        small.save(shown, "JPEG", quality=82)
    print(json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
    return 0


def _told(picture: Image.Image) -> dict[str, Any]:
    return {
        "exif": _exif(picture),
        "height": picture.height,
        "media_type": FORMATS[str(picture.format)],
        "width": picture.width,
    }


def _exif(picture: Image.Image) -> dict[str, str]:
    """When and where the camera says; what cannot be read is left out."""
    found = picture.getexif()
    place = found.get_ifd(ExifTags.IFD.GPSInfo)
    own = {
        "taken": found.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal),
        "lat": _degrees(place, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef),
        "lon": _degrees(place, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef),
        "camera": found.get(ExifTags.Base.Model),
    }
    return {name: str(value)[:60].replace("\x00", "") for name, value in own.items() if value}


def _degrees(place: dict[int, Any], which: int, side: int) -> str:
    try:
        degrees, minutes, seconds = map(float, place[which])
        sign = -1 if place.get(side) in ("S", "W") else 1
        return f"{sign * (degrees + minutes / 60 + seconds / 3600):.6f}"
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return ""


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
