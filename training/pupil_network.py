"""The pupil network: a small encoder and decoder with lateral inhibition."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTHS = (12, 24, 40, 64)


class LateralInhibition(nn.Module):
    """Each channel subtracts a learned share of its neighbourhood from itself (LI-Convs).

    The kernel over 3 x 3 is 1 in the middle and ``-w exp(-d^2 / 2)`` at distance ``d``, with one
    ``w`` in [0, 1] per channel; what falls below zero is cut (arXiv 2006.03708, equations 1-3).

    Args:
        channels: Of input and output.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.inhibition = nn.Parameter(torch.rand(channels, 1, 1, 1) * 0.05)
        step = torch.tensor([-1.0, 0.0, 1.0])
        zone = torch.exp(-(step[:, None] ** 2 + step[None, :] ** 2) / 2)
        zone[1, 1] = 0.0
        self.register_buffer("zone", zone[None, None])
        middle = torch.zeros(1, 1, 3, 3)
        middle[..., 1, 1] = 1.0
        self.register_buffer("middle", middle)

    def forward(self, features: Tensor) -> Tensor:
        """Sharpen features of shape ``(n, channels, height, width)``."""
        kernel = self.middle - self.inhibition.clamp(0.0, 1.0) * self.zone
        return functional.relu(
            functional.conv2d(features, kernel, padding=1, groups=features.shape[1])
        )


class Separable(nn.Module):
    """A depthwise and a pointwise convolution, each with batch norm; residual where it fits.

    Args:
        inputs: Channels in.
        outputs: Channels out.
        stride: Of the depthwise convolution.
        dilation: Of the depthwise convolution.
        is_inhibited: Lateral inhibition goes first.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        stride: int = 1,
        dilation: int = 1,
        is_inhibited: bool = False,
    ) -> None:
        super().__init__()
        self.is_residual = inputs == outputs and stride == 1
        self.inhibit = LateralInhibition(inputs) if is_inhibited else nn.Identity()
        self.layers = nn.Sequential(
            nn.Conv2d(inputs, inputs, 3, stride, dilation, dilation, groups=inputs, bias=False),
            nn.BatchNorm2d(inputs),
            nn.ReLU(),
            nn.Conv2d(inputs, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )

    def forward(self, features: Tensor) -> Tensor:
        """Map ``(n, inputs, height, width)`` to ``(n, outputs, height / stride, ...)``."""
        mapped = self.layers(self.inhibit(features))
        return functional.relu(features + mapped if self.is_residual else mapped)


class PupilNet(nn.Module):
    """From one picture to where the pupil is and whether the eye is open.

    Args:
        is_inhibited: Use lateral inhibition at the end of each level of the encoder.
    """

    def __init__(self, is_inhibited: bool = True) -> None:
        super().__init__()
        a, b, c, d = WIDTHS
        self.stem = nn.Sequential(
            nn.Conv2d(1, a, 3, 2, 1, bias=False), nn.BatchNorm2d(a), nn.ReLU()
        )
        self.at_2 = Separable(a, a, is_inhibited=is_inhibited)
        self.at_4 = nn.Sequential(
            Separable(a, b, stride=2), Separable(b, b, is_inhibited=is_inhibited)
        )
        self.at_8 = nn.Sequential(
            Separable(b, c, stride=2), Separable(c, c), Separable(c, c, is_inhibited=is_inhibited)
        )
        self.at_16 = nn.Sequential(
            Separable(c, d, stride=2),
            Separable(d, d, dilation=2),
            Separable(d, d, dilation=4),
            Separable(d, d, is_inhibited=is_inhibited),
        )
        self.to_8, self.to_4, self.to_2 = (
            nn.Conv2d(wide, narrow, 1) for wide, narrow in ((d, c), (c, b), (b, a))
        )
        self.up_8, self.up_4, self.up_2 = (Separable(width, width) for width in (c, b, a))
        self.mask = nn.Conv2d(a, 1, 1)
        self.openness = nn.Sequential(
            nn.Dropout(0.3), nn.Linear(2 * d, 32), nn.ReLU(), nn.Linear(32, 1)
        )

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits of the pupil's mask and of an open eye.

        Args:
            pictures: Normalised, shape ``(n, 1, 128, 128)``.

        Returns:
            Shapes ``(n, 1, 64, 64)`` and ``(n, 1)``.
        """
        at_2 = self.at_2(self.stem(pictures))
        at_4 = self.at_4(at_2)
        at_8 = self.at_8(at_4)
        at_16 = self.at_16(at_8)
        pooled = torch.cat([at_16.mean((2, 3)), at_16.amax((2, 3))], 1)
        up = self.up_8(_doubled(self.to_8(at_16)) + at_8)
        up = self.up_4(_doubled(self.to_4(up)) + at_4)
        up = self.up_2(_doubled(self.to_2(up)) + at_2)
        return self.mask(up), self.openness(pooled)


def _doubled(features: Tensor) -> Tensor:
    return functional.interpolate(features, scale_factor=2.0, mode="bilinear", align_corners=False)
