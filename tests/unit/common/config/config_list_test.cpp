#include "common/config/config_list.hpp"

#include "common/config/config_loader.hpp"
#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct Stop {
  std::string town;
  std::chrono::nanoseconds stay{0};
};

void bind_stop(ConfigSpec& spec, Stop& stop) {
  spec.text("town", stop.town, "Where").duration("stay", stop.stay, 1ms, 1h, "How long");
}

class ConfigList : public testing::Test {
 protected:
  ConfigList() { bind_list(spec_, "journey.stops", stops_, bind_stop, "Where it stops"); }

  /// The list as it is printed after a --set, or what is wrong.
  std::string value_of(const std::string& list) {
    const auto values = load_config(spec_, {{}, {}, {"journey.stops=" + list}});
    return values ? values->front().value : values.error().message;
  }

  std::vector<Stop> stops_{{"Ulm", 1ms}};
  ConfigSpec spec_;
};

TEST_F(ConfigList, IsReadFromAFile) {
  const TemporaryFile file(".jsonc");
  file.write(R"({"journey": {"stops": [{"town": "Bonn", "stay": "5ms"}, {"stay": "2s", "town": "Kiel"}]}})");
  const auto values = load_config(spec_, {file.path(), {}, {}});
  ASSERT_TRUE(values) << values.error().message;
  ASSERT_EQ(stops_.size(), 2U);
  EXPECT_EQ(stops_[0].town, "Bonn");
  EXPECT_EQ(stops_[0].stay, 5ms);
  EXPECT_EQ(stops_[1].town, "Kiel");
  EXPECT_EQ(stops_[1].stay, 2s);
}

TEST_F(ConfigList, IsReadFromTextThatIsJson) {
  EXPECT_EQ(value_of(R"([ {"town":"Bonn","stay":"5ms"} ])"), R"([{"stay":"5ms","town":"Bonn"}])");
  const auto values = load_config(spec_, {{}, {{"WAITLAB_JOURNEY__STOPS", "[]"}}, {}});
  ASSERT_TRUE(values) << values.error().message;
  EXPECT_TRUE(stops_.empty());
}

TEST_F(ConfigList, KeepsItsDefaultUnlessGiven) {
  const auto values = load_config(spec_, {});
  ASSERT_TRUE(values);
  EXPECT_EQ(values->front().value, R"([{"stay":"1ms","town":"Ulm"}])");
  EXPECT_EQ(stops_.size(), 1U);
}

TEST_F(ConfigList, SaysWhichItemIsWrongAndWhy) {
  EXPECT_THAT(value_of("5"), HasSubstr("must be a list; found 5"));
  EXPECT_THAT(value_of("[5]"), HasSubstr("item 1: must be an object with the keys town, stay; found 5"));
  EXPECT_THAT(value_of(R"([{"town":"Bonn","stay":"5ms"},{"town":"Kiel","stay":"5"}])"),
              HasSubstr("item 2: stay: \"5\" has no unit"));
  EXPECT_THAT(value_of(R"([{"town":"Bonn","stay":"5ms","tow":1}])"),
              HasSubstr("item 1: tow: unknown key; did you mean \"town\"?"));
  EXPECT_THAT(value_of(R"([{"town":"Bonn"}])"), HasSubstr("item 1: stay is missing"));
}

TEST_F(ConfigList, NamesTheLineOfTheFile) {
  const TemporaryFile file(".jsonc");
  file.write("{\"journey\": {\n\"stops\": [1]}}");
  const auto values = load_config(spec_, {file.path(), {}, {}});
  ASSERT_FALSE(values);
  EXPECT_THAT(values.error().message, HasSubstr(file.path() + ":2: journey.stops: item 1: "));
}

TEST_F(ConfigList, LeavesTheFieldAloneIfAnyItemIsWrong) {
  EXPECT_THAT(value_of(R"([{"town":"Bonn","stay":"5ms"},{}])"), HasSubstr("item 2: "));
  EXPECT_EQ(stops_.front().town, "Ulm");
}

TEST_F(ConfigList, HasTheSchemaOfItsItems) {
  const auto schema = nlohmann::json::parse(json_schema(spec_, ""))["properties"]["journey"]["properties"]["stops"];
  EXPECT_EQ(schema["type"], "array");
  EXPECT_EQ(schema["description"], "Where it stops");
  EXPECT_EQ(schema["items"]["additionalProperties"], false);
  EXPECT_EQ(schema["items"]["required"].dump(), R"(["town","stay"])");
  EXPECT_EQ(schema["items"]["properties"]["town"].dump(), R"({"description":"Where","type":"string"})");
}

}  // namespace
}  // namespace waitlab
