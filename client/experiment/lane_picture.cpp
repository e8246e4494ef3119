#include "client/experiment/lane_picture.hpp"

#include "common/net/http_get.hpp"

#include <nlohmann/json.hpp>

#include <chrono>

namespace waitlab::client {
namespace {

constexpr const char* request = "/trace?seconds=0.3";
constexpr std::chrono::seconds patience{3};
constexpr std::size_t most_bytes = 300'000;
constexpr unsigned http_ok = 200;

std::string ask(const std::string& admin_address) {
  const auto answer = http_get(admin_address, request, patience);
  return answer && answer->status == http_ok ? lanes_in(answer->body) : "";
}

}  // namespace

void LanePicture::take() {
  if (admin_address_.empty() || taken_.valid()) return;
  taken_ = std::async(std::launch::async, ask, admin_address_);
}

std::string LanePicture::finish() {
  return taken_.valid() ? taken_.get() : "";
}

std::string lanes_in(std::string_view trace) {
  const auto document = nlohmann::ordered_json::parse(trace, nullptr, false);
  if (!document.is_object() || !document.contains("traceEvents") || !document["traceEvents"].is_array()) return {};
  std::string events = document["traceEvents"].dump();
  return events.size() > most_bytes ? "" : events;
}

}  // namespace waitlab::client
