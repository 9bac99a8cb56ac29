"""Reads a table out of a file that somebody has: a survey export, a contact list, whatever the office could save.

``open_table(path)`` takes CSV in any delimiter and encoding, Excel (.xlsx, .xlsm, .xlsb, .xls) and OpenDocument
(.ods). The content decides, never the file's ending. What cannot be read is named by file, line and cure; one bad row
does not lose the others.
"""

from bot.spreadsheets.opening import LARGEST, open_table
from bot.spreadsheets.table import BadRow, ColumnMissing, Row, Table, TableError, blank

__all__ = ["LARGEST", "BadRow", "ColumnMissing", "Row", "Table", "TableError", "blank", "open_table"]
