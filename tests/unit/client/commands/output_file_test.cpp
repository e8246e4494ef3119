#include "client/commands/output_file.hpp"

#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace waitlab::client {
namespace {

using testing::HasSubstr;

std::string content_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(WholeFile, ReplacesWhatStoodThereOnlyWhenItIsWhole) {
  const TemporaryFile old(".txt");
  old.write("old");
  {
    auto dropped = WholeFile::open(old.path()).value();
    dropped.stream() << "half";
  }
  EXPECT_EQ(content_of(old.path()), "old");
  auto file = WholeFile::open(old.path()).value();
  file.stream() << "new ";
  EXPECT_EQ(content_of(old.path()), "old");
  ASSERT_TRUE(file.write("text"));
  EXPECT_EQ(content_of(old.path()), "new text");
  EXPECT_FALSE(std::filesystem::exists(old.path() + ".partial"));
}

TEST(WholeFile, NamesWhatCannotBeWritten) {
  const auto file = WholeFile::open("/nonexistent/file");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().message, "'/nonexistent/file' cannot be written; give a writable path");
}

TEST(WholeFile, TakesADashForNoFile) {
  const auto file = WholeFile::open("-");
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, HasSubstr("'-' is no file"));
  EXPECT_FALSE(std::filesystem::exists("-"));
}

}  // namespace
}  // namespace waitlab::client
