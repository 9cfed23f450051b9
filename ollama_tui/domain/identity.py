"""Ids that two instances can make at once: UUIDs of version 7 (RFC 9562), which sort by the time they were made."""

import os
import time
import uuid


def new_id() -> str:
    """A fresh UUIDv7 as text: 48 bits of Unix time in milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def now() -> int:
    """The time in milliseconds since 1970, UTC: what is kept. Elapsed times come from a monotonic clock instead."""
    return time.time_ns() // 1_000_000
