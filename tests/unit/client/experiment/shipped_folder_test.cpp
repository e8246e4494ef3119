#include "client/experiment/shipped_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;

TEST(ShippedFolder, IsFoundBesideTheProgramsOfACheckout) {
  const auto folder = find_shipped_experiments(WAITLAB_BIN_DIR);
  ASSERT_TRUE(folder) << folder.error().message;
  EXPECT_TRUE(fs::equivalent(*folder, fs::path(WAITLAB_SOURCE_DIR) / "experiments"));
}

}  // namespace
}  // namespace waitlab::client
