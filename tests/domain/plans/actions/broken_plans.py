"""Corpora of broken plan files: name of the case → bytes, and what the message has to name.

"" where the file has no place that could be named (it is empty, or is something else).
"""

from __future__ import annotations

import codecs

HEAD = "id,name,optimistic,most_likely,pessimistic,after\n"
_ITEM = "plan: P\nstart: 2026-01-05\nitems:\n  - {id: A, estimate: [1, 2, 3]"
#: A plan of one item on line 4, with one more key in it.
_KEYS = {
    "an unknown key": "colour: red",
    "an estimate of words": "remaining: soon",
    "a range backwards": "remaining: [3, 2, 1]",
    "a range of two": "remaining: [1, 2]",
    "a range of four": "remaining: [1, 2, 3, 4]",
    "not a number": "remaining: [.nan, 1, 2]",
    "an endless range": "remaining: [1, 2, .inf]",
    "a negative range": "remaining: [-3, -2, -1]",
    "a length beyond belief": "remaining: [1, 2, 1e12]",
    "what is left and no start": "remaining: [1, 2, 3]",
    "a finish before the start": "started: 2026-02-02, finished: 2026-01-01",
    "a day that is none": "deadline: 2026-02-30",
    "a day of words": "deadline: whenever",
    "a day as a number": "deadline: 20",
    "a month of thirteen": "not_before: 2026-13-01",
    "a wait for itself": "after: [A]",
    "a wait for nobody": "after: [Q]",
    "a wait of no kind": "after: [A XX]",
    "an endless lag": "after: [A +inf]",
    "a kind that is none": "kind: holiday",
    "a distribution that is none": "distribution: bell",
    "a resource that is not there": "needs: {gpu: 1}",
    "needs that are no mapping": "needs: [gpu]",
    "a cost of words": "cost: much",
    "a negative cost": "cost: -5",
    "attempts without success": "attempts: {max: 2, each: [1, 2, 3]}",
    "a chance beyond one": "attempts: {success: 2, max: 2, each: [1, 2, 3]}",
    "no attempt at all": "attempts: {success: 0.5, max: 0, each: [1, 2, 3]}",
    "endless attempts": "attempts: {success: 0.5, max: 1000, each: [1, 2, 3]}",
    "a fallback that is not there": "attempts: {success: 0.5, max: 2, each: [1, 2, 3], else: Q}",
    "a key twice": "name: x, name: y",
    "a list as a name": "name: [x]",
    "an alias": "name: *other",
    "a tag": "name: !!python/object:os.system x",
    "a mapping as a wait": "after: [{A: 1}]",
}
#: Whole files, and the line that the message names.
_FILES: dict[str, tuple[str, str]] = {
    "empty": ("", ""),
    "a space": (" ", ""),
    "one byte": ("x", ""),
    "a list": ("- a\n- b\n", ""),
    "a number": ("42\n", ""),
    "null": ("null\n", ""),
    "two documents": ("plan: P\n---\nplan: Q\n", ""),
    "a bracket left open": ("plan: P\nitems: [\n", "line 3"),
    "a quote left open": ('plan: P\nstart: 2026-01-05\nname: "open\n', "line"),
    "a tab for a space": ("plan: P\nitems:\n\t- {id: A}\n", "line 3"),
    "an indent that slips": ("plan: P\n  start: 2026-01-05\n", "line 2"),
    "no items": ("plan: P\nstart: 2026-01-05\n", "items"),
    "items that are none": ("plan: P\nstart: 2026-01-05\nitems: 5\n", "line 3"),
    "items of numbers": ("plan: P\nstart: 2026-01-05\nitems: [1, 2]\n", "line 3"),
    "a start beyond time": ("plan: P\nstart: 99999-01-01\nitems:\n  - {id: A}\n", "line 2"),
    "a start of words": ("plan: P\nstart: soon\nitems:\n  - {id: A, estimate: 1}\n", "line 2"),
    "an item without an id": ("plan: P\nstart: 2026-01-05\nitems:\n  - {estimate: 1}\n", "line 4"),
    "an id twice": (_ITEM + "}\n  - {id: A, estimate: 1}\n", "line 5"),
    "an id too long": (_ITEM + "}\n  - {id: " + "k" * 70 + ", estimate: 1}\n", "line 5"),
    "a circle": (_ITEM + ", after: [B]}\n  - {id: B, estimate: 1, after: [A]}\n", "line 4"),
    "an unknown unit": ("plan: P\nunit: fortnights\nitems:\n  - {id: A, estimate: 1}\n", "line 2"),
    "a calendar that is none": (_ITEM + "}\ncalendar: moon\n", "line 5"),
    "a budget of words": (_ITEM + "}\nbudget: plenty\n", "line 5"),
    "a risk of nobody": (
        _ITEM + "}\nrisks:\n  - {id: R, probability: 0.1, delays: [Q], delay: [1, 2, 3]}\n",
        "line 6",
    ),
    "a risk beyond one": (_ITEM + "}\nrisks:\n  - {id: R, probability: 3}\n", "line 6"),
    "a correlation of one": (_ITEM + "}\ncorrelations:\n  - {items: [A], rho: 0.1}\n", "line 6"),
    "a capacity below nothing": (_ITEM + "}\nresources:\n  gpu: {capacity: -1}\n", "line 6"),
    "depth without end": ("plan: " + "[" * 2_000 + "]" * 2_000 + "\n", "line 1"),
    "an alias bomb": ("a: &a [x, x]\nb: &b [*a, *a]\nplan: P\n", "line 2"),
}


