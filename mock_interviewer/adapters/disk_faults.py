"""What to do where the disk refuses: not every refusal is a full disk."""

from __future__ import annotations

import errno

_REMEDIES = {
    errno.ENOSPC: "Free some space",
    errno.EDQUOT: "Free some space",
    errno.EACCES: "See to its permissions",
    errno.EPERM: "See to its permissions",
    errno.EROFS: "Make its disk writable",
    errno.EEXIST: "Move away the file that is in the way",
    errno.ENOTDIR: "Move away the file that is in the way",
    errno.EISDIR: "Move away the folder that is in the way",
}


def remedy_or(error: OSError, otherwise: str) -> str:
    """What to do about it as the beginning of a sentence, or what helps in any case.

    >>> remedy_or(OSError(errno.ENOSPC, "No space left on device"), "choose another place")
    'Free some space or choose another place'
    >>> remedy_or(OSError(errno.EIO, "Input/output error"), "choose another place")
    'Choose another place'
    """
    remedy = _REMEDIES.get(error.errno or 0)
    return f"{remedy} or {otherwise}" if remedy else otherwise[:1].upper() + otherwise[1:]
