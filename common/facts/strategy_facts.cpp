#include "common/facts/strategy_facts.hpp"

#include "common/config/jsonc.hpp"
#include "common/facts/strategy_facts_form.hpp"
#include "common/json/fields.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace waitlab {
namespace {

constexpr std::array<std::string_view, 3> worker_names{"thread", "process", "loop"};
constexpr std::array<std::string_view, 6> columns{"worker", "workers", "holds_worker", "at_once", "queue", "core"};

/// What logs have that were written before the last of them.
constexpr std::size_t oldest_columns = 5;

std::string or_empty(const std::optional<std::uint32_t>& number) {
  return number ? fmt::to_string(*number) : std::string();
}

std::optional<std::uint32_t> number_in(const std::string& text) {
  const char* const end = text.data() + text.size();
  std::uint32_t number = 0;
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stopped == end ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string_view worker_name(Worker worker) {
  return worker_names[static_cast<std::size_t>(worker)];
}

std::string counted_workers(unsigned count, Worker worker) {
  const char* const ending = count == 1 ? "" : worker == Worker::process ? "es" : "s";
  return fmt::format("{} {}{}", count, worker_name(worker), ending);
}

void fields(auto& visit, Of<StrategyFacts> auto& facts) {
  visit.type("facts", "What a waitlab-server says of its strategy.");
  visit("worker", form::Choice{worker_names}, facts.worker, "What runs its requests.");
  visit("workers", form::count, facts.workers, "At most.");
  visit("holds_worker", form::flag, facts.holds_worker, "Whether a request keeps its worker while it waits.");
  visit("at_once", form::count_or_null, facts.at_once,
        "Requests that can be served or wait at once. Null: without a limit.");
  visit("queue", form::count_or_null, facts.queue, "Requests that can queue for a worker. Null: there is no queue.");
  visit("size_key", form::text, facts.size_key, "The setting for the number of workers; empty if there is none.");
  visit("description", form::text, facts.description);
  visit.younger("holds_when_idle", form::flag, facts.holds_when_idle,
                "Whether a connection keeps its worker between requests.");
  visit.younger("core", form::count_or_null, facts.core,
                "Workers that are always there, of a number that grows. Null: it does not.");
  visit.younger("pool", form::count_or_null, facts.pool,
                "Threads that compute and read files for the loops. Null: the loops do it themselves.");
}

form::Json StrategyFactsForm::write(const StrategyFacts& facts) const {
  return form::object.write(facts);
}

void StrategyFactsForm::read(const JsonPlace& place, StrategyFacts& facts) const {
  form::object.read(place, facts);
}

form::Json StrategyFactsForm::schema(form::Json& definitions) const {
  return form::object.schema<StrategyFacts>(definitions);
}

nlohmann::ordered_json facts_json(const StrategyFacts& facts) {
  return StrategyFactsForm{}.write(facts);
}

Result<StrategyFacts> parse_facts(const std::string& json, const std::string& name) {
  const auto document = parse_jsonc(json, name);
  if (!document) return document.error();
  std::optional<Failure> failure;
  StrategyFacts facts;
  StrategyFactsForm{}.read(JsonPlace(*document, failure), facts);
  if (failure) return *failure;
  return facts;
}

std::span<const std::string_view> facts_columns() {
  return columns;
}

std::string facts_values(const StrategyFacts& facts) {
  return fmt::format("{},{},{},{},{},{}", worker_name(facts.worker), facts.workers, facts.holds_worker,
                     or_empty(facts.at_once), or_empty(facts.queue), or_empty(facts.core));
}

std::optional<StrategyFacts> parse_facts_values(std::span<const std::string> values) {
  if (values.size() != columns.size() && values.size() != oldest_columns) return std::nullopt;
  const auto worker = std::ranges::find(worker_names, values[0]);
  const auto workers = number_in(values[1]);
  const bool is_flag = values[2] == "true" || values[2] == "false";
  const std::string core = values.size() > oldest_columns ? values.back() : "";
  StrategyFacts facts{.at_once = number_in(values[3]), .queue = number_in(values[4]), .core = number_in(core)};
  const bool are_limits =
      (facts.at_once || values[3].empty()) && (facts.queue || values[4].empty()) && (facts.core || core.empty());
  if (worker == worker_names.end() || !workers || !is_flag || !are_limits) return std::nullopt;
  facts.worker = static_cast<Worker>(worker - worker_names.begin());
  facts.workers = *workers;
  facts.holds_worker = values[2] == "true";
  return facts;
}

}  // namespace waitlab
