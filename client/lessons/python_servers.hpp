#pragma once

#include "client/experiment/program.hpp"
#include "client/lessons/lesson.hpp"
#include "client/lessons/python.hpp"
#include "common/result.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace waitlab::client {

/// What a Python server tells of itself.
struct PythonFacts {
  std::string interpreter;  ///< "CPython 3.11.2"
  bool has_gil = true;
};

/// Of what its /status answers. Failure if that is something else.
Result<PythonFacts> parse_python_facts(const std::string& status);

/// The Python server in its four ways to wait, and the C++ server with a thread for each connection, before one slow
/// backend. All of them run until this is destroyed.
struct PythonServers {
  Program backend;
  Program threading;
  Program futures;
  Program asyncio;
  Program processes;
  Program cpp;

  /// Starts them, Python's with the `python3` on PATH, with logs in this folder. Failure if that, or the server, is
  /// missing.
  static Result<PythonServers> start(const LessonSetting& setting, const std::filesystem::path& logs);
};

/// Counts with two threads in a python3 of its own, in two ways. Nothing if it did not run.
std::optional<LostIncrements> count_in_python();

}  // namespace waitlab::client
