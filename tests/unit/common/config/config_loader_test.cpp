#include "common/config/config_loader.hpp"

#include "common/config/apply_json.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <limits>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;

struct Settings {
  std::string strategy = "event-loop";
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;
  std::uint32_t threads = 8;
  std::uint64_t queue = 1024;
  std::chrono::nanoseconds timeout = 2s;
  std::uint64_t body = 65536;
  double share = 0.5;
  bool loud = false;
};

ConfigSpec spec_of(Settings& settings) {
  ConfigSpec spec;
  spec.choice("strategy", settings.strategy, {"event-loop", "fixed-pool", "thread-per-request"}, "")
      .text("listen.address", settings.address, "")
      .integer("listen.port", settings.port, 0, 65535, "")
      .integer("strategies.fixed-pool.threads", settings.threads, 1, 10'000, "")
      .integer("strategies.fixed-pool.queue_capacity", settings.queue, 0, 1'000'000, "")
      .duration("backend.timeout", settings.timeout, 1ms, 1h, "")
      .size("limits.body_bytes", settings.body, 1, 1 << 20, "")
      .number("share", settings.share, 0, 1, "")
      .flag("loud", settings.loud, "");
  return spec;
}

class ConfigLoader : public testing::Test {
 protected:
  ConfigLoader() {
    std::string name = (std::filesystem::temp_directory_path() / "waitlab-config-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~ConfigLoader() override { std::filesystem::remove_all(folder_); }

  void write_file(const std::string& text) { std::ofstream{file()} << text; }
  std::filesystem::path file() const { return folder_ / "server.jsonc"; }

  Result<std::vector<ConfigValue>> load_file(const std::string& text) {
    write_file(text);
    return load_config(spec_, {file(), {}, {}});
  }

  /// The error of a file with this text, without the folder.
  std::string file_error(const std::string& text) {
    const auto result = load_file(text);
    return result ? "accepted" : result.error().message.substr(folder_.string().size() + 1);
  }

  std::string set_error(const std::string& assignment) {
    const auto result = load_config(spec_, {{}, {}, {assignment}});
    return result ? "accepted" : result.error().message;
  }

  std::string variable_error(const std::string& name, const std::string& value) {
    const auto result = load_config(spec_, {{}, {{name, value}}, {}});
    return result ? "accepted" : result.error().message;
  }

  std::filesystem::path folder_;
  Settings settings_;
  ConfigSpec spec_ = spec_of(settings_);
};

TEST_F(ConfigLoader, KeepsTheDefaultsWithoutSources) {
  const auto values = load_config(spec_, {});
  ASSERT_TRUE(values);
  ASSERT_EQ(values->size(), 9u);
  EXPECT_EQ(values->at(0).key, "strategy");
  EXPECT_EQ(values->at(0).value, "\"event-loop\"");
  EXPECT_EQ(values->at(0).origin, "default");
  EXPECT_EQ(values->at(5).value, "\"2s\"");
  EXPECT_EQ(settings_.port, 8080);
}

TEST_F(ConfigLoader, ReadsEveryTypeFromAFile) {
  ASSERT_TRUE(load_file(R"({
    "$schema": "server.schema.json", // ignored
    "strategy": "fixed-pool",
    "listen": {"address": "0.0.0.0", "port": 0},
    "strategies": {"fixed-pool": {"threads": 16, "queue_capacity": 0}},
    "backend": {"timeout": "1.5s"},
    "limits": {"body_bytes": "1MiB"},
    "share": 1,
    "loud": true
  })"));
  EXPECT_EQ(settings_.strategy, "fixed-pool");
  EXPECT_EQ(settings_.address, "0.0.0.0");
  EXPECT_EQ(settings_.port, 0);
  EXPECT_EQ(settings_.threads, 16u);
  EXPECT_EQ(settings_.queue, 0u);
  EXPECT_EQ(settings_.timeout, 1500ms);
  EXPECT_EQ(settings_.body, 1u << 20);
  EXPECT_EQ(settings_.share, 1.0);
  EXPECT_TRUE(settings_.loud);
}

TEST(ConfigAuto, IsZeroUnlessANumberIsGiven) {
  std::uint32_t threads = 0;
  ConfigSpec spec;
  spec.integer_or_auto("threads", threads, 1, 100, "");
  const auto value_of = [&spec](std::vector<std::string> sets) {
    const auto values = load_config(spec, {{}, {}, std::move(sets)});
    return values ? values->front().value : values.error().message;
  };
  EXPECT_EQ(value_of({}), "\"auto\"");
  EXPECT_EQ(value_of({"threads=7"}), "7");
  EXPECT_EQ(threads, 7U);
  EXPECT_EQ(value_of({"threads=7", "threads=auto"}), "\"auto\"");
  EXPECT_EQ(threads, 0U);
  EXPECT_EQ(value_of({"threads=\"auto\""}), "\"auto\"");
  for (const char* wrong : {"0", "101", "-1", "1.5", "automatic", "true"})
    EXPECT_THAT(value_of({std::string("threads=") + wrong}),
                HasSubstr("must be a whole number from 1 to 100, or \"auto\"; found"))
        << wrong;
}

TEST_F(ConfigLoader, ReadsDottedNamesAtAnyLevel) {
  ASSERT_TRUE(load_file(R"({"strategies.fixed-pool.threads": 3,
    "strategies": {"fixed-pool.queue_capacity": 4}, "listen": {"port": 5}, "listen.address": "::1"})"));
  EXPECT_EQ(settings_.threads, 3u);
  EXPECT_EQ(settings_.queue, 4u);
  EXPECT_EQ(settings_.port, 5);
  EXPECT_EQ(settings_.address, "::1");
}

TEST_F(ConfigLoader, LetsSetWinOverEnvironmentOverFileOverDefault) {
  write_file(
      "{\n\"listen\": {\n\"port\": 1, \"address\": \"f\"},\n\"share\": 0.1, \"strategies.fixed-pool.threads\": 1}");
  const auto values = load_config(
      spec_, {file(), {{"WAITLAB_LISTEN__PORT", "2"}, {"WAITLAB_SHARE", "0.2"}}, {"listen.port=3", "listen.port=4"}});
  ASSERT_TRUE(values);
  EXPECT_EQ(settings_.port, 4);
  EXPECT_EQ(settings_.share, 0.2);
  EXPECT_EQ(settings_.address, "f");
  EXPECT_EQ(settings_.timeout, 2s);
  EXPECT_EQ(values->at(0).origin, "default");
  EXPECT_EQ(values->at(1).origin, file().string() + ":3");
  EXPECT_EQ(values->at(2).origin, "--set");
  EXPECT_EQ(values->at(3).origin, file().string() + ":4");
  EXPECT_EQ(values->at(7).origin, "WAITLAB_SHARE");
}

TEST_F(ConfigLoader, GoesBackToTheDefaultsWhenLoadedAgain) {
  ASSERT_TRUE(load_config(spec_, {{}, {}, {"listen.port=1"}}));
  ASSERT_TRUE(load_config(spec_, {}));
  EXPECT_EQ(settings_.port, 8080);
}

TEST_F(ConfigLoader, ReadsSetsAndVariablesByTheTypeOfTheSetting) {
  ASSERT_TRUE(load_config(spec_, {{},
                                  {{"WAITLAB_STRATEGIES__FIXED_POOL__QUEUE_CAPACITY", "7"}, {"WAITLAB_LOUD", "true"}},
                                  {"strategy=\"fixed-pool\"", "listen.address=8080", "backend.timeout=3m",
                                   "limits.body_bytes=1kB", "share=0.25"}}));
  EXPECT_EQ(settings_.queue, 7u);
  EXPECT_TRUE(settings_.loud);
  EXPECT_EQ(settings_.strategy, "fixed-pool");
  EXPECT_EQ(settings_.address, "8080");
  EXPECT_EQ(settings_.timeout, 3min);
  EXPECT_EQ(settings_.body, 1000u);
  EXPECT_EQ(settings_.share, 0.25);
}

TEST_F(ConfigLoader, KeepsAnEqualsSignInAValue) {
  ASSERT_TRUE(load_config(spec_, {{}, {}, {"listen.address=a=b"}}));
  EXPECT_EQ(settings_.address, "a=b");
}

TEST_F(ConfigLoader, NamesTheNearestKeyForAnUnknownOne) {
  EXPECT_EQ(file_error("{\"strategies\":\n{\"fixed-pool\": {\n\"thread\": 5}}}"),
            "server.jsonc:3: strategies.fixed-pool.thread: unknown key; did you mean \"threads\"? "
            "allowed: threads, queue_capacity");
  EXPECT_EQ(file_error("{\"strategies.fixedpool.threads\": 5}"),
            "server.jsonc:1: strategies.fixedpool.threads: unknown key; did you mean "
            "\"strategies.fixed-pool.threads\"? allowed: strategy, listen, strategies, backend, limits, share, loud");
  EXPECT_EQ(file_error("{\"listen\": {\"banana\": 5}}"),
            "server.jsonc:1: listen.banana: unknown key; allowed: address, port");
  EXPECT_THAT(file_error("{\"listen\": {\"$schema\": \"\"}}"), HasSubstr("listen.$schema: unknown key"));
  EXPECT_THAT(set_error("listen.prot=1"), HasSubstr("--set listen.prot=1: unknown key; did you mean \"listen.port\"?"));
  EXPECT_EQ(variable_error("WAITLAB_LISTEN__PROT", "1"),
            "WAITLAB_LISTEN__PROT=1: unknown variable; did you mean WAITLAB_LISTEN__PORT?");
  EXPECT_EQ(variable_error("WAITLAB_BANANA", "1"), "WAITLAB_BANANA=1: unknown variable; --print-config shows the keys");
}

TEST_F(ConfigLoader, PassesOverWhatKubernetesAndDockerSetForAServiceOfItsName) {
  for (const std::string service : {"WAITLAB", "WAITLAB_BACKEND", "WAITLAB_SERVER_1", "WAITLAB_LISTEN"}) {
    const std::vector<std::pair<std::string, std::string>> endings{
        {"_SERVICE_HOST", "10.3.104.46"},
        {"_SERVICE_PORT", "8080"},
        {"_SERVICE_PORT_HTTP", "8080"},
        {"_PORT", "tcp://10.3.104.46:8080"},
        {"_PORT_8080_TCP", "tcp://10.3.104.46:8080"},
        {"_PORT_8080_TCP_PROTO", "tcp"},
        {"_PORT_8080_TCP_PORT", "8080"},
        {"_PORT_8080_TCP_ADDR", "10.3.104.46"},
        {"_PORT_53_UDP", "udp://[fd00::1]:53"},
        {"_PORT_8000_TCP_START", "tcp://172.17.0.2:8000"},
        {"_PORT_8000_TCP_PORT_END", "8010"},
        {"_NAME", "/web/backend"},
        {"_ENV_WAITLAB_LISTEN__PORT", "9"},
    };
    for (const auto& [ending, value] : endings)
      EXPECT_TRUE(load_config(spec_, {{}, {{service + ending, value}}, {}})) << service + ending;
  }
  EXPECT_EQ(settings_.port, 8080) << "none of them is a setting";
}

TEST_F(ConfigLoader, TakesAMistakeForWhatItIsThoughAPlatformSetsTheLikes) {
  const auto* meant = ": unknown variable; did you mean WAITLAB_LISTEN__PORT?";
  EXPECT_THAT(variable_error("WAITLAB_LISTEN_PORT", "81"), EndsWith(meant));
  EXPECT_THAT(variable_error("WAITLAB_LISTEN__PROT", "tcp://10.0.0.1:81"), EndsWith(meant));
  EXPECT_THAT(variable_error("WAITLAB_PORT", "81"), HasSubstr("unknown variable"));
  EXPECT_THAT(variable_error("WAITLAB_NAME", "mine"), HasSubstr("unknown variable"));
  EXPECT_THAT(variable_error("WAITLAB_PORT_HTTP_TCP", "81"), HasSubstr("unknown variable"));
  EXPECT_THAT(variable_error("WAITLAB_PORT_80_TCP_HOST", "10.0.0.1"), HasSubstr("unknown variable"));
  EXPECT_THAT(variable_error("WAITLAB_LISTEN__PORT", "tcp://10.0.0.1:81"), HasSubstr("must be a whole number"))
      << "a key's own variable is read, whatever is in it";
}

TEST_F(ConfigLoader, RejectsAKeyGivenTwice) {
  EXPECT_EQ(file_error("{\"share\": 0,\n\"share\": 0}"), "server.jsonc:2: share: duplicate key; first given on line 1");
  EXPECT_THAT(file_error("{\"listen\": {\"port\": 1},\n\"listen.port\": 1}"),
              testing::StartsWith("server.jsonc:2: listen.port: duplicate key; also given at "));
}

TEST_F(ConfigLoader, RejectsAWrongType) {
  EXPECT_EQ(file_error(R"({"listen": {"port": "80"}})"),
            "server.jsonc:1: listen.port: must be a whole number from 0 to 65535; found \"80\"");
  EXPECT_EQ(file_error(R"({"listen": {"port": 8.5}})"),
            "server.jsonc:1: listen.port: must be a whole number from 0 to 65535; found 8.5");
  EXPECT_EQ(file_error(R"({"listen": {"port": [80]}})"),
            "server.jsonc:1: listen.port: must be a whole number from 0 to 65535; found a list");
  EXPECT_EQ(file_error(R"({"listen": {"address": null}})"),
            "server.jsonc:1: listen.address: must be text in quotes; found null");
  EXPECT_EQ(file_error(R"({"loud": 1})"), "server.jsonc:1: loud: must be true or false; found 1");
  EXPECT_EQ(file_error(R"({"share": "x"})"), "server.jsonc:1: share: must be a number from 0 to 1; found \"x\"");
  EXPECT_EQ(file_error(R"({"strategy": {}})"),
            "server.jsonc:1: strategy: unknown value an object; allowed: event-loop, fixed-pool, thread-per-request");
  EXPECT_EQ(file_error(R"({"backend": {"timeout": 50}})"),
            "server.jsonc:1: backend.timeout: must be a duration from 1ms to 1h, such as \"50ms\"; found 50");
  EXPECT_EQ(file_error(R"({"limits": {"body_bytes": 5}})"),
            "server.jsonc:1: limits.body_bytes: must be a size from 1B to 1MiB, such as \"64KiB\"; found 5");
  EXPECT_EQ(file_error(R"({"listen": 8080})"),
            "server.jsonc:1: listen: must be an object with the keys address, port; found 8080");
  EXPECT_THAT(file_error("[]"), testing::StartsWith("server.jsonc:1: must be an object with the keys strategy, "));
}

TEST_F(ConfigLoader, RejectsTextWithANulWhichTheKernelWouldCutThere) {
  EXPECT_EQ(file_error(R"({"listen": {"address": "127.0.0.1\u0000x"}})"),
            "server.jsonc:1: listen.address: must be text without a NUL character; found \"127.0.0.1\\u0000x\"");
  EXPECT_THAT(set_error(R"(listen.address="\u0000")"), HasSubstr("must be text without a NUL character"));
  EXPECT_THAT(variable_error("WAITLAB_LISTEN__ADDRESS", R"("::1\u0000")"),
              HasSubstr("must be text without a NUL character"));
}

TEST_F(ConfigLoader, RejectsAValueOutOfRange) {
  EXPECT_EQ(set_error("listen.port=99999"),
            "--set listen.port=99999: must be a whole number from 0 to 65535; found 99999");
  EXPECT_EQ(set_error("listen.port=-1"), "--set listen.port=-1: must be a whole number from 0 to 65535; found -1");
  EXPECT_EQ(set_error("listen.port=99999999999999999999"),
            "--set listen.port=99999999999999999999: must be a whole number from 0 to 65535; found 1e+20");
  EXPECT_EQ(set_error("share=1.01"), "--set share=1.01: must be a number from 0 to 1; found 1.01");
  EXPECT_EQ(set_error("backend.timeout=2h"),
            "--set backend.timeout=2h: must be a duration from 1ms to 1h, such as \"50ms\"; found \"2h\"");
  EXPECT_EQ(set_error("limits.body_bytes=0B"),
            "--set limits.body_bytes=0B: must be a size from 1B to 1MiB, such as \"64KiB\"; found \"0B\"");
}

TEST_F(ConfigLoader, RejectsABadUnitWithAnExample) {
  EXPECT_EQ(file_error("{\"backend\":\n{\"timeout\": \"50\"}}"),
            "server.jsonc:2: backend.timeout: \"50\" has no unit (ns, us, ms, s, m, h); write for example \"50ms\"");
  EXPECT_EQ(set_error("backend.timeout=5parsecs"),
            "--set backend.timeout=5parsecs: \"5parsecs\" has the unknown unit \"parsecs\" (allowed: ns, us, ms, s, m, "
            "h); write for example \"50ms\"");
}

TEST_F(ConfigLoader, ListsTheChoicesForAnUnknownOne) {
  EXPECT_EQ(variable_error("WAITLAB_STRATEGY", "foo"),
            "WAITLAB_STRATEGY=foo: unknown value \"foo\"; allowed: event-loop, fixed-pool, thread-per-request");
  EXPECT_EQ(set_error("strategy=fixedpool"),
            "--set strategy=fixedpool: unknown value \"fixedpool\"; did you mean \"fixed-pool\"? "
            "allowed: event-loop, fixed-pool, thread-per-request");
}

TEST_F(ConfigLoader, RejectsASetThatIsNoAssignment) {
  const auto* remedy = ": must be key=value, such as --set listen.port=8080";
  EXPECT_THAT(set_error("listen.port"), EndsWith(remedy));
  EXPECT_THAT(set_error("=5"), EndsWith(remedy));
  EXPECT_THAT(set_error(""), EndsWith(remedy));
  EXPECT_EQ(set_error("listen=5"), "--set listen=5: listen is a group; set one of its keys: address, port");
}

TEST_F(ConfigLoader, RejectsAMissingFileAndADirectory) {
  const auto missing = load_config(spec_, {file(), {}, {}});
  ASSERT_FALSE(missing);
  EXPECT_THAT(
      missing.error().message,
      EndsWith(
          ": cannot be opened: No such file or directory; check the path (in a container: what is mounted there)"));
  const auto directory = load_config(spec_, {folder_, {}, {}});
  ASSERT_FALSE(directory);
  EXPECT_THAT(directory.error().message, EndsWith(": is a directory; give the name of a JSON file (Docker makes a "
                                                  "directory where a file to mount is missing)"));
}

TEST_F(ConfigLoader, SaysAllInOneReadableLine) {
  for (const auto& message :
       {file_error("{\"a\\nb\": 1}"), set_error("listen.port=a\nb"), set_error("strategy=\xff\xfe\n"),
        set_error("limits.body_bytes=" + std::string(10'000, '\n')), variable_error("WAITLAB_A\nB", "\r\n")}) {
    EXPECT_EQ(message.find_first_of("\r\n"), std::string::npos) << message;
    EXPECT_LT(message.size(), 500u) << message;
  }
}

TEST_F(ConfigLoader, AppliesAnObjectInsideADocument) {
  const auto document =
      parse_jsonc("{\"targets\": [\n{\"config\":\n{\"listen.port\": 7}}, {\"config\": {\"lisen\": 1}}]}", "e");
  ASSERT_TRUE(document);
  const auto values = apply_json(spec_, *document, nlohmann::json::json_pointer{"/targets/0/config"});
  ASSERT_TRUE(values);
  EXPECT_EQ(settings_.port, 7);
  EXPECT_EQ(values->at(2).origin, "e:3");
  const auto wrong = apply_json(spec_, *document, nlohmann::json::json_pointer{"/targets/1/config"});
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message,
              testing::StartsWith("e:3: targets.1.config.lisen: unknown key; did you mean \"listen\"?"));
}

TEST_F(ConfigLoader, HoldsAnIntegerToTheRangeOfItsField) {
  std::uint8_t small = 0;
  ConfigSpec spec;
  spec.integer("small", small, 0, std::numeric_limits<std::uint64_t>::max(), "");
  const auto result = load_config(spec, {{}, {}, {"small=256"}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "--set small=256: must be a whole number from 0 to 255; found 256");
}

TEST_F(ConfigLoader, ReadsWhatIsRightOfAFile) {
  write_file("{\"strategy\": \"banana\",\n\"listen\": {\"prot\": 1, \"port\": 81}, \"loud\": true}");
  const auto faults = load_what_is_right(spec_, {file(), {}, {"share=0.25"}});
  ASSERT_TRUE(faults) << faults.error().message;
  ASSERT_EQ(faults->size(), 2U);
  EXPECT_EQ(settings_.port, 81);
  EXPECT_TRUE(settings_.loud);
  EXPECT_EQ(settings_.share, 0.25);
  EXPECT_EQ(settings_.strategy, "event-loop");
}

TEST_F(ConfigLoader, ReadsTheOtherSourcesOfAFileThatIsNoJson) {
  write_file("{");
  const auto faults = load_what_is_right(spec_, {file(), {{"WAITLAB_LISTEN__PORT", "81"}}, {}});
  ASSERT_TRUE(faults) << faults.error().message;
  EXPECT_EQ(faults->size(), 1U);
  EXPECT_EQ(settings_.port, 81);
  EXPECT_FALSE(load_what_is_right(spec_, {file(), {}, {"listen.prot=1"}}));
}

TEST(PrintConfig, AlignsKeysValuesAndOrigins) {
  EXPECT_EQ(print_config({{"strategy", "\"fixed-pool\"", "--set"},
                          {"listen.port", "8080", "server.jsonc:12"},
                          {"backend.profile.hold_log", "\"/var/log/waitlab/holds.csv\"", "default"}}),
            "strategy                  \"fixed-pool\"  --set\n"
            "listen.port               8080          server.jsonc:12\n"
            "backend.profile.hold_log  \"/var/log/waitlab/holds.csv\"  default\n");
}

TEST(WaitlabEnvironment, HoldsOnlyTheVariablesOfTheProject) {
  setenv("WAITLAB_TEST_VARIABLE", "a=b", 1);
  setenv("OTHER_WAITLAB_VARIABLE", "x", 1);
  const auto variables = waitlab_environment();
  EXPECT_THAT(variables, testing::Contains(testing::Pair("WAITLAB_TEST_VARIABLE", "a=b")));
  EXPECT_THAT(variables, testing::Each(testing::Key(testing::StartsWith("WAITLAB_"))));
  unsetenv("WAITLAB_TEST_VARIABLE");
  unsetenv("OTHER_WAITLAB_VARIABLE");
}

}  // namespace
}  // namespace waitlab
