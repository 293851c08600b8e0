"""Pictures of eyes made harder: other faces, cameras, lights, lashes and reflections."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

SIDE_PX = 128
MARGIN_PX = 8.0

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One picture for training.

    Attributes:
        picture: Gray levels 0 to 255, shape ``(128, 128)``.
        mask: Share of each pixel that is pupil, shape ``(128, 128)``.
        tells_blink: Whether the lids were left as they were annotated.
    """

    picture: Floats
    mask: Floats
    tells_blink: bool


class Hardener:
    """Draws a random variant of a picture.

    Args:
        seed: Of every draw.
    """

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)

    def __call__(self, picture: npt.NDArray[np.uint8], mask: npt.NDArray[np.bool_]) -> Example:
        """Return a variant of one picture and of its mask."""
        changed, drawn = self._moved(picture.astype(np.float32), mask.astype(np.float32))
        if drawn.any() and self._chance(0.6):
            changed = self._other_eye(changed, drawn)
        covers = self._chance(0.12)
        if covers:
            changed, drawn = self._lowered_lid(changed, drawn)
        if self._chance(0.5):
            changed = self._lit(changed)
        if self._chance(0.4):
            changed = self._lashes(changed)
        if self._chance(0.6):
            changed = self._glare(changed)
        return Example(self._through_camera(changed), drawn, tells_blink=not covers)

    def _chance(self, share: float) -> bool:
        return bool(self._random.random() < share)

    def _between(self, low: float, high: float) -> float:
        return float(self._random.uniform(low, high))

    def _moved(self, picture: Floats, mask: Floats) -> tuple[Floats, Floats]:
        """Turn, mirror, squeeze as seen off the axis, scale and shift; the pupil stays inside."""
        turn = np.radians(self._random.normal(0, 14))
        squeeze_along = self._between(0, np.pi)
        size = float(np.exp(self._between(np.log(0.7), np.log(1.55))))
        mirror = np.diag([-1.0 if self._chance(0.5) else 1.0, 1.0])
        across = np.diag([size, size * self._between(0.68, 1.0)])
        linear = _rotation(turn) @ _rotation(squeeze_along) @ across @ _rotation(-squeeze_along)
        linear = linear @ mirror
        anchor = _centre(mask)
        goal = np.clip(
            anchor @ mirror.T
            + (mirror[0, 0] < 0) * np.array([SIDE_PX - 1.0, 0.0])
            + self._random.normal(0, 12, 2),
            MARGIN_PX,
            SIDE_PX - 1 - MARGIN_PX,
        )
        matrix = np.column_stack([linear, goal - linear @ anchor])
        size_px = (SIDE_PX, SIDE_PX)
        # A mirrored border would show a second pupil.
        moved = cv2.warpAffine(picture, matrix, size_px, borderMode=cv2.BORDER_REPLICATE)
        return moved, cv2.warpAffine(mask, matrix, size_px, borderMode=cv2.BORDER_CONSTANT)

    def _other_eye(self, picture: Floats, mask: Floats) -> Floats:
        """Make the iris lighter or darker, and the pupil of another depth."""
        x, y = _centre(mask)
        radius = np.sqrt(mask.sum() / np.pi)
        iris = _soft_disc(x, y, radius * self._between(1.7, 3.2), self._between(1.0, 4.0))
        pupil = cv2.GaussianBlur(mask, (0, 0), 1.0)
        skin = float(np.median(picture))
        shade = self._between(-0.4, 0.4)
        changed = picture + (iris - pupil).clip(0, 1) * shade * (skin - picture.min())
        depth = self._between(-0.4, 0.25)
        deeper = pupil * depth * (skin - float(picture[mask > 0.5].mean()))
        return np.asarray(changed + deeper, np.float32)

    def _lowered_lid(self, picture: Floats, mask: Floats) -> tuple[Floats, Floats]:
        """Draw an upper lid down to the pupil, at most over two fifths of it."""
        rows = np.flatnonzero(mask.any(axis=1))
        top, bottom = (rows[0], rows[-1]) if len(rows) else (60, 70)
        edge = top + (bottom - top) * self._between(-0.6, 0.4)
        columns = np.arange(SIDE_PX) - self._between(30, 98)
        line = edge + self._between(-0.25, 0.25) * columns + self._between(0, 0.006) * columns**2
        lid = 1 / (1 + np.exp((np.arange(SIDE_PX)[:, None] - line[None]) / self._between(0.5, 1.5)))
        skin = cv2.GaussianBlur(picture, (0, 0), 12) * self._between(0.85, 1.1)
        skin = np.maximum(skin, float(np.median(picture)) * 0.8)
        edge_shade = 1 - self._between(0, 0.5) * 4 * lid * (1 - lid)
        covered = (picture * (1 - lid) + skin * lid) * edge_shade
        return covered.astype(np.float32), (mask * (1 - lid)).astype(np.float32)

    def _lit(self, picture: Floats) -> Floats:
        """Light from one side, or fall-off towards the border."""
        x, y = self._random.uniform(-30, SIDE_PX + 30, 2)
        fall = _soft_disc(x, y, self._between(20, 90), self._between(20, 50))
        return picture * (1 + self._between(-0.5, 0.5) * fall)

    def _lashes(self, picture: Floats) -> Floats:
        """Draw curved strokes from the upper or the lower lid."""
        canvas = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
        down = 1.0 if self._chance(0.7) else -1.0
        root_row = self._between(-5, 50) if down > 0 else self._between(80, 132)
        lean, spacing = self._random.normal(0, 0.5), self._between(3, 12)
        thickness = int(self._random.integers(1, 3))
        for column in np.arange(self._between(0, 50), self._between(70, SIDE_PX), spacing):
            length, bend = self._between(10, 50), self._between(-0.02, 0.02)
            along = np.linspace(0, length, 6)
            across = column + lean * along + bend * along**2 + self._random.normal(0, 1)
            points = np.stack([across, root_row + down * along], axis=1)
            cv2.polylines(
                canvas,
                [np.round(points * 8).astype(np.int32)],
                False,
                255,
                thickness,
                cv2.LINE_AA,
                3,
            )
        alpha = cv2.GaussianBlur(canvas, (0, 0), self._between(0.4, 1.2)).astype(np.float32) / 255
        drawn = alpha * self._between(0.4, 0.95) * (self._between(10, 70) - picture)
        return np.asarray(picture + drawn, np.float32)

    def _glare(self, picture: Floats) -> Floats:
        """Add reflections: points of the lamps, and now and then a window."""
        changed = picture
        for _ in range(self._random.integers(1, 6)):
            x, y = self._random.uniform(0, SIDE_PX, 2)
            spot = _soft_disc(x, y, self._between(0.7, 5.0), self._between(0.3, 1.2))
            changed = changed + spot * self._between(0.4, 1.0) * (255 - changed)
        if self._chance(0.25):
            corners = self._random.uniform(0, SIDE_PX, 2) + self._random.normal(0, 12, (5, 2))
            canvas = np.zeros((SIDE_PX, SIDE_PX), np.float32)
            cv2.fillConvexPoly(canvas, cv2.convexHull(corners.astype(np.int32)), 1.0)
            window = cv2.GaussianBlur(canvas, (0, 0), self._between(0.6, 3.0))
            changed = changed + window * self._between(0.1, 0.6) * (255 - changed)
        return changed

    def _through_camera(self, picture: Floats) -> Floats:
        """Blur, coarsen, change gain and gamma, add noise."""
        seen = picture
        if self._chance(0.4):
            sigma_x, sigma_y = self._random.uniform(0.3, 2.4, 2)
            seen = cv2.GaussianBlur(seen, (0, 0), sigma_x, sigmaY=sigma_y)
        if self._chance(0.15):
            seen = _smeared(seen, int(self._random.integers(3, 9)), self._between(0, 180))
        if self._chance(0.2):
            side = int(self._random.integers(48, 110))
            seen = cv2.resize(
                cv2.resize(seen, (side, side), interpolation=cv2.INTER_AREA),
                (SIDE_PX, SIDE_PX),
                interpolation=cv2.INTER_LINEAR,
            )
        gamma = float(np.exp(self._random.normal(0, 0.25)))
        gain = float(np.exp(self._between(np.log(0.15), np.log(1.4))))
        bent = 255 * (np.clip(seen, 0, 255) / 255) ** gamma
        seen = np.asarray(bent * gain + self._between(-15, 20), np.float32)
        if self._chance(0.6):
            noise = self._random.standard_normal((SIDE_PX, SIDE_PX), np.float32)
            seen = seen + noise * self._between(0.5, 9.0)
        return np.round(np.clip(seen, 0, 255)).astype(np.float32)


def _rotation(angle: float) -> npt.NDArray[np.float64]:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _centre(mask: Floats) -> npt.NDArray[np.float64]:
    """Return column and row of the mask's centre, or the picture's."""
    moments = cv2.moments(mask)
    if moments["m00"] == 0:
        return np.full(2, (SIDE_PX - 1) / 2)
    return np.array([moments["m10"], moments["m01"]], np.float64) / float(moments["m00"])


def _soft_disc(x: float, y: float, radius: float, softness: float) -> Floats:
    columns, rows = np.arange(SIDE_PX) - x, np.arange(SIDE_PX)[:, None] - y
    distance = np.sqrt(columns**2 + rows**2)
    inside = np.clip((radius - distance) / softness, -20, 20)
    return (1 / (1 + np.exp(-inside))).astype(np.float32)


def _smeared(picture: Floats, length: int, angle_deg: float) -> Floats:
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1 / length
    middle = ((length - 1) / 2, (length - 1) / 2)
    turned = cv2.warpAffine(kernel, cv2.getRotationMatrix2D(middle, angle_deg, 1), (length, length))
    smeared = cv2.filter2D(picture, -1, turned / max(float(turned.sum()), 1e-6))
    return np.asarray(smeared, np.float32)
