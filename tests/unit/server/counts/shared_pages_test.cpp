#include "server/counts/shared_pages.hpp"

#include "server/counts/request_state.hpp"
#include "server/counts/telemetry.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace waitlab::server {
namespace {

TEST(SharedPages, AreTheSameWhereverTheyAreMapped) {
  SharedFile file;
  const SharedPages first(5000, &file);
  const SharedPages second(5000, &file);
  const SharedPages again(5000, second.place());
  second.as<std::uint64_t>(1)[0] = 7;
  EXPECT_EQ(again.as<std::uint64_t>(1)[0], 7U);
  EXPECT_EQ(first.as<std::uint64_t>(1)[0], 0U);
}

TEST(SharedPages, ReadAsZerosOnceTheyAreForgotten) {
  SharedFile file;
  for (SharedFile* const place : {static_cast<SharedFile*>(nullptr), &file}) {
    SharedPages pages(2 * 4096, place);
    const auto numbers = pages.as<std::uint64_t>(1024);
    numbers[0] = 7;
    numbers[512] = 8;
    pages.forget(4096);
    EXPECT_EQ(numbers[0], 7U);
    EXPECT_EQ(numbers[512], 0U);
  }
}

/// What a process does with a request that another one has begun, here within one.
class SharedTelemetry : public testing::Test {
 protected:
  SharedTelemetry() { request.run(); }

  SharedFile file;
  Tracer tracer{&file};
  Telemetry telemetry{"any", tracer, &file};
  Tracer elsewhere_tracer{tracer.place()};
  Telemetry elsewhere{"any", elsewhere_tracer, file, telemetry.parts()};
  RequestState request{telemetry};
};

TEST_F(SharedTelemetry, LetsAnotherProcessGoOnWithARequest) {
  ASSERT_TRUE(tracer.start());
  {
    RequestState lent(elsewhere, request.lend());
    lent.wait();
    EXPECT_EQ(requests_now(telemetry, telemetry.counts.total()).waiting, 1);
    lent.end();
  }
  EXPECT_FALSE(request.in_flight());
  EXPECT_EQ(telemetry.in_flight.value(), 0);
  EXPECT_EQ(telemetry.counts.total().ended, 1U);
  EXPECT_EQ(tracer.stop({&telemetry.requests}).spans.size(), 2U) << "it ran, then waited";
}

TEST_F(SharedTelemetry, LetsARequestEndWhoseProcessHasDied) {
  RequestState lent(elsewhere, request.lend());
  lent.wait();
  request.end();
  EXPECT_EQ(requests_now(telemetry, telemetry.counts.total()).waiting, 0);
  EXPECT_EQ(telemetry.in_flight.value(), 0);
}

}  // namespace
}  // namespace waitlab::server
