#include "common/histogram/hdr_histogram.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

namespace waitlab {
namespace {

using std::chrono::nanoseconds;

constexpr auto library = "/usr/share/java/hdrhistogram.jar";
constexpr auto judge = WAITLAB_SOURCE_DIR "/tests/unit/common/histogram/HistogramJudge.java";

/// The lines that the judge prints about an encoding.
std::vector<std::string> judge_lines(const std::string& encoding) {
  std::string folder = (std::filesystem::temp_directory_path() / "waitlab-judge-XXXXXX").string();
  const std::filesystem::path file = std::filesystem::path{mkdtemp(folder.data())} / "encoding";
  std::ofstream{file} << encoding;
  const auto command = std::string{"java -cp "} + library + " " + judge + " " + file.string();
  std::vector<std::string> lines{""};
  if (auto* const output = popen(command.c_str(), "r")) {
    for (int c = std::fgetc(output); c != EOF; c = std::fgetc(output)) {
      if (c == '\n') {
        lines.emplace_back();
      } else {
        lines.back() += static_cast<char>(c);
      }
    }
    pclose(output);
  }
  std::filesystem::remove_all(folder);
  return lines;
}

HdrHistogram exponential_holds() {
  HdrHistogram histogram;
  std::mt19937_64 random{7};
  std::exponential_distribution<double> hold{1 / 50e6};
  for (int i = 0; i < 100'000; ++i)
    histogram.record(nanoseconds{std::llround(hold(random))});
  histogram.record(std::chrono::hours{2});
  return histogram;
}

std::string text(nanoseconds value) {
  return std::to_string(value.count());
}

TEST(HistogramJudge, JavaLibraryReadsTheSameFiguresAndIsReadBack) {
  ASSERT_TRUE(std::filesystem::exists(library)) << library << " is missing: install libhdrhistogram-java";
  ASSERT_EQ(std::system("java --version > /dev/null"), 0) << "java is missing: install default-jdk-headless";
  const auto histogram = exponential_holds();
  const auto lines = judge_lines(histogram.encode());
  ASSERT_GE(lines.size(), 8u);
  EXPECT_EQ(lines[0], std::to_string(histogram.count()));
  EXPECT_EQ(lines[1], text(histogram.min()));
  EXPECT_EQ(lines[2], text(histogram.max()));
  EXPECT_EQ(lines[3], text(histogram.value_at(0.5)));
  EXPECT_EQ(lines[4], text(histogram.value_at(0.99)));
  EXPECT_EQ(lines[5], text(histogram.value_at(0.999)));
  EXPECT_EQ(lines[6], std::to_string(std::llround(histogram.mean_ns())));

  const auto read_back = HdrHistogram::decode(lines[7]);
  ASSERT_TRUE(read_back) << read_back.error().message;
  EXPECT_EQ(read_back->encode(), histogram.encode());
}

}  // namespace
}  // namespace waitlab
