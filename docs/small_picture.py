"""Screenshots as small files: few colours, chosen so that none that is seen changes visibly, in WebP without loss."""
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage, QImageWriter, qRgb

COLORS = 64
LARGE_PX, FEWER = 3000, 32       # from this width on edges are so fine that half as many do
POPULAR = 0.7                    # of the colours are those that occur most
LOSSLESS = 100


def save_small(image: QImage, path: Path) -> int:
    """Write the image with the colours it uses most and those farthest from them, others as their nearest; gives the size in bytes."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)[:, :image.width()] & 0xFFFFFF
    found, where, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    channels = np.stack([(found >> shift) & 0xFF for shift in (16, 8, 0)], axis=1).astype(np.float64)
    chosen, nearest = palette(channels, counts, FEWER if image.width() >= LARGE_PX else COLORS)
    small = QImage(image.width(), image.height(), QImage.Format.Format_Indexed8)
    small.setColorTable([qRgb(*(int(c) for c in channels[index])) for index in chosen])
    rows = np.frombuffer(small.bits(), np.uint8).reshape(image.height(), small.bytesPerLine())
    rows[:, :image.width()] = nearest[where].reshape(pixels.shape)
    writer = QImageWriter(str(path), b"webp")
    writer.setQuality(LOSSLESS)
    if not writer.write(small):
        raise OSError(f"{path} cannot be written: {writer.errorString()}")
    return path.stat().st_size


def palette(channels: np.ndarray, counts: np.ndarray, colors: int) -> tuple[list[int], np.ndarray]:
    """Indices of at most so many of the colours (n, 3), and for each colour the place of its nearest among them."""
    chosen = [int(index) for index in np.argsort(-counts, kind="stable")[:round(POPULAR * colors)]]
    distance, nearest = np.full(len(channels), np.inf), np.zeros(len(channels), np.uint8)
    for place in range(min(colors, len(channels))):
        if place == len(chosen):
            chosen.append(int(np.argmax(distance * np.sqrt(counts))))
        new = ((channels - channels[chosen[place]]) ** 2).sum(axis=1)
        nearer = new < distance
        distance[nearer], nearest[nearer] = new[nearer], place
    return chosen, nearest
