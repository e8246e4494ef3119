#include "client/fleet/message.hpp"

#include "client/fleet/load_fields.hpp"
#include "client/format/times_fields.hpp"
#include "client/format/worker_fields.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

namespace waitlab::client {
namespace {

using form::Json;
using std::chrono::nanoseconds;

constexpr std::array<std::string_view, 4> outcome_words{"completed", "failed", "timed_out", "unfinished"};

/// What a slice records, without figures.
constexpr form::Members recorded{[](auto& visit, auto& times) {
  visit("values", HistogramForm{}, times.values);
  visit("censored", form::count, times.censored);
  visit("least_censored_us", TimeUnless{nanoseconds::max()}, times.least_censored);
  visit("unfinished", form::count, times.unfinished);
}};

/// A number that has less than 64 bits.
template <class Small>
void small_field(auto& visit, const char* key, Small& value) {
  std::uint64_t wide = value;
  visit(key, form::Count{.most = std::numeric_limits<std::remove_const_t<Small>>::max()}, wide);
  if constexpr (!std::is_const_v<Small>) value = static_cast<Small>(wide);
}

}  // namespace

void fields(auto& visit, Of<Slice> auto& slice) {
  std::uint64_t step = slice.step;
  visit("step", form::count, step);
  visit("index", form::count, slice.index);
  visit("response_time", recorded, slice.response_time);
  visit("service_time", recorded, slice.service_time);
  visit("ended", form::count, slice.ended);
  visit("errors", form::count, slice.errors);
  if constexpr (!std::is_const_v<std::remove_reference_t<decltype(slice)>>) slice.step = step;
}

void fields(auto& visit, Of<ServerTiming> auto& timing) {
  visit("queue_ns", in_ns, timing.queue);
  visit("backend_ns", in_ns, timing.backend);
  visit("handler_ns", in_ns, timing.handler);
}

void fields(auto& visit, Of<RequestRow> auto& row) {
  visit("n", form::count, row.n);
  small_field(visit, "step", row.step);
  small_field(visit, "target", row.target);
  visit("outcome", form::Choice{outcome_words}, row.outcome);
  small_field(visit, "status", row.status);
  visit("error", form::Nullable{form::Choice{error_names}}, row.error);
  visit("intended_ns", in_ns, row.intended);
  visit("sent_ns", form::Nullable{in_ns}, row.sent);
  visit("ended_ns", form::Nullable{in_ns}, row.ended);
  visit("connect_ns", in_ns, row.connect);
  visit("body_bytes", form::count, row.body_bytes);
  visit("timing", form::Nullable{form::object}, row.timing);
}

void fields(auto& visit, Of<ArrivalTally::Sums> auto& sums) {
  std::vector<std::uint64_t> gaps(sums.gaps.begin(), sums.gaps.end());
  visit("sends", form::count, sums.sends);
  visit("gaps", form::ListOf{form::count}, gaps);
  visit("windows", form::ListOf{form::count}, sums.windows);
  visit.check([&gaps](const JsonPlace& place) {
    if (gaps.size() != ArrivalTally::bins) place["gaps"].refuse(fmt::format("must be {} counts", ArrivalTally::bins));
  });
  if constexpr (!std::is_const_v<std::remove_reference_t<decltype(sums)>>)
    std::copy_n(gaps.begin(), std::min(gaps.size(), sums.gaps.size()), sums.gaps.begin());
}

namespace fleet {

void fields(auto& visit, Of<Challenge> auto& challenge) {
  visit("version", form::text, challenge.version);
  visit("nonce", form::text, challenge.nonce);
}

void fields(auto& visit, Of<Refusal> auto& refusal) {
  visit("why", form::text, refusal.why);
}

void fields(auto& visit, Of<Welcome> auto& welcome) {
  visit("place", form::count, welcome.place);
  visit("places", form::count, welcome.places);
}

void fields(auto& visit, Of<Ping> auto& ping) {
  visit("sent", form::count, ping.sent);
}

void fields(auto& visit, Of<Order> auto& order) {
  visit("load", form::object, order.load);
  visit("rows", form::flag, order.rows);
}

void fields(auto& visit, Of<Start> auto& start) {
  visit("at", form::count, start.at);
}

void fields(auto&, Of<Stop> auto&) {}

void fields(auto&, Of<Bye> auto&) {}

void fields(auto& visit, Of<Registration> auto& registration) {
  visit("name", form::text, registration.name);
  visit("version", form::text, registration.version);
  visit("proof", form::text, registration.proof);
  visit("cpus", form::count, registration.cpus);
}

void fields(auto& visit, Of<Pong> auto& pong) {
  visit("sent", form::count, pong.sent);
  visit("answer", form::count, pong.answer);
}

void fields(auto&, Of<Ready> auto&) {}

void fields(auto& visit, Of<CannotRun> auto& refusal) {
  visit("why", form::text, refusal.why);
}

void fields(auto& visit, Of<Started> auto& started) {
  visit("late_ns", form::count, started.late_ns);
}

void fields(auto& visit, Of<Progress> auto& progress) {
  visit("sent", form::count, progress.sent);
  visit("completed", form::count, progress.completed);
  visit("errors", form::count, progress.errors);
  visit("in_flight", form::count, progress.in_flight);
}

void fields(auto& visit, Of<Slices> auto& slices) {
  visit("slices", form::ListOf{form::object}, slices.slices);
}

void fields(auto& visit, Of<Rows> auto& rows) {
  visit("rows", form::ListOf{form::object}, rows.rows);
}

void fields(auto& visit, Of<Outcome> auto& outcome) {
  visit("result", ResultForm{}, outcome.result);
  visit("arrivals", form::Nullable{form::object}, outcome.arrivals);
}

namespace {

// The types of the messages, in the order of the variants.
constexpr std::array<std::string_view, std::variant_size_v<FromCollector>> collector_types{
    "challenge", "refusal", "welcome", "ping", "order", "start", "stop", "bye"};
constexpr std::array<std::string_view, std::variant_size_v<FromWorker>> worker_types{
    "register", "pong", "ready", "cannot_run", "started", "progress", "slices", "rows", "outcome"};

template <class Message>
std::string encode_as(std::span<const std::string_view> types, const Message& message) {
  Json json = std::visit([](const auto& told) { return form::object.write(told); }, message);
  json["type"] = types[message.index()];
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The alternative of that index, as it stands at that place.
template <class Message, std::size_t... index>
Message read_alternative(std::size_t wanted, const JsonPlace& place, std::index_sequence<index...>) {
  Message message;
  const auto read = [&]<std::size_t i>() {
    if (i == wanted) form::object.read(place, message.template emplace<i>());
  };
  (read.template operator()<index>(), ...);
  return message;
}

template <class Message>
Result<Message> decode_as(std::span<const std::string_view> types, const std::string& text) {
  // Not read as a file is: there are no lines to tell of, and the other side writes no comments.
  const JsonDocument document{"message", nlohmann::json::parse(text, nullptr, false), {}};
  if (!document.root.is_object()) return Failure{"what came is no JSON object"};
  std::optional<Failure> failure;
  const JsonPlace place(document, failure);
  std::string type;
  form::Choice{types}.read(place["type"], type);
  if (failure) return *failure;
  const auto index = static_cast<std::size_t>(std::ranges::find(types, type) - types.begin());
  Message message = read_alternative<Message>(index, place, std::make_index_sequence<std::variant_size_v<Message>>());
  if (failure) return *failure;
  return message;
}

}  // namespace

std::string encode(const FromCollector& message) {
  return encode_as(collector_types, message);
}

std::string encode(const FromWorker& message) {
  return encode_as(worker_types, message);
}

Result<FromCollector> decode_from_collector(const std::string& text) {
  return decode_as<FromCollector>(collector_types, text);
}

Result<FromWorker> decode_from_worker(const std::string& text) {
  return decode_as<FromWorker>(worker_types, text);
}

}  // namespace fleet
}  // namespace waitlab::client
