#include "common/config/config_loader.hpp"
#include "common/config/config_setting.hpp"
#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace waitlab {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Pool {
  std::uint32_t threads = 8;
  std::string log;
};

void bind_pool(ConfigSpec& spec, const std::string& prefix, Pool& pool) {
  spec.integer(prefix + "threads", pool.threads, 1, 100, "Workers").text(prefix + "on.log", pool.log, "A file");
}

class ConfigBlocksTest : public testing::Test {
 protected:
  ConfigBlocksTest() {
    bind_pool(spec_, "pool.", pool_);
    spec_.blocks("pools.", pools_, bind_pool);
  }

  std::string set(std::vector<std::string> sets) {
    const auto values = load_config(spec_, {{}, {}, std::move(sets)});
    return values ? "accepted" : values.error().message;
  }

  std::string file_error(const std::string& text) {
    const TemporaryFile file(".jsonc");
    file.write(text);
    const auto values = load_config(spec_, {file.path(), {}, {}});
    return values ? "accepted" : values.error().message;
  }

  Pool pool_;
  std::map<std::string, Pool> pools_;
  ConfigSpec spec_;
};

TEST_F(ConfigBlocksTest, AreMadeByTheNamesThatAFileGives) {
  EXPECT_EQ(
      file_error(R"({"pools": {"db": {"threads": 3, "on": {"log": "db.log"}}, "b-2": {}}, "pools.c.threads": 4})"),
      "accepted");
  ASSERT_EQ(pools_.size(), 3U);
  EXPECT_EQ(pools_["db"].threads, 3U);
  EXPECT_EQ(pools_["db"].log, "db.log");
  EXPECT_EQ(pools_["b-2"].threads, 8U);
  EXPECT_EQ(pools_["c"].threads, 4U);
}

TEST_F(ConfigBlocksTest, AreMadeBySetsAndVariables) {
  const auto values = load_config(
      spec_, {{}, {{"WAITLAB_POOLS__B_2__ON__LOG", "a"}, {"WAITLAB_POOLS__DB__THREADS", "5"}}, {"pools.db.threads=6"}});
  ASSERT_TRUE(values) << values.error().message;
  EXPECT_EQ(pools_["b_2"].log, "a");
  EXPECT_EQ(pools_["db"].threads, 6U);
}

TEST_F(ConfigBlocksTest, AreFoundByVariablesWhateverSignsTheFileGaveThem) {
  const TemporaryFile file(".jsonc");
  file.write(R"({"pools": {"b-2": {"threads": 3}}})");
  ASSERT_TRUE(load_config(spec_, {file.path(), {{"WAITLAB_POOLS__B_2__THREADS", "7"}}, {}}));
  ASSERT_EQ(pools_.size(), 1U);
  EXPECT_EQ(pools_["b-2"].threads, 7U);
}

TEST_F(ConfigBlocksTest, BeginAnewWithEachReading) {
  ASSERT_EQ(set({"pools.db.threads=6"}), "accepted");
  ASSERT_EQ(set({}), "accepted");
  EXPECT_TRUE(pools_.empty());
}

TEST_F(ConfigBlocksTest, ArePrintedWithTheOriginOfEachValue) {
  const auto values = load_config(spec_, {{}, {}, {"pools.db.threads=6"}});
  ASSERT_TRUE(values);
  const std::string printed = print_config(*values);
  EXPECT_THAT(printed, HasSubstr("pools.db.threads  6   --set\n"));
  EXPECT_THAT(printed, HasSubstr("pools.db.on.log   \"\"  default\n"));
}

TEST_F(ConfigBlocksTest, RefuseWhatIsNoKeyOfThem) {
  EXPECT_THAT(set({"pools.db.thread=6"}), HasSubstr("did you mean \"pools.db.threads\"?"));
  EXPECT_THAT(file_error(R"({"pools": {"db": {"thread": 6}}})"),
              HasSubstr("pools.db.thread: unknown key; did you mean \"threads\"? allowed: threads, on"));
  EXPECT_THAT(set({"pools.db=6"}), HasSubstr("pools.db is a group; set one of its keys: threads, on"));
  EXPECT_THAT(set({"pools=6"}), HasSubstr("pools is a group; set one of its keys: NAME"));
  EXPECT_THAT(file_error(R"({"pools": {"db": 6}})"), HasSubstr("must be an object with the keys threads, on; found 6"));
  EXPECT_THAT(file_error(R"({"pools": {"db": {"threads": 6}}, "pools.db.threads": 7})"), HasSubstr("duplicate key"));
  EXPECT_THAT(set({"pols.db.threads=6"}), HasSubstr("pools"));
  const auto unknown = load_config(spec_, {{}, {{"WAITLAB_POOLS__DB__THREAD", "5"}}, {}});
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("did you mean WAITLAB_POOLS__DB__THREADS?"));
}

TEST_F(ConfigBlocksTest, RefuseWhatIsNoName) {
  for (const std::string& name :
       std::vector<std::string>{"", "DB", "a b", "-a", "_a", "\u00e4", std::string(41, 'a')}) {
    EXPECT_FALSE(is_block_name(name)) << name;
    EXPECT_THAT(set({"pools." + name + ".threads=6"}), HasSubstr("is no name: use up to 40 of a-z")) << name;
    EXPECT_THAT(file_error("{\"pools\": {\"" + name + "\": {}}}"), HasSubstr("is no name")) << name;
  }
  for (const std::string& name : std::vector<std::string>{"a", "0", "a-b_c", std::string(40, 'a')})
    EXPECT_TRUE(is_block_name(name)) << name;
}

TEST_F(ConfigBlocksTest, AreNotMistakenForTheBlockWithoutAName) {
  ASSERT_EQ(set({"pool.threads=2", "pools.pool.threads=3"}), "accepted");
  EXPECT_EQ(pool_.threads, 2U);
  EXPECT_EQ(pools_["pool"].threads, 3U);
}

TEST_F(ConfigBlocksTest, HaveASchemaForEveryName) {
  const auto properties = nlohmann::json::parse(json_schema(spec_, ""))["properties"];
  EXPECT_EQ(properties["pools"]["additionalProperties"], false);
  EXPECT_EQ(properties["pools"]["patternProperties"][std::string(block_name_pattern)], properties["pool"]);
  EXPECT_THAT(properties["pools"].dump(), Not(HasSubstr("NAME")));
}

}  // namespace
}  // namespace waitlab
