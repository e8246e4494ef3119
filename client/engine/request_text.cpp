#include "client/engine/request_text.hpp"

#include "common/splitmix64.hpp"

#include <fmt/format.h>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/split.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

namespace waitlab::client {
namespace {

/// Uniform in [0, 1). The seed is hashed once more, because the arrivals draw from it as it stands.
double uniform_of_mix(std::uint64_t seed, std::uint64_t n) noexcept {
  constexpr auto seed_of_mix = std::numeric_limits<std::uint64_t>::max();  // a number that no request reaches
  return static_cast<double>(splitmix64(splitmix64(seed, seed_of_mix), n) >> 11) * 0x1p-53;
}

}  // namespace

std::vector<double> cumulative_weights(std::span<const double> weights) {
  std::vector<double> sums(weights.size());
  std::partial_sum(weights.begin(), weights.end(), sums.begin());
  return sums;
}

std::size_t choose_target(std::span<const double> cumulative, std::uint64_t seed, std::uint64_t n) noexcept {
  const double point = uniform_of_mix(seed, n) * cumulative.back();
  // The product can round up to the last sum itself, which belongs to the last target.
  const auto above = std::upper_bound(cumulative.begin(), cumulative.end() - 1, point);
  return static_cast<std::size_t>(above - cumulative.begin());
}

namespace {

constexpr std::size_t number_digits = 12;

bool is_one_of(const std::string& method, std::initializer_list<std::string_view> methods) {
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

bool has_field(const HeaderFields& fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(),
                     [name](const auto& field) { return boost::iequals(field.first, name); });
}

/// Whether "close" is in the comma-separated list.
bool names_close(std::string_view connection_options) {
  std::vector<std::string> options;
  boost::split(options, connection_options, boost::is_any_of(", \t"));
  return std::any_of(options.begin(), options.end(),
                     [](const auto& option) { return boost::iequals(option, "close"); });
}

/// The fields for all requests that this one does not replace, then its own.
HeaderFields fields_of(const LoadOptions& options, const RequestTemplate& request) {
  HeaderFields fields;
  std::copy_if(options.headers.begin(), options.headers.end(), std::back_inserter(fields),
               [&request](const auto& field) { return !has_field(request.headers, field.first); });
  fields.insert(fields.end(), request.headers.begin(), request.headers.end());
  return fields;
}

/// What CONNECT asks a tunnel to: always with its port (RFC 9112 section 3.2.3).
std::string authority_form(const Target& target) {
  const std::string port = ":" + target.port;
  return target.authority.ends_with(port) ? target.authority : target.authority + port;
}

}  // namespace

RequestText::RequestText(const LoadOptions& options, const Target& target, const RequestTemplate& request)
    : is_head_(request.method == "HEAD"),
      asks_for_(request.method == "CONNECT" ? Asked::tunnel : Asked::nothing),
      is_idempotent_(is_one_of(request.method, {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})) {
  const HeaderFields fields = fields_of(options, request);
  const std::string asked_for = asks_for_ == Asked::tunnel ? authority_form(target) : request.path;
  text_ = fmt::format("{} {} HTTP/1.1\r\n", request.method, asked_for);
  if (!has_field(fields, "Host")) add_field("Host", target.authority);
  if (!has_field(fields, "User-Agent")) add_field("User-Agent", "waitlab/" WAITLAB_VERSION);
  for (const auto& [name, value] : fields)
    add_field(name, value);
  // Besides what else a Connection field may say: close overrules keep-alive (RFC 9112 section 9.3).
  if (!options.keep_alive && !says_close_) add_field("Connection", "close");
  const bool body_expected = is_one_of(request.method, {"POST", "PUT", "PATCH"});
  if (!request.body.empty() || body_expected) add_field("Content-Length", std::to_string(request.body.size()));
  add_field("X-Request-Id", fmt::format("{:x}-{:0{}}", options.seed, 0, number_digits));
  number_at_ = text_.size() - std::string_view("\r\n").size() - number_digits;
  text_.append("\r\n").append(request.body);
}

std::string_view RequestText::bytes(std::uint64_t n) noexcept {
  for (std::size_t digit = number_digits; digit-- > 0; n /= 10) {
    text_[number_at_ + digit] = static_cast<char>('0' + n % 10);
  }
  return text_;
}

void RequestText::add_field(std::string_view name, std::string_view value) {
  if (boost::iequals(name, "Connection") && names_close(value)) says_close_ = true;
  if (boost::iequals(name, "Upgrade")) asks_for_ = Asked::upgrade;
  text_.append(name).append(": ").append(value).append("\r\n");
}

std::vector<RequestTemplate> request_mix(const LoadOptions& options, const Target& target) {
  if (options.targets.empty()) {
    return {{.method = options.method, .path = target.origin_form, .headers = {}, .body = options.body}};
  }
  std::vector<RequestTemplate> mix = options.targets;
  for (RequestTemplate& request : mix) {
    if (request.path.empty()) request.path = target.origin_form;
  }
  return mix;
}

RequestTexts::RequestTexts(const LoadOptions& options, const Target& target) : seed_(options.seed) {
  std::vector<double> weights;
  for (const RequestTemplate& request : request_mix(options, target)) {
    texts_.emplace_back(options, target, request);
    weights.push_back(request.weight);
  }
  cumulative_weights_ = cumulative_weights(weights);
}

std::size_t RequestTexts::choose(std::uint64_t n) const noexcept {
  return texts_.size() == 1 ? 0 : choose_target(cumulative_weights_, seed_, n);
}

}  // namespace waitlab::client
