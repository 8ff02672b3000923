"""Turns a file's bytes into lines of text, in the encoding that they have for certain; it knows no format."""

import codecs
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lib.orders_api.importing.errors import ImportFileError
from lib.orders_api.importing.reading.opening import unreadable

MAX_LINE = 10 * 1024 * 1024
BEGINNING = 1 << 16
SAVE_AS_UTF8 = 'in Excel: File, Save as, "CSV UTF-8 (Comma delimited)"'
UTF_8 = "utf-8-sig"
LEGACY = ("cp1252", "mac_roman")
"""Of Western Windows and of old Macs: what Excel writes as "CSV" where it is not told to write UTF-8."""

_CHUNK = 1 << 20
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_BEFORE_WORDS, _AFTER_WORDS, _WITHIN_WORDS = "“‘„«", "”’»…°ºª®™", re.compile("[’–]")
_ALONE = "–—€£"
_NOT_WESTERN = "ƒıﬁﬂŸˆ"
# What a Mac's small letters are on Windows, and the other way: a capital within a word.
_STRAY_CAPITAL = re.compile("(?<=[a-zß-ÿ])[À-ÞŒŠŽ]|(?<=[A-ZÀ-Þ])[À-ÞŒŠŽ](?=[a-zß-ÿ])")


@dataclass(frozen=True)
class Line:
    """A line of the file with its end; `content` is None where it is longer than MAX_LINE characters."""

    number: int
    content: str | None


class Lines:
    """The text of a file, from its beginning: line by line, or whole."""

    def __init__(self, file: BinaryIO, encoding: str, path: Path) -> None:
        self._bytes = file
        self._path = path
        self.total = file.seek(0, io.SEEK_END)
        file.seek(0)
        # Old Macs end lines with a carriage return; every kind of end is kept as it is.
        errors = "surrogateescape" if encoding == UTF_8 else "strict"
        self.ended = True
        """Whether the last line that was read had an end."""
        self._text = io.TextIOWrapper(file, encoding, errors, newline="")

    def __iter__(self) -> Iterator[Line]:
        """Yield each line once.

        Raises:
            ImportFileError: the file can't be read any further.
        """
        number = 0
        while content := self._read(MAX_LINE + 1):
            number += 1
            whole = len(content) <= MAX_LINE
            self.ended = content[-1] in "\r\n"
            yield Line(number, content if whole else None)
            while not whole and content and content[-1] not in "\r\n":
                content = self._read(MAX_LINE)

    def beginning(self) -> str:
        """Return the text with which the file begins."""
        self.rewind()
        text = self._text.read(BEGINNING)
        self.rewind()
        return text

    def rewind(self) -> None:
        """Go back to the beginning."""
        self._text.seek(0)

    def whole(self) -> str:
        """Return the text of the whole file."""
        return self._text.read()

    def done(self) -> int:
        """Return how many bytes were read."""
        return self._bytes.tell()

    def close(self) -> None:
        """Release the file, which stays open."""
        self._text.detach()

    def _read(self, limit: int) -> str:
        try:
            return self._text.readline(limit)
        except (OSError, UnicodeError) as error:
            raise unreadable(self._path, error) from None


def encoding_of(file: BinaryIO, path: Path, is_western: Callable[[str], bool]) -> str:
    """Return the encoding of a file.

    Args:
        file: the file, open.
        path: its name, for errors.
        is_western: tells whether the file, read in an encoding, is of countries that this encoding was for.

    Raises:
        ImportFileError: it is empty, no text, or of an encoding that can't be told for certain.
    """
    file.seek(0)
    beginning = file.read(BEGINNING)
    encoding = _by_nulls(beginning, path)
    if _is_all(file, encoding or UTF_8):
        return encoding or UTF_8
    if encoding is not None:
        raise ImportFileError(f"{path}: is UTF-16, but broken: save it again ({SAVE_AS_UTF8})")
    if beginning.lstrip()[:1] in (b"{", b"[") or _is_mostly_utf8(file):
        return UTF_8  # a few bytes of it are broken, which cost their own rows
    fitting = [name for name in LEGACY if _reads_well(file, name)]
    if len(fitting) != 1 or not is_western(fitting[0]):
        raise ImportFileError(
            f"{path}: is not UTF-8, and in which other encoding it is can't be told for certain:"
            f" save it as UTF-8 ({SAVE_AS_UTF8})"
        )
    return fitting[0]


def _by_nulls(beginning: bytes, path: Path) -> str | None:
    """Tell UTF-16, with or without its mark, by what text in UTF-8 never holds."""
    if len(beginning) < BEGINNING and not beginning.removeprefix(codecs.BOM_UTF8).strip():
        raise ImportFileError(f"{path}: is empty")
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    size, even, odd = len(beginning), beginning[::2].count(0), beginning[1::2].count(0)
    for encoding, nulls, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if nulls > 0.4 * size and others < 0.01 * size:
            return encoding
    if even + odd > 0.1 * size:
        raise ImportFileError(f"{path}: is no text")
    return None


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _is_all(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(file):
            decoder.decode(chunk)
        decoder.decode(b"", True)
    except UnicodeError:
        return False
    return True


def _is_mostly_utf8(file: BinaryIO) -> bool:
    """Return whether as much beyond ASCII is UTF-8 as is not: of other encodings some is, by chance."""
    good = broken = 0
    for chunk in _chunks(file):
        beyond = _BEYOND_ASCII.findall(chunk.decode("utf-8", "surrogateescape"))
        wrong = sum("\ud800" <= character <= "\udfff" for character in beyond)
        good, broken = good + len(beyond) - wrong, broken + wrong
    return good >= broken


def _reads_well(file: BinaryIO, encoding: str) -> bool:
    """Return whether all words with bytes beyond ASCII are words, read in this encoding."""
    return all(_is_word(word, encoding) for chunk in _chunks(file) for word in set(_WORD.findall(chunk)))


def _is_word(word: bytes, encoding: str) -> bool:
    try:
        text = word.decode(encoding)
    except UnicodeDecodeError:
        return False
    # Marks stand where they belong: read in the wrong encoding, a letter becomes one that stands elsewhere.
    marked = text.lstrip(_BEFORE_WORDS).rstrip(_AFTER_WORDS)
    for part in _WITHIN_WORDS.split(marked.strip(_ALONE) and marked):
        beyond = [character for character in part if character > "\x7f"]
        if any(not _is_western(character) for character in beyond) or _STRAY_CAPITAL.search(part):
            return False
        # Cyrillic or Greek, taken for this encoding, is nothing but letters with accents.
        if len(beyond) == len(part) > 1:
            return False
    return True


def _is_western(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN ") and character not in _NOT_WESTERN
