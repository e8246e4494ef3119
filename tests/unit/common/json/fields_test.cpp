#include "common/json/fields.hpp"

#include <gtest/gtest.h>

namespace waitlab {

/// Everything that a description can say.
struct Thing {
  std::uint64_t count = 3;
  std::optional<double> share{};
  std::string note{};
  std::vector<std::string> words{};
  std::optional<unsigned> room{};
  unsigned later = 7;
};

void fields(auto& visit, Of<Thing> auto& thing) {
  visit.type("thing", "A thing.");
  visit("count", form::Count{1}, thing.count, "How many.");
  visit("share", form::Nullable{form::Number{.least = 0, .most = 1}}, thing.share);
  visit("note", form::text_or_null, thing.note);
  visit.group("inside", [&](auto& inside) { inside("words", form::texts, thing.words); });
  visit.optional("room", form::count, thing.room);
  visit.younger("later", form::count, thing.later);
  visit.derived("double", form::count, [&] { return 2 * thing.count; });
}

namespace {

using form::Json;

Result<Thing> read(const Json& json) {
  const auto document = parse_jsonc(json.dump(), "a.json");
  std::optional<Failure> failure;
  Thing thing;
  form::object.read(JsonPlace(*document, failure), thing);
  if (failure) return *failure;
  return thing;
}

std::string failure_of(const Json& json) {
  const auto thing = read(json);
  return thing ? "read it" : thing.error().message;
}

const Json plain = {{"count", 3}, {"share", nullptr}, {"note", nullptr}, {"inside", {{"words", Json::array()}}},
                    {"later", 7}, {"double", 6}};

TEST(Fields, AreWrittenInTheOrderOfTheDescription) {
  EXPECT_EQ(form::object.write(Thing{}).dump(), plain.dump());
  EXPECT_EQ(form::object.write(Thing{.room = 4})["room"], 4);
}

TEST(Fields, AreReadAsTheyWereWritten) {
  const Thing thing{.count = 5, .share = 0.25, .note = "n", .words = {"a", "b"}, .room = 9, .later = 1};
  const Json json = form::object.write(thing);
  EXPECT_EQ(form::object.write(read(json).value()), json);
}

TEST(Fields, ThatAreYoungerMayBeMissing) {
  Json json = plain;
  json.erase("later");
  EXPECT_EQ(read(json)->later, 7u);
  json.erase("double");
  EXPECT_EQ(failure_of(json), "read it") << "it follows from the others";
  json.erase("count");
  EXPECT_EQ(failure_of(json), "a.json:1: count: is missing");
}

TEST(Fields, RefuseWhatTheirSchemaRefuses) {
  const auto with = [](const char* key, const Json& value) {
    Json json = plain;
    json[key] = value;
    return failure_of(json);
  };
  EXPECT_EQ(with("count", 0), "a.json:1: count: must be 1 or more");
  EXPECT_EQ(with("share", 1.5), "a.json:1: share: must be 1 at most");
  EXPECT_EQ(with("inside", 1), "a.json:1: inside: must be an object; found 1");
}

TEST(Fields, HaveASchema) {
  const Json schema = Json::parse(schema_of<Thing>("Things"));
  EXPECT_EQ(schema["title"], "Things");
  EXPECT_EQ(schema["$ref"], "#/$defs/thing");
  const Json& thing = schema["$defs"]["thing"];
  EXPECT_EQ(thing["additionalProperties"], false);
  EXPECT_EQ(thing["required"], Json({"count", "share", "note", "inside", "double"}));
  EXPECT_EQ(thing["properties"]["count"], Json({{"description", "How many."}, {"type", "integer"}, {"minimum", 1}}));
  EXPECT_EQ(thing["properties"]["share"]["type"], Json({"number", "null"}));
  EXPECT_TRUE(thing["properties"].contains("room"));
}

}  // namespace
}  // namespace waitlab
