"""Pictures and PDFs, known by their content: what they are, how large, and without what cameras
and programs write into them about people and places. Nothing is decoded."""

from cascade.library.pictures.kinds import Broken, Found, examine

__all__ = ["Broken", "Found", "examine"]
