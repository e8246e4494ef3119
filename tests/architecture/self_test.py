#!/usr/bin/python3
"""Proves that the checks of the house see what they are there to see: each test builds a small house with one fault."""

import tempfile
import unittest
from pathlib import Path

import arrows
import house_rules
import includes
from sources import FOLDERS


FACTORY = 'constexpr std::array entries = {{\n    {"hare",\n     make},\n    {"slow-tortoise",\n     make},\n}};\n'


class House(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for name in FOLDERS:
            (self.root / name).mkdir()

    def write(self, path: str, text: str = "#pragma once\n") -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def include(self, user: str, used: str) -> list[str]:
        """What the arrows say when file `user` includes `used` in its third line."""
        self.write(used)
        self.write(user, f'#pragma once\n\n#include "{used}"\n')
        return [str(finding) for finding in arrows.check(self.root)]


class Arrows(House):
    def test_allows_what_lies_further_down(self) -> None:
        self.assertEqual(self.include("server/handlers/wait.hpp", "server/io/io.hpp"), [])
        self.assertEqual(self.include("client/engine/run.hpp", "common/result.hpp"), [])

    def test_allows_the_room_itself(self) -> None:
        self.assertEqual(self.include("server/io/loop_io.cpp", "server/io/loop_io.hpp"), [])

    def test_names_place_arrow_and_rule(self) -> None:
        (finding,) = self.include("server/io/loop_io.hpp", "server/handlers/wait.hpp")
        self.assertTrue(finding.startswith("server/io/loop_io.hpp:3: "), finding)
        self.assertIn("server/io -> server/handlers", finding)
        self.assertIn("may use: common", finding)

    def test_refuses_an_arrow_between_programs(self) -> None:
        for user, used in (("client/main.cpp", "server/config.hpp"), ("server/main.cpp", "backend/hold.hpp"),
                           ("common/clock.hpp", "client/main.hpp")):
            with self.subTest(user=user):
                self.assertTrue(self.include(user, used))

    def test_keeps_the_config_at_the_top(self) -> None:
        self.assertTrue(self.include("server/handlers/wait.hpp", "server/config.hpp"))
        self.write("server/handlers/wait.hpp")
        self.assertEqual(self.include("server/server.cpp", "server/config.hpp"), [])

    def test_keeps_telemetry_out_of_io(self) -> None:
        self.assertTrue(self.include("server/io/loop_io.hpp", "server/telemetry/gauges.hpp"))

    def test_keeps_tests_out_of_the_programs(self) -> None:
        self.assertTrue(self.include("server/main.cpp", "tests/support/fake_clock.hpp"))

    def test_keeps_unit_tests_in_their_own_program(self) -> None:
        self.assertTrue(self.include("tests/unit/client/run_test.cpp", "server/config.hpp"))

    def test_sees_an_include_in_angle_brackets(self) -> None:
        self.write("server/io/io.hpp")
        self.write("common/clock.hpp", "#include <server/io/io.hpp>\n")
        self.assertEqual(len(arrows.check(self.root)), 1)

    def test_refuses_a_relative_include(self) -> None:
        self.write("server/io/io.hpp")
        self.write("server/io/loop_io.hpp", '#include "io.hpp"\n')
        (finding,) = arrows.check(self.root)
        self.assertIn("name it from the root", str(finding))

    def test_refuses_a_folder_without_arrows(self) -> None:
        self.write("server/attic/box.hpp")
        (finding,) = arrows.check(self.root)
        self.assertIn("in no room", str(finding))

    def test_keeps_asio_where_it_belongs(self) -> None:
        self.write("server/io/loop_io.hpp", "#include <boost/asio/ip/tcp.hpp>\n")
        self.assertEqual(arrows.check(self.root), [])
        self.write("server/handlers/wait.hpp", "#include <boost/asio/ip/tcp.hpp>\n")
        self.assertEqual(len(arrows.check(self.root)), 1)

    def test_keeps_sockets_out_of_reports(self) -> None:
        self.write("client/report/table.cpp", "#include <sys/socket.h>\n")
        self.assertEqual(len(arrows.check(self.root)), 1)


class HouseRules(House):
    def findings(self, path: str, text: str) -> list[str]:
        self.write(path, text)
        return [str(finding) for finding in house_rules.check(self.root)]

    def test_accepts_a_clean_file(self) -> None:
        self.assertEqual(self.findings("common/clock.hpp", "#pragma once\n"), [])
        self.assertEqual(self.findings("common/empty.txt", ""), [])

    def test_limits_the_length_of_a_file(self) -> None:
        self.assertEqual(self.findings("common/clock.cpp", "\n" * 400), [])
        self.assertIn("401 lines", self.findings("common/clock.cpp", "\n" * 401)[0])

    def test_sees_trailing_whitespace_and_a_missing_newline(self) -> None:
        self.assertIn("docs/guide.md:2: trailing whitespace", self.findings("docs/guide.md", "a\nb \n")[0])
        self.assertIn("no newline", self.findings("docs/guide.md", "a")[0])

    def test_refuses_vague_names(self) -> None:
        for name in ("string_utils.cpp", "ThreadManager.cpp"):
            with self.subTest(name=name):
                self.assertTrue(self.findings(f"common/{name}", "\n"))

    def test_refuses_detached_threads(self) -> None:
        self.assertTrue(self.findings("server/io/loop.cpp", "thread.detach();\n"))
        self.assertEqual(self.findings("server/io/loop.cpp", "co_spawn(context, run(), detached);\n"), [])

    def test_lets_only_the_factory_ask_for_the_strategy(self) -> None:
        question = 'if (config.strategy == "fixed-pool") return;\n' + FACTORY
        self.assertEqual(self.findings("server/strategies/strategy_factory.cpp", question), [])
        self.assertTrue(self.findings("server/connection/connection.cpp", question))

    def test_lets_nobody_else_name_a_strategy_of_the_factory(self) -> None:
        self.write("server/strategies/strategy_factory.cpp", FACTORY)
        for path, text in (("client/report/theory.cpp", 'constexpr std::array unlimited{"hare"};\n'),
                           ("client/record/settings.cpp", 'setting_of("strategies.slow-tortoise.legs");\n'),
                           ("client/commands/help.cpp", 'help = R"(Example:\n  --set strategy=hare)";\n'),
                           ("client/report/page/lanes.js", "if (name === 'slow-tortoise') return;\n")):
            with self.subTest(path=path):
                (finding,) = self.findings(path, text)
                self.assertRegex(finding, path + r":1: names the strategy (hare|slow-tortoise):")
                self.write(path, "#pragma once\n")

    def test_names_the_line_of_a_strategy(self) -> None:
        self.write("server/strategies/strategy_factory.cpp", FACTORY)
        (finding,) = self.findings("client/run.cpp", '/* "hare"\n */\nint x;  // "hare"\n\nask("hare");\n')
        self.assertTrue(finding.startswith("client/run.cpp:5: "), finding)

    def test_accepts_names_where_they_belong_and_words_that_are_none(self) -> None:
        self.write("server/strategies/strategy_factory.cpp", FACTORY)
        self.write("server/strategies/hare.cpp", 'throw "hare";\n')
        self.write("server/config.cpp", 'key("strategies.slow-tortoise.legs");\n')
        self.write("client/lessons/race.cpp", 'run("strategy=hare");\n')
        self.write("tests/unit/report_test.cpp", 'check("hare");\n')
        self.assertEqual(self.findings("client/run.cpp", '// hare\nconst char* text = "a hare runs, the hare-like too";\n'), [])

    def test_wants_to_find_the_names_in_the_factory(self) -> None:
        (finding,) = self.findings("server/strategies/strategy_factory.cpp", "int none;\n")
        self.assertIn("no names are found", finding)

    def test_wants_pragma_once(self) -> None:
        self.assertTrue(self.findings("common/clock.hpp", "int now();\n"))


class Includes(House):
    def findings(self, text: str) -> list[str]:
        self.write("common/clock.hpp", "#pragma once\n\nclass Clock {};\n\nint now();\n")
        self.write("common/shown.hpp", '#pragma once\n\n#include "common/clock.hpp"\n')
        self.write("client/run.cpp", text)
        return [str(finding) for finding in includes.check(self.root)]

    def test_accepts_what_is_included_directly_or_not(self) -> None:
        for file in ("clock", "shown"):
            with self.subTest(file=file):
                self.assertEqual(self.findings(f'#include "common/{file}.hpp"\n\nClock clock;\nint time = now();\n'), [])

    def test_names_place_and_header_of_what_is_missing(self) -> None:
        (finding,) = self.findings("\nClock clock;\n")
        self.assertTrue(finding.startswith("client/run.cpp:2: uses Clock"), finding)
        self.assertIn('"common/clock.hpp"', finding)
        self.assertEqual(len(self.findings("int time = now();\n")), 1)

    def test_knows_the_standard_library_and_what_its_headers_include(self) -> None:
        self.assertEqual(self.findings("#include <future>\nstd::mutex mutex;\n"), [])
        (finding,) = self.findings("#include <map>\nstd::mutex mutex;\n")
        self.assertIn("<mutex>", finding)

    def test_knows_the_libraries_by_their_namespaces(self) -> None:
        self.assertEqual(len(self.findings('std::string text = fmt::format("{}", 1);\n')), 2)
        self.assertEqual(self.findings('#include <string>\n#include <fmt/core.h>\nstd::string text = fmt::format("");\n'), [])

    def test_passes_over_what_is_no_code_and_what_a_file_has_itself(self) -> None:
        self.assertEqual(self.findings('// Clock\nconst char* text = "now()";\nTEST(Clock, Tells) {}\n'), [])
        self.assertEqual(self.findings("struct Clock {};\nint now() { return 0; }\nint time = now();\n"), [])

    def test_takes_a_name_only_from_where_an_arrow_leads(self) -> None:
        self.write("server/queue.hpp", "#pragma once\n\nclass Queue {};\n")
        self.assertEqual(self.findings("template <class T> void run(Queue);\n"), [])


if __name__ == "__main__":
    unittest.main()
