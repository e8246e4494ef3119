#include "server/banner.hpp"

#include "server/sizing.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace waitlab::server {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Banner : public testing::Test {
 protected:
  std::string text() const {
    const ServerConfig sized = sized_for(limits_, config_);
    return banner({.config = sized,
                   .limits = limits_,
                   .address = resolve_authority(address_).value(),
                   .admin_address = resolve_authority("127.0.0.1:9090").value(),
                   .config_file = file_,
                   .container = container_,
                   .pid = 4711});
  }

  ServerConfig config_;
  ResourceLimits limits_{.cpus_usable = 2, .cgroup = {}, .descriptors = 20'000, .threads = {32'765, "mappings"}};
  std::string address_ = "127.0.0.1:8080";
  std::string file_ = "config/server.jsonc";
  std::string container_;
};

TEST_F(Banner, SaysHowItWaitsForWhatAndWithWhat) {
  EXPECT_THAT(text(),
              AllOf(HasSubstr("event-loop: one thread"), HasSubstr("a backend of its own: exponential, mean 50ms"),
                    HasSubstr("2 CPUs, no memory limit, 32765 threads, 20000 files")));
  config_.strategy = "fixed-pool";
  config_.backend.mode = "timer";
  config_.backend.profiles.standard.delay.distribution = "fixed";
  EXPECT_THAT(text(), AllOf(HasSubstr("fixed-pool: 16 threads, and a queue for 1024 requests"),
                            HasSubstr("a timer, no backend: fixed, 50ms")));
  config_.strategy = "thread-per-request";
  config_.backend.mode = "remote";
  EXPECT_THAT(text(), AllOf(HasSubstr("a new thread for each request, 4096 at most"),
                            HasSubstr("the backend at 127.0.0.1:8081")));
}

TEST_F(Banner, TellsAContainersLimits) {
  limits_.cgroup = {.cpus = 0.5, .memory_bytes = 100 * 1024 * 1024, .pids = 50};
  EXPECT_THAT(text(), HasSubstr("0.5 of 2 CPUs, 100MiB of memory"));
}

TEST_F(Banner, SaysHowToTryWatchAndSwitchIt) {
  EXPECT_THAT(text(),
              AllOf(HasSubstr("curl -i http://127.0.0.1:8080/wait"), HasSubstr("http://127.0.0.1:9090/ in a browser"),
                    HasSubstr("waitlab-client run -R 400 --arrivals poisson"), HasSubstr("kill -HUP 4711"),
                    HasSubstr("in config/server.jsonc, then"), Not(HasSubstr("docker"))));
  address_ = "0.0.0.0:8080";
  file_.clear();
  EXPECT_THAT(text(), AllOf(HasSubstr("curl -i http://localhost:8080/wait"), HasSubstr("--set strategy=fixed-pool")));
  config_.strategy = "fixed-pool";
  EXPECT_THAT(text(), HasSubstr("--set strategy=event-loop")) << "another than the one that runs";
}

TEST_F(Banner, SpeaksOfTheContainerThatTheServerIs) {
  container_ = "1f0c9e7a3b21";
  EXPECT_THAT(text(), AllOf(HasSubstr("--network container:1f0c9e7a3b21"), HasSubstr("docker kill -s HUP 1f0c9e7a3b21"),
                            HasSubstr("(mounted)"), Not(HasSubstr("4711"))));
}

TEST_F(Banner, FitsEightyColumns) {
  address_ = "0.0.0.0:8080";
  file_ = "/etc/waitlab/server.jsonc";
  config_.backend.profiles.standard.delay.distribution = "lognormal";
  limits_.cgroup = {.cpus = 0.5, .memory_bytes = 100 * 1024 * 1024, .pids = 50};
  for (const char* container : {"", "1f0c9e7a3b21"}) {
    container_ = container;
    std::istringstream lines(text());
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(line.size(), 80U) << line;
  }
}

}  // namespace
}  // namespace waitlab::server
