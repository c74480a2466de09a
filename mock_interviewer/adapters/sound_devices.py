"""Microphones and loudspeakers, by name: their numbers change when one is plugged in.

PortAudio keeps the list it made when it was first asked; the list is made anew at each question,
which is safe because no stream lives in this process (see sound_child).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mock_interviewer.errors import DeviceFault, UnknownName


@dataclass(frozen=True)
class SoundDevice:
    """A microphone, a loudspeaker or both."""

    name: str
    host_api: str
    """The sound system it is reached through: 'ALSA', 'Core Audio', 'Windows WASAPI'."""
    inputs: int
    """Channels that can be recorded; 0 for a loudspeaker."""
    outputs: int
    """Channels that can be played; 0 for a microphone."""
    rate_hz: int
    """The rate it likes best."""
    is_default_input: bool
    is_default_output: bool


def port_audio() -> Any:
    """The sounddevice module. Raises DeviceFault where PortAudio is missing."""
    try:
        import sounddevice
    except OSError:
        raise DeviceFault(
            "The sound library PortAudio is missing; install it "
            "(Debian, Ubuntu: sudo apt install libportaudio2)."
        ) from None
    except ImportError:
        raise DeviceFault(
            "The package sounddevice is missing; run: pip install sounddevice"
        ) from None
    return sounddevice


def devices() -> tuple[SoundDevice, ...]:
    """All that is plugged in now. Raises DeviceFault where the sound system cannot be asked."""
    sounddevice = port_audio()
    try:
        sounddevice._terminate()  # the only way to a fresh list
        sounddevice._initialize()
        apis = sounddevice.query_hostapis()
        found = list(sounddevice.query_devices())
        default_input, default_output = sounddevice.default.device
    except sounddevice.PortAudioError as error:
        raise DeviceFault(f"The sound system cannot be asked ({plain(error)}).") from None
    default_input = default_input if default_input >= 0 else _first_default(apis, "input")
    default_output = default_output if default_output >= 0 else _first_default(apis, "output")
    return tuple(
        SoundDevice(
            name=str(device["name"]),
            host_api=str(apis[device["hostapi"]]["name"]),
            inputs=int(device["max_input_channels"]),
            outputs=int(device["max_output_channels"]),
            rate_hz=round(device["default_samplerate"]),
            is_default_input=index == default_input,
            is_default_output=index == default_output,
        )
        for index, device in enumerate(found)
    )


def find_input(name: str | None) -> SoundDevice:
    """The microphone with this name, or part of it; None: the system's own choice.

    Raises UnknownName with the names there are; DeviceFault where there is no microphone at all.
    """
    found = devices()
    return found[index_of(found, name, is_input=True)]


def find_output(name: str | None) -> SoundDevice:
    """The loudspeaker with this name, or part of it; None: the system's own choice.

    Raises UnknownName with the names there are; DeviceFault where there is no loudspeaker at all.
    """
    found = devices()
    return found[index_of(found, name, is_input=False)]


def index_of(found: tuple[SoundDevice, ...], name: str | None, *, is_input: bool) -> int:
    """Where the device stands in a list that was made just now; raises as find_input does.

    A whole name goes before a part of one, and the system's choice before others.
    """
    what = "microphone" if is_input else "loudspeaker"
    usable = [
        index
        for index, device in enumerate(found)
        if (device.inputs if is_input else device.outputs) > 0
    ]
    if not usable:
        raise DeviceFault(f"There is no {what}; plug one in and try again.")

    def is_default(index: int) -> bool:
        device = found[index]
        return device.is_default_input if is_input else device.is_default_output

    if name is None:
        return next(filter(is_default, usable), usable[0])
    wanted = name.casefold()
    for matches in (
        [index for index in usable if found[index].name.casefold() == wanted],
        [index for index in usable if wanted in found[index].name.casefold()],
    ):
        if matches:
            return next(filter(is_default, matches), matches[0])
    names = ", ".join(dict.fromkeys(found[index].name for index in usable))
    raise UnknownName(f"There is no {what} named '{name}'; there are: {names}.")


def input_after(found: tuple[SoundDevice, ...], name: str | None) -> int:
    """The microphone that follows the one of this name in the list, the first after the last.

    Raises DeviceFault where there is no other.
    """
    usable = [index for index, device in enumerate(found) if device.inputs > 0]
    here = next((at for at, index in enumerate(usable) if found[index].name == name), -1)
    for index in (*usable[here + 1 :], *usable[: max(here, 0)]):
        if found[index].name != name:
            return index
    raise DeviceFault("There is no other microphone; plug one in and try again.")


def plain(error: Exception) -> str:
    """PortAudio's own words without its numbers.

    >>> plain(RuntimeError("Error opening InputStream: Invalid device [PaErrorCode -9996]"))
    'Invalid device'
    """
    text = str(error.args[0] if error.args else error).split(" [")[0]
    return (
        text.removeprefix("Error opening InputStream: ")
        .removeprefix("Error opening RawInputStream: ")
        .removeprefix("Error opening RawOutputStream: ")
    )


def _first_default(apis: Any, direction: str) -> int:
    return next(
        (
            int(api[f"default_{direction}_device"])
            for api in apis
            if api[f"default_{direction}_device"] >= 0
        ),
        -1,
    )
