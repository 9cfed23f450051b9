"""Pictures made small enough to be drawn in cells."""

import io


def shrink(content: bytes, width: int, height: int) -> tuple[int, int, bytes] | None:
    """A picture within `width` by `height` pixels: its size and its rows of red, green and blue bytes.

    None for what is no picture that can be read. Pillow is imported here: only who attaches a picture pays for it.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content)) as image:
            image.draft("RGB", (width, height))  # lets a JPEG be decoded at a fraction of its size
            small = image.convert("RGBA")
            small.thumbnail((width, height))
            ground = Image.new("RGBA", small.size, "black")
            pixels = Image.alpha_composite(ground, small).convert("RGB")
            return pixels.width, pixels.height, pixels.tobytes()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, EOFError):
        return None  # Pillow raises SyntaxError for broken PNG chunks
