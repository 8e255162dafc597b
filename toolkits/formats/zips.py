"""ZIP files with the same bytes for the same contents, wherever and whenever they are made."""

import io
import zipfile
from collections.abc import Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first day that a ZIP file can name."""


def packed(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of these files in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # the same on every system
            archive.writestr(entry, content)
    return out.getvalue()


def settled(content: bytes) -> bytes:
    """The same ZIP without the time it was made at; office files are ZIPs too."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return packed({entry.filename: archive.read(entry) for entry in archive.infolist()})
