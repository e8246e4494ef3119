#include "server/handlers/scratch_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace waitlab::server {
namespace {

TEST(ScratchFile, IsReadFromAnyPlaceAndToAnyLength) {
  ScratchFile file;
  for (const std::uint64_t bytes :
       {std::uint64_t{1}, std::uint64_t{65'536}, std::uint64_t{300'000}, ScratchFile::size}) {
    for (const std::uint64_t where : {0U, 1U, 77U})
      EXPECT_TRUE(file.read(bytes, where)) << bytes;
  }
}

TEST(ScratchFile, LeavesNoName) {
  const auto folder = std::filesystem::temp_directory_path() / "waitlab-scratch-file-test";
  std::filesystem::create_directory(folder);
  ScratchFile file;
  file.keep_in(folder.string());
  EXPECT_TRUE(file.read(1, 0));
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove(folder);
}

TEST(ScratchFile, SaysWhereItCannotBe) {
  ScratchFile file;
  file.keep_in("/nowhere");
  const auto read = file.read(1, 0);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message,
            "making a file in /nowhere failed: No such file or directory; set files.folder to another");
}

}  // namespace
}  // namespace waitlab::server
