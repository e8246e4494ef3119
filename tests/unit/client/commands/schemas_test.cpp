#include "client/commands/schemas.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace waitlab::client {
namespace {

TEST(Schemas, AreShippedAsTheyAre) {
  for (const PublishedSchema& schema : published_schemas()) {
    const std::string name(schema.name);
    std::ifstream shipped(WAITLAB_SOURCE_DIR "/docs/" + name + ".schema.json");
    EXPECT_EQ(schema.text(), std::string(std::istreambuf_iterator<char>(shipped), {}))
        << "make it anew: waitlab-client --print-schema " << name << " > docs/" << name << ".schema.json";
  }
}

}  // namespace
}  // namespace waitlab::client
