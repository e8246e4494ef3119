#include "client/experiment/placeholders.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

TEST(Placeholders, AreFilledInWhereTheyStand) {
  const Placeholders values{{"port", "80"}, {"backend", "h:1"}, {"a.b-c", "x"}};
  EXPECT_EQ(fill_placeholders("{port}", values), "80");
  EXPECT_EQ(fill_placeholders("http://h:{port}/{backend}?{port}{a.b-c}", values), "http://h:80/h:1?80x");
  EXPECT_EQ(fill_placeholders("", values), "");
}

TEST(Placeholders, OtherBracesStay) {
  const Placeholders values{{"port", "{backend}"}, {"backend", "h:1"}};
  for (const char* text : {"{", "}", "{}", "{ports}", "events { worker 1; }", "{port", "{{x}}"})
    EXPECT_EQ(fill_placeholders(text, values), text);
  EXPECT_EQ(fill_placeholders("{port}", values), "{backend}") << "what is filled in is not looked at again";
  EXPECT_EQ(fill_placeholders("{{port}}", values), "{{backend}}");
}

TEST(Placeholders, AreToldFromOtherNamesInBraces) {
  const Placeholders values{{"port", "80"}, {"backend", "h:1"}};
  using Names = std::vector<std::string>;
  EXPECT_EQ(other_names_in_braces("{port} {prot} a{backend}b {} }{", values), (Names{"prot", ""}));
  EXPECT_EQ(other_names_in_braces("{{x}} { y }", values), (Names{"x", " y "}));
  EXPECT_EQ(other_names_in_braces("none", values), Names{});
}

}  // namespace
}  // namespace waitlab::client
