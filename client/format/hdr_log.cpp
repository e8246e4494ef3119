#include "client/format/hdr_log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace waitlab::client {
namespace {

using Text = std::back_insert_iterator<std::string>;

constexpr std::array<const char*, 2> tag_names{"response_time", "service_time"};

void add_header(Text text, UtcTime begin, std::uint64_t timed_out) {
  const auto calendar = fmt::gmtime(std::chrono::system_clock::to_time_t(begin));
  fmt::format_to(text, "#[waitlab-client: histograms in nanoseconds, Interval_Max in milliseconds]\n");
  fmt::format_to(text, "#[Histogram log format version 1.3]\n");
  fmt::format_to(text, "#[StartTime: {:.3f} (seconds since epoch), {:%Y-%m-%dT%H:%M:%SZ}]\n",
                 std::chrono::duration<double>(begin.time_since_epoch()).count(), calendar);
  if (timed_out > 0)
    fmt::format_to(text, "#[{} of the response times are those of time-outs: lower bounds]\n", timed_out);
  fmt::format_to(text, "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n");
}

}  // namespace

void HdrLog::add(const Slice& slice) {
  Second& second = open(slice.index / slices_per_second);
  second[0].merge(slice.response_time.values);
  second[1].merge(slice.service_time.values);
  timed_out_ += slice.response_time.censored;
}

std::string HdrLog::text() const {
  std::string text;
  const auto out = std::back_inserter(text);
  add_header(out, begin_, timed_out_);
  std::map<std::uint64_t, LineEnds> seconds = closed_;
  for (const auto& [index, second] : open_)
    seconds[index] = line_ends(second);
  const LineEnds silent = line_ends({});
  const std::uint64_t end = seconds.empty() ? 0 : seconds.rbegin()->first + 1;
  for (std::uint64_t index = 0; index < end; ++index) {
    const auto found = seconds.find(index);
    const LineEnds& ends = found == seconds.end() ? silent : found->second;
    for (std::size_t tag = 0; tag < tags; ++tag)
      fmt::format_to(out, "Tag={},{}.000,1.000,{}\n", tag_names[tag], index, ends[tag]);
  }
  return text;
}

HdrLog::LineEnds HdrLog::line_ends(const Second& second) {
  LineEnds ends;
  std::transform(second.begin(), second.end(), ends.begin(), [](const HdrHistogram& times) {
    return fmt::format("{:.3f},{}", std::chrono::duration<double, std::milli>(times.max()).count(), times.encode());
  });
  return ends;
}

HdrLog::Second& HdrLog::open(std::uint64_t index) {
  const auto [place, is_new] = open_.try_emplace(index);
  if (!is_new) return place->second;
  if (const auto late = closed_.find(index); late != closed_.end()) {
    std::transform(late->second.begin(), late->second.end(), place->second.begin(), [](const std::string& end) {
      return HdrHistogram::decode(std::string_view(end).substr(end.find(',') + 1)).value();
    });
    closed_.erase(late);
  }
  if (open_.size() > most_open) {
    const auto oldest = open_.begin()->first == index ? std::next(open_.begin()) : open_.begin();
    closed_[oldest->first] = line_ends(oldest->second);
    open_.erase(oldest);
  }
  return place->second;
}

}  // namespace waitlab::client
