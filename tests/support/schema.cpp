#include "tests/support/schema.hpp"

#include "common/process/child_process.hpp"
#include "tests/support/patience.hpp"

#include <chrono>

namespace waitlab {
namespace {}  // namespace

bool fits_schema(const std::string& document, const std::string& schema) {
  const std::string folder = WAITLAB_SOURCE_DIR "/docs/";
  auto validator =
      ChildProcess::start({.command = {"/usr/bin/python3", "-W", "ignore", "-m", "jsonschema", "--base-uri",
                                       "file://" + folder + schema, "--instance", document, folder + schema},
                           .cpus = {}});
  return validator.value().wait(patience) == 0;
}

}  // namespace waitlab
