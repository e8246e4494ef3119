#include "common/facts/strategy_facts.hpp"

#include "common/config/jsonc.hpp"
#include "common/facts/strategy_facts_form.hpp"
#include "common/json/fields.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>

namespace waitlab {
namespace {

constexpr std::array<std::string_view, 3> worker_names{"thread", "process", "loop"};

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

}  // namespace waitlab
