#!/usr/bin/python3
"""Checks that each C++ file includes what it uses: all that it names is declared by what it includes, directly or not.
The compiler does not see it, as it reads sources in units, with precompiled headers.

usage: includes.py ROOT
"""

import re
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from arrows import may_use, room_of
from sources import Finding, cpp_files, report

# What of the standard library a file may use only with a header
HEADERS = {
    "algorithm": "all_of any_of clamp copy copy_if count_if equal fill find_if generate lower_bound max_element "
                 "min_element minmax_element none_of nth_element partition remove_if replace reverse shuffle sort "
                 "stable_sort transform unique upper_bound",
    "array": "array",
    "atomic": "atomic atomic_bool atomic_flag memory_order_acquire memory_order_relaxed memory_order_release",
    "bit": "bit_cast bit_width countl_zero countr_zero popcount",
    "charconv": "from_chars to_chars",
    "chrono": "chrono",
    "cmath": "ceil cos exp expm1 floor isfinite isinf isnan llround log log1p log2 pow round sqrt trunc",
    "condition_variable": "condition_variable",
    "coroutine": "coroutine_handle suspend_always suspend_never",
    "deque": "deque",
    "exception": "current_exception exception_ptr rethrow_exception",
    "filesystem": "filesystem",
    "fstream": "fstream ifstream ofstream",
    "functional": "function",
    "iostream": "cerr cout",
    "latch": "latch",
    "limits": "numeric_limits",
    "list": "list",
    "map": "map multimap",
    "memory": "make_shared make_unique shared_ptr unique_ptr weak_ptr",
    "mutex": "call_once lock_guard mutex once_flag scoped_lock unique_lock",
    "numeric": "accumulate iota",
    "optional": "make_optional nullopt nullopt_t optional",
    "random": "mt19937 mt19937_64 uniform_int_distribution",
    "ranges": "views",
    "set": "multiset set",
    "span": "span",
    "sstream": "istringstream ostringstream stringstream",
    "stdexcept": "invalid_argument logic_error out_of_range runtime_error",
    "string": "getline stod stoi stol stoul stoull string to_string",
    "string_view": "string_view",
    "system_error": "error_code errc generic_category system_category system_error",
    "thread": "jthread this_thread thread",
    "tuple": "tie tuple",
    "unordered_map": "unordered_map",
    "unordered_set": "unordered_set",
    "utility": "exchange swap",
    "variant": "get_if holds_alternative monostate variant visit",
    "vector": "vector",
}
STANDARD = {name: header for header, names in HEADERS.items() for name in names.split()}
# Namespaces of other libraries, and how the paths of their headers begin
LIBRARIES = {"asio": ("boost/asio",), "beast": ("boost/beast",), "fmt": ("fmt/",), "nlohmann": ("nlohmann/",),
             "prometheus": ("prometheus/",), "spdlog": ("spdlog/",), "testing": ("gtest/", "gmock/")}

INCLUDE = re.compile(r'^#include (["<])([^">]+)', re.MULTILINE)
NO_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', re.DOTALL)
TEST_NAME = re.compile(r"\b((?:TYPED_)?TEST(?:_[FP])?)\(\w+, \w+")
QUALIFIED = re.compile(rf"\b(std|{'|'.join(LIBRARIES)})::(?:ranges::)?(\w+)")
TYPE = re.compile(r"(?<![:\w.>])([A-Z][a-z]\w*)\b")
CALL = re.compile(r"(?<![\w.>:])([a-z]\w+)\(")
# At the start of a line what others may use, anywhere what a file has itself
SHARED = re.compile(
    r"^(?:template <[^\n]*>\s)?(?:class|struct|enum class|union|concept|using) ([A-Z]\w+)"
    r"|^(?:template <[^\n]*>\s)?[a-zA-Z_][\w:<>,&*\[\]() ]*? [*&]?([a-z]\w+)\(", re.MULTILINE)
OWN = re.compile(r"(?:class|struct|enum class|union|concept|using|typename) ([A-Z]\w+)"
                 r"|[\w>&*\]] [*&]?([a-z]\w+)(?=\(|\{| =|,|\)|;|\]| :)")


def names_in(pattern: re.Pattern, code: str) -> set[str]:
    return {name for found in pattern.findall(code) for name in found if name}


class Text:
    """What of a file the check wants to know."""

    def __init__(self, path: Path, root: Path) -> None:
        text = path.read_text(encoding="utf-8")
        included = INCLUDE.findall(text)
        self.files = [root / name for quote, name in included if quote == '"' and (root / name).is_file()]
        self.headers = {name for quote, name in included if quote == "<"}
        self.code = TEST_NAME.sub(r"\1(", NO_CODE.sub(lambda found: "\n" * found[0].count("\n"), text))
        self.shared = names_in(SHARED, self.code)
        self.declared = self.shared | names_in(OWN, self.code)

    def line_of(self, name: str) -> int:
        return 1 + self.code[:re.search(rf"\b{name}\b", self.code).start()].count("\n")


@lru_cache(maxsize=None)
def standard_headers(header: str) -> frozenset[str]:
    """Those a header of the system includes, itself among them."""
    done = subprocess.run(["g++", "-std=c++20", "-M", "-x", "c++", "-"], input=f"#include <{header}>\n",
                          capture_output=True, text=True)
    return frozenset(re.findall(r"/c\+\+/\d+/(\w+)(?=\s)", done.stdout)) | {header}


class House:
    """The files of the project, and who declares what."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.texts = {path: Text(path, root) for path in cpp_files(root)}
        self.homes: dict[str, list[str]] = defaultdict(list)  # name -> the headers that declare it
        for path, text in self.texts.items():
            for name in text.shared if path.suffix == ".hpp" else ():
                self.homes[name].append(path.relative_to(root).as_posix())

    def included(self, path: Path) -> tuple[set[str], set[str]]:
        """The names that the file and all it includes of the project declare, and the other headers they include."""
        files, pending, names, headers = {path}, [path], set(), set()
        while pending:
            text = self.texts[pending.pop()]
            names |= text.declared
            headers |= text.headers
            pending += [file for file in text.files if file not in files]
            files.update(text.files)
        return names, headers

    def check(self, path: Path) -> list[Finding]:
        text = self.texts[path]
        names, headers = self.included(path)
        standard = frozenset().union(*map(standard_headers, headers))
        place = path.relative_to(self.root).as_posix()

        def finding(name: str, home: str) -> Finding:
            return Finding(place, text.line_of(name), f"uses {name}, but includes nothing that declares it: {home}")

        findings = []
        for space, name in sorted(set(QUALIFIED.findall(text.code))):
            if space == "std":
                if (home := STANDARD.get(name)) and home not in standard:
                    findings.append(finding(name, f"<{home}>"))
            elif not any(header.startswith(LIBRARIES[space]) for header in headers):
                findings.append(finding(name, f"<{LIBRARIES[space][0]}…>"))
        room = room_of(place)
        for name in sorted({*TYPE.findall(text.code), *CALL.findall(text.code)} - names):
            homes = [home for home in self.homes.get(name, ()) if room and may_use(room, home)]
            if homes:
                findings.append(finding(name, " or ".join(f'"{home}"' for home in homes)))
        return findings


def check(root: Path) -> list[Finding]:
    house = House(root)
    headers = sorted(set().union(*(text.headers for text in house.texts.values())))
    with ThreadPoolExecutor() as pool:
        list(pool.map(standard_headers, headers))
    return [finding for path in house.texts for finding in house.check(path)]


if __name__ == "__main__":
    sys.exit(report(check(Path(sys.argv[1]).resolve()), "every file includes what it uses"))
