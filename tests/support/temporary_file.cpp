#include "tests/support/temporary_file.hpp"

#include <gtest/gtest.h>

#include <unistd.h>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace waitlab {

TemporaryFile::TemporaryFile(const std::string& ending) {
  static std::atomic<int> last{0};
  path_ = testing::TempDir() + "waitlab_test_" + std::to_string(::getpid()) + "_" + std::to_string(++last) + ending;
}

TemporaryFile::~TemporaryFile() {
  std::remove(path_.c_str());
}

void TemporaryFile::write(const std::string& text) const {
  std::ofstream(path_) << text;
}

std::string TemporaryFile::text() const {
  std::ostringstream text;
  text << std::ifstream(path_).rdbuf();
  return text.str();
}

}  // namespace waitlab
