"""What is kept of a person: a keyed hash of an IIN, and nothing else."""

from __future__ import annotations

from hmac import digest
from typing import Final

IIN_DIGITS: Final = 12
_FIRST_WEIGHTS: Final = tuple(range(1, 12))
_SECOND_WEIGHTS: Final = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_NO_REMAINDER: Final = 10
_HASH_BYTES: Final = 16


def iin_is_valid(iin: str) -> bool:
    """Whether the 12th digit is the checksum of the first 11, weighed once or, failing, twice.

    The sum is taken modulo 11; a number whose second remainder is 10 too is never issued.
    """
    if len(iin) != IIN_DIGITS or not (iin.isascii() and iin.isdigit()):
        return False
    digits = [int(digit) for digit in iin]
    check = _remainder(digits, _FIRST_WEIGHTS)
    if check == _NO_REMAINDER:
        check = _remainder(digits, _SECOND_WEIGHTS)
    return check == digits[-1]


def _remainder(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(a * b for a, b in zip(digits, weights, strict=False)) % 11


def keyed_hash(secret: str, iin: str) -> str:
    """32 hexadecimal digits that nobody without the secret can try IINs against."""
    return digest(secret.encode(), b"iin:" + iin.encode(), "sha256")[:_HASH_BYTES].hex()
