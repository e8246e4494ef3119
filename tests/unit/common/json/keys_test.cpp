#include "common/json/keys.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace waitlab {
namespace {

using form::Json;

struct Journey {
  std::string town{};
  std::string vehicle = "train";
  std::string note{};
  unsigned times = 1;
  bool by_night = false;
};

/// Everything that a description can say.
struct VisitJourney {
  void operator()(auto& visit, Journey& journey) const {
    visit.type("journey", "Where to, and how often.");
    visit.required("to", form::CheckedText{"^[A-Z]", refuse_small}, journey.town, "A town.");
    visit.with_default("by", form::text, journey.vehicle);
    visit.optional("note", form::text, journey.note);
    visit.settings([&](ConfigSpec& spec) {
      spec.integer("times", journey.times, 1, 9, "How often").flag("night.asleep", journey.by_night, "In a bed");
    });
    visit.check([&](const JsonPlace& place) {
      if (journey.by_night && journey.times > 2) place["times"].refuse("is too tiring");
    });
    visit.rule([] { return Json{{"maxProperties", 4}}; });
  }

  static void refuse_small(const JsonPlace& place, const std::string& text) {
    if (text.empty() || text.front() < 'A' || text.front() > 'Z') place.refuse("must begin with a capital");
  }
};

constexpr std::array<std::string_view, 1> of_a_stay{"nights"};
constexpr form::Keys journey_form{VisitJourney{}, of_a_stay};

Result<Journey> read_journey(const std::string& text) {
  const auto document = parse_jsonc(text, "a.jsonc");
  std::optional<Failure> failure;
  Journey journey;
  journey_form.read(JsonPlace(*document, failure), journey);
  if (failure) return *failure;
  return journey;
}

std::string journey_failure(const std::string& text) {
  const auto journey = read_journey(text);
  return journey ? "read it" : journey.error().message;
}

TEST(Keys, LeaveWhatIsNotGivenAsItIs) {
  const Journey least = read_journey(R"({"to": "Rome"})").value();
  EXPECT_EQ(least.town, "Rome");
  EXPECT_EQ(least.vehicle, "train");
  EXPECT_EQ(least.times, 1u);
  const Journey whole =
      read_journey(R"({"to": "Rome", "by": "bus", "note": "n", "times": 2, "night": {"asleep": true}})").value();
  EXPECT_EQ(whole.vehicle + whole.note, "busn");
  EXPECT_EQ(whole.times, 2u);
  EXPECT_TRUE(whole.by_night);
}

TEST(Keys, AreRefusedAtTheirPlace) {
  EXPECT_EQ(journey_failure("{}"), "a.jsonc:1: to: is missing");
  EXPECT_EQ(journey_failure("[]"), "a.jsonc:1: must be an object; found a list");
  EXPECT_EQ(journey_failure(R"({"to": "rome"})"), "a.jsonc:1: to: must begin with a capital");
  EXPECT_EQ(journey_failure("{\"to\": \"Rome\",\n\"times\": 0}"),
            "a.jsonc:2: times: must be a whole number from 1 to 9; found 0");
  EXPECT_EQ(journey_failure(R"({"to": "Rome", "times": 3, "night": {"asleep": true}})"),
            "a.jsonc:1: times: is too tiring");
}

TEST(Keys, ThatAreUnknownAreRefusedBeforeAnyIsMissed) {
  EXPECT_EQ(journey_failure(R"({"tow": "Rome"})"),
            "a.jsonc:1: tow: unknown key; did you mean \"to\"? allowed: to, by, note, times, night, nights");
  EXPECT_EQ(journey_failure(R"({"to": "Rome", "nigths": 2})").find("did you mean \"nights\"?") == std::string::npos,
            false)
      << "keys of another kind of object are suggested as well";
  EXPECT_EQ(journey_failure(R"({"to": "Rome", "night": {"aslep": true}})"),
            "a.jsonc:1: night.aslep: unknown key; did you mean \"asleep\"? allowed: asleep");
}

TEST(Keys, HaveASchema) {
  const Json schema = Json::parse(file_schema<Journey>("A journey", journey_form));
  EXPECT_EQ(schema["$ref"], "#/$defs/journey");
  const Json& journey = schema["$defs"]["journey"];
  EXPECT_EQ(journey["additionalProperties"], false);
  EXPECT_EQ(journey["required"], Json({"to"}));
  EXPECT_EQ(journey["maxProperties"], 4);
  const Json& keys = journey["properties"];
  EXPECT_EQ(keys["to"], Json({{"description", "A town."}, {"type", "string"}, {"pattern", "^[A-Z]"}}));
  EXPECT_EQ(keys["by"], Json({{"type", "string"}, {"default", "train"}}));
  EXPECT_FALSE(keys["note"].contains("default"));
  EXPECT_EQ(keys["times"]["maximum"], 9);
  EXPECT_EQ(keys["night"]["properties"]["asleep"]["default"], false);
  EXPECT_FALSE(keys.contains("nights"));
}

}  // namespace
}  // namespace waitlab
