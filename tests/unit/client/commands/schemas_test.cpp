#include "client/commands/schemas.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace waitlab::client {
namespace {

TEST(Schemas, AreShippedAsTheyAre) {
  for (const PublishedSchema& schema : published_schemas()) {
    const std::string file = fmt::format("{}/{}.schema.json", schema.folder, schema.name);
    std::ifstream shipped(WAITLAB_SOURCE_DIR "/" + file);
    EXPECT_EQ(schema.text(), std::string(std::istreambuf_iterator<char>(shipped), {}))
        << "make it anew: waitlab-client --print-schema " << schema.name << " > " << file;
  }
}

}  // namespace
}  // namespace waitlab::client
