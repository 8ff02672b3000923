"""From bytes to rows and values: encodings, separators, line ends, broken rows, pipes; without any store."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import pytest

from lib.orders_api.importing.errors import ImportFileError
from lib.orders_api.importing.reading.csv_rows import MAX_LINES_PER_ROW, CsvRows, Row
from lib.orders_api.importing.reading.decoding import MAX_LINE, Line, Lines, encoding_of
from lib.orders_api.importing.reading.opening import Patience, opened
from lib.orders_api.importing.recognising import is_western

NAME = Path("orders.csv")


def rows_of(content: bytes) -> list[Row]:
    file = io.BytesIO(content)
    return list(CsvRows(iter(Lines(file, encoding(content), NAME))).rows())


def encoding(content: bytes) -> str:
    file = io.BytesIO(content)
    return encoding_of(file, NAME, lambda name: is_western(file, name, NAME))


def good_lines(content: bytes) -> list[int]:
    return [row.line for row in rows_of(content) if row.problem is None]


def test_a_quoted_line_break_keeps_its_row_together_and_the_next_rows_line_right() -> None:
    rows = rows_of(b'a,b\r\n1,"x\r\ny ""z"""\r\n2,w\r\n')
    assert [(row.line, row.cells) for row in rows] == [
        (1, ["a", "b"]),
        (2, ["1", 'x\r\ny "z"']),
        (4, ["2", "w"]),
    ]


@pytest.mark.parametrize(
    "broken",
    [b'1,"never closed', b'1,"closed" too early', b"1", b"1,2,3", b"1,\xff", b'1,"a\nb",3', b'"x"y,"'],
)
def test_a_broken_row_is_given_up_alone(broken: bytes) -> None:
    content = "a,ß\n".encode() + broken + b"\n7,8\n9,10\n"
    kept = [row.cells for row in rows_of(content) if row.problem is None]
    assert kept == [["a", "ß"], ["7", "8"], ["9", "10"]]
    assert next(row.line for row in rows_of(content) if row.problem is not None) == 2


def test_a_quotation_mark_that_is_never_closed_swallows_no_row_of_a_long_file() -> None:
    content = b"a,b\n" + b'1,"open\n' + b"2,3\n" * (3 * MAX_LINES_PER_ROW)
    assert len(good_lines(content)) == 1 + 3 * MAX_LINES_PER_ROW


def test_a_huge_field_or_line_is_given_up_alone() -> None:
    assert good_lines(b"a,b\n1," + b"x" * 200_000 + b"\n2,3\n") == [1, 3]
    lines = Lines(io.BytesIO(b"a\n" + b"x" * (MAX_LINE + 10) + b"\r\nb\n"), "utf-8-sig", NAME)
    assert list(lines) == [Line(1, "a\n"), Line(2, None), Line(3, "b\n")]
    rows = CsvRows(iter([Line(1, "a,b\n"), Line(2, None), Line(3, "2,3\n")])).rows()
    assert [(row.line, row.problem) for row in rows] == [(1, None), (2, "the line is too long"), (3, None)]


def test_blank_rows_are_passed_over() -> None:
    assert good_lines(b"\n,\na,b\n\n , \n1,2\n") == [3, 6]


TABLE = [["Name", "City", "Country"], ["#1", "Köln, Süd", "DE"], ["#2", 'Zoë "Z"', "FR"]]


def written(separator: str = ",", end: str = "\n") -> str:
    def cell(text: str) -> str:
        quoted = any(mark in text for mark in (separator, '"', "\n"))
        return '"' + text.replace('"', '""') + '"' if quoted else text

    return "".join(separator.join(map(cell, row)) + end for row in TABLE)