def _one(more: str) -> bytes:
    return f"{_ITEM}, {more}}}\n".encode()


#: Case → bytes, and what the message names.
YAML: dict[str, tuple[bytes, str]] = {
    **{name: (_one(more), "line 4") for name, more in _KEYS.items()},
    **{name: (text.encode(), said) for name, (text, said) in _FILES.items()},
    "UTF-16": (codecs.BOM_UTF16_LE + _ITEM.encode("utf-16-le"), "line 1"),
    "half a letter": (b"plan: P\nname: \xc3\n", "line 2"),
    "NULs": (bytes(500), ""),
    "a zip": (b"PK\x03\x04" + bytes(50), ""),
    "more bytes than are read": (b"x" * 5_000_001, ""),
}

_ROWS = {
    "not a number": ("A,,nan,1,2,", "line 2"),
    "an endless number": ("A,,,1e999,,", "line 2"),
    "minus endless": ("A,,,-inf,,", "line 2"),
    "a range backwards": ("A,,3,2,1,", "line 2"),
    "a word for a number": ("A,,,soon,,", "line 2"),
    "a comma for a point": ('A,,,"1,5",,', "line 2"),
    "a currency": ("A,,,5 EUR,,", "line 2"),
    "a percent": ("A,,,5%,,", "line 2"),
    "hex": ("A,,,0x10,,", "line 2"),
    "a formula": ("A,,,=1+1,,", "line 2"),
    "a date": ("A,,,2026-01-05,,", "line 2"),
    "a truth": ("A,,,true,,", "line 2"),
    "only the low end": ("A,,1,,,", "line 2"),
    "only the high end": ("A,,,,3,", "line 2"),
    "low and high": ("A,,1,,3,", "line 2"),
    "low and middle": ("A,,1,2,,", "line 2"),
    "a negative number": ("A,,,-1,,", "line 2"),
    "a negative range": ("A,,-3,-2,-1,", "line 2"),
    "a length beyond belief": ("A,,,1e12,,", "line 2"),
    "no id": (",,,1,,", "line 2"),
    "blanks for an id": ("   ,,,1,,", "line 2"),
    "an id too long": ("K" * 61 + ",,,1,,", "line 2"),
    "an id twice": ("A,,,1,,\nA,,,2,,", "line 3"),
    "an id thrice": ("A,,,1,,\nB,,,1,,\nA,,,2,,\nA,,,3,,", "line 4"),
    "a wait for nobody": ("A,,,1,,Q", "line 2"),
    "a wait for itself": ("A,,,1,,A", "line 2"),
    "a circle of two": ("A,,,1,,B\nB,,,1,,A", "line 2"),
    "a circle of three": ("A,,,1,,C\nB,,,1,,A\nC,,,1,,B", "line 2"),
    "a link of no kind": ("A,,,1,,\nB,,,1,,A XX +1", "line 3"),
    "an endless lag": ("A,,,1,,\nB,,,1,,A +inf", "line 3"),
    "a lag of words": ("A,,,1,,\nB,,,1,,A +soon", "line 3"),
    "a lag of nothing": ("A,,,1,,\nB,,,1,,A +", "line 3"),
    "waits of another file": ("A,,,1,,other/A", "line 2"),
    "more cells than columns": ("A,x,1,2,3,,,,", "line 2"),
    "an unquoted comma": ("A,Label, then train,1,2,3,", "line 2"),
    "a quote left open": ('A,"open,,1,,\nB,,,1,,', "line"),
    "text after a quote": ('A,"x"y,,1,,', "line 2"),
    "a quote in the middle of a file": ('A,,,1,,\nB,,,1,,\nC,"x"y,,1,,', "line 4"),
    "a NUL in a cell": ("A\0,,,x,,", "line 2"),
    "the heading again": ("id,name,optimistic,most_likely,pessimistic,after", "line 2"),
    "spaces around a bad number": ("A,,, x ,,", "line 2"),
    "an arabic word": ("A,,,\u0645\u0631\u062d,,", "line 2"),
    "two faults": ("A,,,x,,\nB,,,y,,", "line 2"),
    "a fault far below": ("\n".join(f"i{n},,,1,," for n in range(500)) + "\nZ,,,x,,", "line 502"),
    "a fault below blank lines": ("A,,,1,,\n\n\nB,,,x,,", "line 5"),
    "a name over two lines": ('A,"two\nlines",,1,,', "line 3"),
    "a total": ("A,,,1,,\nTotal,,,,Sum,", "line 3"),
    "a unit in a cell": ("A,,,3 days,,", "line 2"),
    "a range in a cell": ("A,,,1-3,,", "line 2"),
    "a question mark": ("A,,,?,,", "line 2"),
    "a full-width word": ("A,,,\uff41,,", "line 2"),
    "an underscore that Python would read": ("A,,,x_1,,", "line 2"),
}
_TABLES: dict[str, tuple[bytes, str]] = {
    "only the heading": (HEAD.encode(), "no items"),
    "the heading and blanks": (HEAD.encode() + b",,,,,\n\n", "no items"),
    "a heading twice": (b"id,most_likely,most_likely\nA,1,1\n", "line 1"),
    "a heading of another": (b"id,most_likely,colour\nA,1,red\n", "line 1"),
    "no column of lengths but one": (b"id,optimistic\nA,1\n", "line 1"),
    "NULs": (HEAD.encode() + bytes(300), "line"),
    "half a letter": (HEAD.encode() + b"A,\xc3,,1,,\n", "line 2"),
    "latin letters": (HEAD.encode() + "A,Prüfung,,1,,\n".encode("latin-1"), "line 2"),
    "more items than a plan has": (
        HEAD.encode() + b"".join(b"i%d,,,1,,\n" % n for n in range(20_001)),
        "20,000",
    ),
    "more bytes than are read": (HEAD.encode() + b"A,,,1,,\n" * 700_000, "bytes"),
}
CSV: dict[str, tuple[bytes, str]] = {
    **{name: ((HEAD + rows + "\n").encode(), said) for name, (rows, said) in _ROWS.items()},
    **_TABLES,
}
