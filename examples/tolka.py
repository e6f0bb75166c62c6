#!/usr/bin/env python3
"""tolka.py FILE [PAGES]: the library from Python, through ctypes; nothing to install but libtolka.

    import tolka
    with tolka.Context(jobs=2) as context:
        report = context.convert("report.pdf", pages="1-3")     # the record, as a dict (docs/formats.md)
        facts = context.convert("report.pdf", form="jsonl")     # one of the program's other formats, as text
        text = context.normalize("Forbundet har under aret")    # repaired Swedish
"""
import ctypes
import json
import os
import sys
from ctypes import POINTER, byref, c_char_p, c_int, c_size_t, c_void_p

OCR = {"auto": 0, "always": 1, "never": 2}
ON_PAGE = ctypes.CFUNCTYPE(c_int, c_int, c_int, c_void_p)


class Options(ctypes.Structure):
    _fields_ = [("size", c_size_t), ("data_dir", c_char_p), ("model", c_char_p), ("rule_dirs", POINTER(c_char_p)),
                ("rule_dir_count", c_size_t), ("ocr", c_int), ("jobs", c_int), ("on_page", ON_PAGE), ("data", c_void_p)]


class Error(Exception):
    """The status (enum tolka_status) and one line that says what is wrong."""
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def load(path=None):
    lib = ctypes.CDLL(path or os.environ.get("LIBTOLKA", "libtolka.so.0"))
    lib.tolka_version.restype = lib.tolka_message.restype = c_char_p
    lib.tolka_message.argtypes = lib.tolka_close.argtypes = lib.tolka_report_free.argtypes = lib.tolka_free.argtypes = [c_void_p]
    lib.tolka_open.argtypes = [POINTER(Options), POINTER(c_void_p), c_char_p, c_size_t]
    lib.tolka_convert_file.argtypes = [c_void_p, c_char_p, c_char_p, POINTER(c_void_p)]
    lib.tolka_convert_memory.argtypes = [c_void_p, c_char_p, c_size_t, c_char_p, c_char_p, POINTER(c_void_p)]
    lib.tolka_report_write.argtypes = [c_void_p, c_char_p, POINTER(c_void_p), POINTER(c_size_t)]
    lib.tolka_normalize.argtypes = [c_void_p, c_char_p, c_size_t, c_void_p, c_void_p, POINTER(c_void_p), POINTER(c_size_t)]
    return lib


class Context:
    """For one thread at a time; make one for each."""
    def __init__(self, ocr="auto", jobs=1, data_dir=None, model=None, rule_dirs=(), library=None):
        self.lib = load(library)
        self.handle = c_void_p()
        message = ctypes.create_string_buffer(512)
        dirs = (c_char_p * len(rule_dirs))(*map(os.fsencode, rule_dirs))
        options = Options(ctypes.sizeof(Options), data_dir and os.fsencode(data_dir), model and os.fsencode(model), dirs,
                          len(rule_dirs), OCR[ocr], jobs)
        status = self.lib.tolka_open(byref(options), byref(self.handle), message, len(message))
        if status:
            raise Error(status, message.value.decode())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lib.tolka_close(self.handle)
        self.handle = c_void_p()

    def check(self, status):
        if status:
            raise Error(status, self.lib.tolka_message(self.handle).decode())

    def take(self, text, length):
        """Text that the library made, as ours."""
        try:
            return ctypes.string_at(text, length.value).decode()
        finally:
            self.lib.tolka_free(text)

    def convert(self, source, pages=None, form=None):
        """SOURCE is a path, or the bytes of a file."""
        report, text, length = c_void_p(), c_void_p(), c_size_t()
        pages = pages and pages.encode()
        if isinstance(source, bytes):
            self.check(self.lib.tolka_convert_memory(self.handle, source, len(source), None, pages, byref(report)))
        else:
            self.check(self.lib.tolka_convert_file(self.handle, os.fsencode(source), pages, byref(report)))
        try:
            status = self.lib.tolka_report_write(report, (form or "json").encode(), byref(text), byref(length))
        finally:
            self.lib.tolka_report_free(report)
        if status:
            raise Error(status, f"{form}: not a format, or no memory for it")
        written = self.take(text, length)
        return written if form else json.loads(written)

    def normalize(self, text):
        given, made, length = text.encode(), c_void_p(), c_size_t()
        self.check(self.lib.tolka_normalize(self.handle, given, len(given), None, None, byref(made), byref(length)))
        return self.take(made, length)


def main(path, pages=None):
    with Context(jobs=os.cpu_count() or 1) as context:
        record = context.convert(path, pages)
    print(record["report"]["organisation"], record["report"]["period"]["to"])
    for table in record["tables"]:
        holding = sum(check["verdict"] == "holds" for check in table["checks"])
        print(f'{table["id"]:>4} {table["kind"]:18} {len(table["rows"]):3} rows, {holding} of {len(table["checks"])} checks hold')


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:3])
    except (Error, OSError) as error:
        sys.exit(f"tolka.py: {error}")
