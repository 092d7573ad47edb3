"""The bytes of a file: found, unpacked where they are gzip, and decoded to text without guessing."""

import codecs
import gzip
import zlib
from pathlib import Path

from overtone.core.errors import UserError, nearest

SAMPLE = 4096  # bytes in which zero bytes are counted
CONTROL = frozenset(range(32)) - frozenset(
    b"\t\n\v\f\r\x1b"
)  # bytes that no text in any encoding of ASCII holds
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # before UTF-16, whose mark is the beginning of this one
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


def read_bytes(path: Path) -> bytes:
    """The unpacked bytes of a file; gzip is known by its magic number, whatever the file is called."""
    if path.is_dir():
        raise UserError(f"{path} is a folder; name one CSV, TSV, JSON, JSONL or Parquet file in it.")
    if not path.is_file():
        siblings = [file.name for file in path.parent.iterdir()] if path.parent.is_dir() else []
        raise UserError(f"there is no file {path}.{nearest(path.name, siblings)}")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from None
    return _unpack(path.name, content) if content.startswith(b"\x1f\x8b") else content


def _unpack(file: str, content: bytes) -> bytes:
    try:
        return gzip.decompress(content)
    except (EOFError, OSError, zlib.error):
        raise UserError(f"{file} is gzip, but damaged or incomplete; copy or download it again.") from None


def decode(file: str, content: bytes) -> str:
    """Text from UTF-8, or from UTF-16 and UTF-32 with a byte order mark; anything else is refused."""
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return _decode_marked(file, content[len(mark) :], encoding)
    if 4 * content[:SAMPLE].count(0) > len(content[:SAMPLE]):
        raise UserError(f"{file} looks like UTF-16 without a byte order mark; save it as UTF-8.")
    return _decode_marked(file, content, "utf-8")


def _decode_marked(file: str, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise UserError(
                f"{file} begins like {encoding.upper()} but is damaged at byte {error.start}; "
                "copy it again, or save it as UTF-8."
            ) from None
        raise UserError(_explain(file, content, error)) from None


def _explain(file: str, content: bytes, error: UnicodeDecodeError) -> str:
    """Which lines are not UTF-8, what the first bad bytes would be in Windows-1252, and the way out."""
    if any(byte in CONTROL for byte in content[:SAMPLE]):
        return f"{file} is no text but binary; name a CSV, TSV, JSON, JSONL or Parquet file."
    lines = content.split(b"\n")
    bad = [number for number, line in enumerate(lines, 1) if not _is_utf8(line)]
    mixed = sum(not line.isascii() for line in lines) > len(bad)
    named = ", ".join(map(str, bad[:5])) + (f" and {len(bad) - 5} more" if len(bad) > 5 else "")
    near = content[max(0, error.start - 12) : error.start + 12].decode("cp1252", errors="replace")
    convert = f"save the file as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 {file}"
    repair = "the other lines are UTF-8, so correct only the named"
    return (
        f"{file} is not UTF-8 in line{'s' * (len(bad) > 1)} {named} (first bad byte 0x"
        f"{content[error.start]:02x} at offset {error.start}; as Windows-1252 it reads "
        f"'{' '.join(near.split())}'); {repair if mixed else convert}"
    )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
