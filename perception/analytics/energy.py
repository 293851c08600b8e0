"""What sensing costs: joules from what was switched on, read out, sent and computed.

Every constant has a published source and the range that its sources span; :data:`PUBLISHED` is the
whole table. Left out for want of a figure that could be checked: the image signal processor, memory
traffic, displays and the losses of voltage conversion.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Constant:
    """One figure of hardware.

    Attributes:
        value: What is calculated with.
        low: Least of what is published.
        high: Most of what is published.
        source: Where it stands, and how it follows where it is derived.
    """

    value: float
    low: float
    high: float
    source: str

    def __post_init__(self) -> None:
        if not 0.0 <= self.low <= self.value <= self.high:
            raise ValueError(f"{self.value} must lie between {self.low} and {self.high}")


PUBLISHED: dict[str, Constant] = {
    "eye_camera_w": Constant(
        0.048,
        0.0072,
        0.132,
        "OMNIVISION OG0TB (press release, January 2022): below 7.2 mW at 30 frames/s of 400x400. "
        "Scaled here to 200 frames/s, which is too much as far as a sensor draws power at rest; "
        "high: a Sony IMX219 module, see scene_camera_w",
    ),
    "led_w": Constant(
        0.0264,
        0.0165,
        0.099,
        "EyeTrackVR (README, github.com/EyeTrackVR): 5 to 8 mA per eye, at 3.3 V; high: 30 mA at "
        "3.3 V, measured (electronics.stackexchange.com/q/708765)",
    ),
    "scene_camera_w": Constant(
        0.132,
        0.092,
        0.2,
        "Sony IMX219 on a Raspberry Pi Camera V2: 40 mA at 3.3 V while it streams, measured "
        "(atkin.engineer). By the hour and not by the pixel, since sensors are not energy-"
        "proportional (LiKamWa et al., MobiSys 2013); low: 30 % less at the best clock rate (the "
        "same); high: OmniVision OV7950 (datasheet 2.5, key specifications)",
    ),
    "scene_standby_w": Constant(
        0.005,
        0.0033,
        0.0066,
        "Sony IMX219 on a Raspberry Pi Camera V2: 1 to 2 mA at 3.3 V at rest, measured "
        "(atkin.engineer)",
    ),
    "readout_j_per_px": Constant(
        0.125e-9,
        0.1e-9,
        0.2e-9,
        "MIPI link: 100 pJ per byte (Gomez et al., arXiv 2203.07474), at 10 bits a pixel; low: 8 "
        "bits; high: 16 bits",
    ),
    "encoder_j_per_px": Constant(
        3.9e-9,
        2.3e-9,
        22.7e-9,
        "H.264 chips: 242 mW for 1080p at 30 Hz (Lin et al., ISSCC 2008); low: 64 mW for 720p at "
        "30 Hz (Mochizuki et al., JSSC 43(11), 2008); high: 1.41 W for 1080p at 30 Hz (Liu et al., "
        "JSSC 44(2), 2009); between them 4 mJ a frame of 720p (Hameed et al., CACM 54(10), 2011, "
        "table 1)",
    ),
    "radio_j_per_byte": Constant(
        2.24e-6,
        1.0e-6,
        5.16e-6,
        "Wi-Fi of a phone: 280 nJ a bit at 5 Mbit/s; high: 645 nJ a bit at 2 Mbit/s (Aalborg "
        "University, Energy measurements on mobile phones, parametrised model); low: 1 J per "
        "MByte (Macnica application note, 1 to 17 J per MByte)",
    ),
    "inference_j_per_mac": Constant(
        16.7e-12,
        1.0e-12,
        16.7e-12,
        "Google Coral USB Accelerator datasheet 1.4: 2 W at almost 400 MobileNet v2 a second, "
        "which has 300 million multiply-accumulates (Sandler et al., CVPR 2018); low: its peak "
        "of 2 TOPS per watt, two operations each",
    ),
    "cpu_w": Constant(
        0.845,
        0.311,
        0.93,
        "One large core of a phone under CoreMark: 845 mW at 2.4 GHz; low: 311 mW at 1.4 GHz "
        "(freqbench, gist.github.com/kondors1995); high: Raspberry Pi 4, 6.4 W on four cores less "
        "2.7 W idle (pidramble.com)",
    ),
    "imu_w": Constant(
        0.00123,
        0.00117,
        0.00226,
        "Bosch BMI270 (BST-BMI270-DS000, 1.3): 685 uA in full operation, at 1.8 V; low: at 1.71 V; "
        "high: at 3.3 V",
    ),
}


@dataclass(frozen=True, slots=True)
class EnergyConstants:
    """The constants of one device; the defaults are those published.

    Attributes:
        eye_camera_w: One eye camera while it is on.
        led_w: The infrared light of one eye while it is on.
        scene_camera_w: The scene camera while it is on.
        scene_standby_w: The scene camera at rest.
        readout_j_per_px: One pixel from any camera to the processor.
        encoder_j_per_px: One pixel through the H.264 encoder.
        radio_j_per_byte: One byte sent.
        inference_j_per_mac: One multiply-accumulate on an accelerator.
        cpu_w: One core at work.
        imu_w: The motion sensor while it is on.
    """

    eye_camera_w: float = PUBLISHED["eye_camera_w"].value
    led_w: float = PUBLISHED["led_w"].value
    scene_camera_w: float = PUBLISHED["scene_camera_w"].value
    scene_standby_w: float = PUBLISHED["scene_standby_w"].value
    readout_j_per_px: float = PUBLISHED["readout_j_per_px"].value
    encoder_j_per_px: float = PUBLISHED["encoder_j_per_px"].value
    radio_j_per_byte: float = PUBLISHED["radio_j_per_byte"].value
    inference_j_per_mac: float = PUBLISHED["inference_j_per_mac"].value
    cpu_w: float = PUBLISHED["cpu_w"].value
    imu_w: float = PUBLISHED["imu_w"].value

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name) >= 0.0:
                raise ValueError(f"{field.name} must be 0 or more")

    def changed(self, **values: float) -> EnergyConstants:
        """Return the constants with some replaced by those of another device."""
        return replace(self, **values)


@dataclass(frozen=True, slots=True)
class Usage:
    """What was done over some time; everything counts from 0.

    Attributes:
        eye_camera_s: On-time, summed over the eye cameras.
        led_s: On-time of infrared light, summed over the eyes.
        scene_camera_s: On-time of the scene camera.
        scene_standby_s: Time for which it stood by.
        imu_s: On-time of the motion sensor.
        eye_pixels: Pixels read out of the eye cameras.
        scene_pixels: Pixels read out of the scene camera.
        encoded_pixels: Pixels given to the video encoder.
        bytes_sent: Bytes over the radio.
        macs: Multiply-accumulates of networks.
        cpu_s: Time of one core on everything else.
    """

    eye_camera_s: float = 0.0
    led_s: float = 0.0
    scene_camera_s: float = 0.0
    scene_standby_s: float = 0.0
    imu_s: float = 0.0
    eye_pixels: float = 0.0
    scene_pixels: float = 0.0
    encoded_pixels: float = 0.0
    bytes_sent: float = 0.0
    macs: float = 0.0
    cpu_s: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        """Return what was done in both."""
        sums = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        return Usage(**sums)

    def scaled(self, factor: float) -> Usage:
        """Return the same over ``factor`` times the time."""
        return Usage(**{f.name: getattr(self, f.name) * factor for f in fields(self)})


@dataclass(frozen=True, slots=True)
class Split:
    """Joules by part."""

    eye_camera_j: float
    leds_j: float
    scene_camera_j: float
    encoder_j: float
    radio_j: float
    inference_j: float
    cpu_j: float
    imu_j: float

    @property
    def total_j(self) -> float:
        """All parts together."""
        return float(sum(getattr(self, field.name) for field in fields(self)))


class EnergyModel:
    """Turns usage into joules: power times on-time, and energy per pixel, byte and operation.

    Example:
        >>> EnergyModel().joules(Usage(scene_camera_s=3600.0)).total_j
        475.2

    Args:
        constants: Of the device; those published without.
    """

    def __init__(self, constants: EnergyConstants | None = None) -> None:
        self.constants = constants or EnergyConstants()

    def joules(self, usage: Usage) -> Split:
        """Return what a usage costs."""
        c = self.constants
        scene_on_j = usage.scene_camera_s * c.scene_camera_w
        scene_standby_j = usage.scene_standby_s * c.scene_standby_w
        return Split(
            eye_camera_j=usage.eye_camera_s * c.eye_camera_w
            + usage.eye_pixels * c.readout_j_per_px,
            leds_j=usage.led_s * c.led_w,
            scene_camera_j=scene_on_j + scene_standby_j + usage.scene_pixels * c.readout_j_per_px,
            encoder_j=usage.encoded_pixels * c.encoder_j_per_px,
            radio_j=usage.bytes_sent * c.radio_j_per_byte,
            inference_j=usage.macs * c.inference_j_per_mac,
            cpu_j=usage.cpu_s * c.cpu_w,
            imu_j=usage.imu_s * c.imu_w,
        )