def in_one_cell(text: str, more: str = "") -> str:
    return "".join(f'"{line.replace(chr(34), chr(34) * 2)}"{more}\n' for line in text.splitlines())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(written(";", "\r\n").encode(), id="semicolons"),
        pytest.param(written("\t").encode(), id="tabs"),
        pytest.param(("sep=;\r\n" + written(";")).encode(), id="sep= that is right"),
        pytest.param(('"SEP=,"\n' + written(",")).encode(), id="sep= in quotes"),
        pytest.param(written(end="\r").encode(), id="old Mac line ends"),
        pytest.param(written().encode("utf-8-sig"), id="UTF-8 with its mark"),
        pytest.param(written("\t", "\r\n").encode("utf-16"), id="UTF-16, as Excel's Unicode text"),
        pytest.param(written().encode("utf-16-be"), id="UTF-16 without a mark"),
        pytest.param(written(";").encode("cp1252"), id="cp1252"),
        pytest.param(written(";", "\r").encode("mac_roman"), id="an old Mac's letters"),
        pytest.param(in_one_cell(written()).encode(), id="each row in one cell"),
        pytest.param(
            (",".join(TABLE[0]) + "\n" + in_one_cell(written().partition("\n")[2])).encode(),
            id="each row but the first in one cell",
        ),
        pytest.param(
            (",".join(TABLE[0]) + "\n" + in_one_cell(written().partition("\n")[2], ";;")).encode(),
            id="each row in one cell, with empty ones of the spreadsheet's behind it",
        ),
    ],
)
def test_files_as_spreadsheets_leave_them_are_read_as_they_were_meant(content: bytes) -> None:
    assert [row.cells for row in rows_of(content) if row.problem is None] == TABLE


@pytest.mark.parametrize(
    "words",
    [
        "Élodie Müller, Óscar, Çelik, Ñandú",
        "école, été, à Liège, œuvre",
        "Søren Ærø, Åse, MÜLLER, Straße",
        "O’Brien “Süd”, l’été – 5 €, João",
    ],
)
@pytest.mark.parametrize("name", ["cp1252", "mac_roman"])
def test_words_of_western_europe_are_read_in_the_one_encoding_in_which_they_are_words(
    words: str, name: str
) -> None:
    content = f'Name,City,Country\n#1,"{words}",FR\n'.encode(name)
    assert encoding(content) == name
    assert rows_of(content)[1].cells[1] == words


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("Name,City,Country\n#1,Łódź,PL\n".encode("cp1250"), id="Polish Windows"),
        pytest.param("Name,City,Country\n#1,Řež,CZ\n".encode("cp1250"), id="Czech Windows"),
        pytest.param("Name,City,Country\n#1,Москва,RU\n".encode("cp1251"), id="Cyrillic"),
        pytest.param("Name,City,Country\n#1,Москва,DE\n".encode("cp1251"), id="Cyrillic, sent to Germany"),
        pytest.param("Name,City,Country\n#1,東京,JP\n".encode("shift_jis"), id="Japanese"),
        pytest.param("Name,City,Country\n#1,İzmir,TR\n".encode("cp1254"), id="Turkish"),
        pytest.param("Name,City,Country\n#1,Köln,\n".encode("cp1252"), id="no country to tell by"),
        pytest.param("Name,City,Country\n#1,Köln,DE\n#2,Kraków,PL\n".encode("cp1252"), id="mixed countries"),
        pytest.param("Name,City,Country\n#1,Köln,DE\n".encode("utf-16")[:-1], id="UTF-16, cut off"),
    ],
)
def test_an_encoding_that_is_not_certain_is_refused_with_the_way_out(content: bytes) -> None:
    with pytest.raises(ImportFileError, match=r"UTF-8 \(in Excel|save it again \(in Excel"):
        encoding(content)


def test_a_missing_or_odd_file_is_refused_in_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, words in (
        (tmp_path / "none.csv", "there is no such file"),
        (tmp_path, "neither a file nor a pipe"),
        (Path("/dev/zero"), "neither a file nor a pipe"),
        (tmp_path / "pipe", "nothing came through this pipe for 0 s"),
        (tmp_path / ("x" * 300), "can't be read"),
    ):
        with (
            pytest.raises(ImportFileError, match=words),
            opened(path, Patience(silence=0.1, whole=1)),
        ):
            pass


def test_a_pipe_is_read_to_its_end_and_no_further_than_its_deadline(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write(endless: bool) -> None:
        descriptor = os.open(pipe, os.O_WRONLY)
        try:
            os.write(descriptor, b"a,b\n")
            while endless:
                os.write(descriptor, b"x" * 1000)
        except BrokenPipeError:
            pass
        finally:
            os.close(descriptor)

    for endless in (False, True):
        writer = threading.Thread(target=write, args=(endless,))
        writer.start()
        if endless:
            with pytest.raises(ImportFileError, match="does not end"), opened(pipe, Patience(5, 0.05)):
                pass
        else:
            with opened(pipe, Patience(5, 5)) as file:
                assert file.read() == b"a,b\n"
        writer.join()
