#include "client/commands/output_file.hpp"

#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

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

/// The names in that folder.
std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  return names;
}

TEST(WholeFile, IsWholeThoughAnotherIsWrittenToTheSamePath) {
  const TemporaryFile folder("");
  std::filesystem::create_directory(folder.path());
  const std::string path = folder.path() + "/result";
  auto first = WholeFile::open(path).value();
  auto second = WholeFile::open(path).value();
  first.stream() << "first ";
  second.stream() << "second " << std::flush;
  ASSERT_TRUE(first.write("one"));
  EXPECT_EQ(content_of(path), "first one");
  ASSERT_TRUE(second.write("one"));
  EXPECT_EQ(content_of(path), "second one");
  { auto dropped = WholeFile::open(path).value(); }
  EXPECT_THAT(names_in(folder.path()), testing::ElementsAre("result")) << "nothing else is left";
  std::filesystem::remove_all(folder.path());
}

// As mkstemp would not: others may read a result as far as the user's umask says.
TEST(WholeFile, HasTheRightsOfANewFile) {
  const TemporaryFile file(".txt");
  std::filesystem::remove(file.path());
  const mode_t before = ::umask(027);
  ASSERT_TRUE(WholeFile::open(file.path())->write("text"));
  ::umask(before);
  EXPECT_EQ(std::filesystem::status(file.path()).permissions(), std::filesystem::perms(0640));
}

TEST(WholeFile, KeepsTheRightsOfTheFileThatItReplaces) {
  const TemporaryFile file(".txt");
  file.write("old");
  std::filesystem::permissions(file.path(), std::filesystem::perms(0600));
  ASSERT_TRUE(WholeFile::open(file.path())->write("text"));
  EXPECT_EQ(std::filesystem::status(file.path()).permissions(), std::filesystem::perms(0600));
}

TEST(WholeFile, NamesWhatCannotBeWritten) {
  const auto file = WholeFile::open("/nonexistent/file");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().message,
            "'/nonexistent/file' cannot be written: No such file or directory; give a writable path");
}

TEST(WholeFile, TakesADashForNoFile) {
  const auto file = WholeFile::open("-");
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, HasSubstr("'-' is no file"));
  EXPECT_FALSE(std::filesystem::exists("-"));
}

TEST(WholeFile, TakesNothingForNoFile) {
  EXPECT_THAT(WholeFile::open("").error().message, HasSubstr("'' is no file"));
}

TEST(WholeFile, KnowsADeviceWithoutRoom) {
  EXPECT_THAT(WholeFile::open("/dev/full").error().message, HasSubstr("'/dev/full' has no room left"));
  EXPECT_TRUE(WholeFile::open("/dev/null"));
}

TEST(CommandFiles, WriteNoFileTwice) {
  const TemporaryFile there(".txt");
  there.write("old");
  const std::filesystem::path link = there.path() + ".link";
  const std::filesystem::path hard_link = there.path() + ".hard";
  std::filesystem::create_symlink(there.path(), link);
  std::filesystem::create_hard_link(there.path(), hard_link);
  CommandFiles files;
  const auto first = files.open("--csv", there.path());
  ASSERT_TRUE(first);
  for (const std::string& path : {there.path(), link.string(), hard_link.string()}) {
    const auto second = files.open("--json", path);
    ASSERT_FALSE(second) << path;
    EXPECT_EQ(second.error().message,
              "--json: '" + path + "' is where --csv goes as well; give each a file of its own");
  }
  EXPECT_EQ(content_of(there.path()), "old");
  std::filesystem::remove(link);
  std::filesystem::remove(hard_link);
}

TEST(CommandFiles, KnowAFileThatIsNotThereYetByAnotherPath) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir());
  CommandFiles files;
  const auto first = files.open("--csv", (folder / "not_there_yet").string());
  ASSERT_TRUE(first);
  EXPECT_FALSE(files.open("--json", (folder / "." / "x" / ".." / "not_there_yet").string()));
  EXPECT_TRUE(files.open("--json", (folder / "not_there_either").string()));
}

TEST(CommandFiles, KnowAFileThatIsNotThereYetByItsNameAlone) {
  const TemporaryFile link(".link");
  std::filesystem::create_symlink(std::filesystem::absolute("not_there_yet"), link.path());
  CommandFiles files;
  const auto first = files.open("--csv", "not_there_yet");
  ASSERT_TRUE(first);
  EXPECT_FALSE(files.open("--json", "./not_there_yet"));
  EXPECT_FALSE(files.open("--json", std::filesystem::absolute("not_there_yet").string()));
  EXPECT_FALSE(files.open("--json", link.path()));
}

TEST(CommandFiles, MayThrowAwayMoreThanOne) {
  CommandFiles files;
  EXPECT_TRUE(files.open("--csv", "/dev/null"));
  EXPECT_TRUE(files.open("--json", "/dev/null"));
}

TEST(CommandFiles, WriteNothingThatIsRead) {
  const TemporaryFile file(".json");
  file.write("{}");
  CommandFiles files;
  EXPECT_TRUE(files.expect_unwritten(file.path()));
  const auto opened = files.open("--json", file.path());
  EXPECT_EQ(files.expect_unwritten(file.path()).error().message,
            file.path() + " is to be written, so it can't be read as well; give another --json");
}

}  // namespace
}  // namespace waitlab::client
