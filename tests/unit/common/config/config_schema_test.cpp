#include "common/config/config_loader.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace waitlab {
namespace {

using nlohmann::json;
using testing::MatchesRegex;
using testing::Not;
using namespace std::chrono_literals;

class ConfigSchema : public testing::Test {
 protected:
  ConfigSchema() {
    spec_.choice("strategy", strategy_, {"event-loop", "fixed-pool"}, "How requests wait.")
        .integer("strategies.fixed-pool.threads", threads_, 1, 100, "Workers.")
        .duration("strategies.fixed-pool.patience", patience_, 1ms, 1h, "How long to queue.")
        .size("limits.body_bytes", body_, 1, 1 << 20, "The largest body.")
        .number("share", share_, 0, 1, "A share.")
        .flag("loud", loud_, "Whether to log.")
        .text("file", file_, "A file.");
    schema_ = json::parse(json_schema(spec_, "Settings of a test"));
  }

  std::string strategy_ = "event-loop", file_;
  std::uint32_t threads_ = 8;
  std::chrono::nanoseconds patience_ = 50ms;
  std::uint64_t body_ = 65536;
  double share_ = 0.5;
  bool loud_ = false;
  ConfigSpec spec_;
  json schema_;
};

TEST_F(ConfigSchema, DescribesAClosedObject) {
  EXPECT_EQ(schema_["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(schema_["title"], "Settings of a test");
  EXPECT_EQ(schema_["type"], "object");
  EXPECT_EQ(schema_["additionalProperties"], false);
  EXPECT_EQ(schema_["properties"]["$schema"], json::parse(R"({"type": "string"})"));
}

TEST_F(ConfigSchema, NestsTheObjectsOfDottedKeys) {
  const auto& pool = schema_["properties"]["strategies"]["properties"]["fixed-pool"];
  EXPECT_EQ(pool["additionalProperties"], false);
  EXPECT_EQ(
      pool["properties"]["threads"],
      json::parse(R"({"type": "integer", "minimum": 1, "maximum": 100, "default": 8, "description": "Workers."})"));
  EXPECT_EQ(pool["properties"].size(), 2u);
}

TEST(ConfigSchemaOfAuto, AllowsANumberOrTheWord) {
  std::uint32_t threads = 0;
  ConfigSpec spec;
  spec.integer_or_auto("threads", threads, 1, 100, "Workers.");
  EXPECT_EQ(json::parse(json_schema(spec, ""))["properties"]["threads"],
            json::parse(R"({"type": ["integer", "string"], "minimum": 1, "maximum": 100, "pattern": "^auto$",
                            "default": "auto", "description": "Workers."})"));
}

TEST_F(ConfigSchema, CarriesTypesLimitsDefaultsAndHelp) {
  const auto& properties = schema_["properties"];
  EXPECT_EQ(properties["strategy"], json::parse(R"({"type": "string", "enum": ["event-loop", "fixed-pool"],
      "default": "event-loop", "description": "How requests wait."})"));
  EXPECT_EQ(properties["share"], json::parse(R"({"type": "number", "minimum": 0.0, "maximum": 1.0, "default": 0.5,
      "description": "A share."})"));
  EXPECT_EQ(properties["loud"], json::parse(R"({"type": "boolean", "default": false,
      "description": "Whether to log."})"));
  EXPECT_EQ(properties["file"], json::parse(R"({"type": "string", "default": "", "description": "A file."})"));
  EXPECT_EQ(properties["limits"]["properties"]["body_bytes"]["description"], "The largest body. (1B to 1MiB)");
  EXPECT_EQ(properties["limits"]["properties"]["body_bytes"]["default"], "64KiB");
}

TEST_F(ConfigSchema, HasPatternsForWhatHasAUnit) {
  const auto& properties = schema_["properties"];
  const std::string duration =
      properties["strategies"]["properties"]["fixed-pool"]["properties"]["patience"]["pattern"];
  for (const auto* good : {"50ms", "1.5s", "3m", "1h", "9us", "9ns"})
    EXPECT_THAT(good, MatchesRegex(duration));
  for (const auto* bad : {"50", "50 ms", "-1s", ".5s", "5MS"})
    EXPECT_THAT(bad, Not(MatchesRegex(duration)));
  const std::string size = properties["limits"]["properties"]["body_bytes"]["pattern"];
  for (const auto* good : {"5B", "64KiB", "1MiB", "2GiB", "1kB", "1MB"})
    EXPECT_THAT(good, MatchesRegex(size));
  for (const auto* bad : {"5", "5KB", "5kiB", "5kib", "5iB"})
    EXPECT_THAT(bad, Not(MatchesRegex(size)));
}

TEST_F(ConfigSchema, KeepsTheDefaultsAfterLoading) {
  const auto before = json_schema(spec_, "");
  ASSERT_TRUE(load_config(spec_, {{}, {}, {"loud=true"}}));
  EXPECT_EQ(json_schema(spec_, ""), before);
}

}  // namespace
}  // namespace waitlab
