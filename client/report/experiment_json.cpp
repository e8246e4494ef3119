#include "client/report/experiment_json.hpp"

#include "client/format/machine_form.hpp"
#include "client/format/result_document.hpp"
#include "client/format/result_json.hpp"
#include "client/report/comparison_fields.hpp"
#include "common/facts/strategy_facts_form.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace waitlab::client {
namespace {

using form::Json;

constexpr std::array<std::string_view, 3> target_kinds{"server", "command", "url"};
constexpr std::array<std::string_view, 2> arrival_kinds{"poisson", "constant"};

template <class T>
constexpr bool is_read = !std::is_const_v<std::remove_reference_t<T>>;

/// What docs/result.schema.json describes.
struct Run {
  Json write(const LoadResult& result) const { return to_json(result); }
  void read(const JsonPlace& place, LoadResult& result) const { result = read_result(place); }
  template <class>
  Json schema(Json&) const {
    return {{"$ref", "result.schema.json"}};
  }
};

/// "key=value" words as an object; a value that is a form::number, true or false is one there too.
struct Sweep {
  Json write(const std::vector<std::string>& words) const {
    Json sweep = Json::object();
    for (const std::string& word : words) {
      const auto mark = word.find('=');
      const std::string word_value = word.substr(mark + 1);
      const Json value = Json::parse(word_value, nullptr, false);
      sweep[word.substr(0, mark)] = value.is_primitive() && !value.is_discarded() ? value : Json(word_value);
    }
    return sweep;
  }
  void read(const JsonPlace& place, std::vector<std::string>& words) const {
    for (const auto& [key, value] : place.members())
      words.push_back(key + "=" + value.word());
  }
  template <class>
  Json schema(Json&) const {
    return {{"type", "object"}};
  }
};

/// Whether the event has what the page draws it by. The page passes over other kinds.
void expect_drawable(const JsonPlace& event) {
  const std::string kind = event["ph"].text();
  const std::string name = event["name"].text();
  if (kind == "M" && name == "thread_name") {
    event["tid"].count();
    event["args"]["name"].text();
  } else if (kind == "X") {
    event["tid"].count();
    event["ts"].number();
    event["dur"].number();
  } else if (kind == "b" || kind == "e") {
    event["id2"]["local"].text();
    event["ts"].number();
  }
}

/// Events, which are kept as the JSON that they are and drawn as they are.
struct Lanes {
  Json write(const std::string& events) const { return Json::parse(events); }
  void read(const JsonPlace& place, std::string& events) const {
    for (const JsonPlace& event : place.items())
      expect_drawable(event);
    events = place.word();
  }
  template <class>
  Json schema(Json&) const {
    return {{"type", "array"}, {"items", {{"type", "object"}}}};
  }
};

/// An index into some values, written as what stands there.
template <class Form, class Values>
struct PlaceAmong {
  Form form;
  const Values& values;
  const char* what;

  Json write(std::size_t index) const { return form.write(values[index]); }
  void read(const JsonPlace& place, std::size_t& index) const {
    typename Values::value_type value{};
    form.read(place, value);
    const auto found = std::ranges::find(values, value);
    if (found == values.end()) return place.refuse(fmt::format("is no {} of this experiment", what));
    index = static_cast<std::size_t>(found - values.begin());
  }
  template <class>
  Json schema(Json& definitions) const {
    return form.template schema<typename Values::value_type>(definitions);
  }
};
template <class Form, class Values>
PlaceAmong(Form, const Values&, const char*) -> PlaceAmong<Form, Values>;

/// Which repeat: written from 1 on.
struct Repeat {
  unsigned most;

  Json write(unsigned repeat) const { return repeat + 1; }
  void read(const JsonPlace& place, unsigned& repeat) const {
    const unsigned written = place.small_count();
    if (written < 1 || written > most) place.refuse("is no repeat of this experiment");
    repeat = std::max(written, 1U) - 1;
  }
  template <class>
  Json schema(Json&) const {
    return form::Count{1}.schema();
  }
};

std::vector<std::string> names_of(const std::vector<ExperimentTarget>& targets) {
  std::vector<std::string> names;
  std::ranges::transform(targets, std::back_inserter(names), &ExperimentTarget::name);
  return names;
}

}  // namespace

void fields(auto& visit, Of<Readiness> auto& ready) {
  visit("path", form::text_or_null, ready.path);
  visit("within_seconds", form::in_seconds, ready.within);
}

void fields(auto& visit, Of<ExperimentTarget> auto& target) {
  visit.type("target");
  visit("name", form::text, target.name);
  visit("kind", form::Choice{target_kinds}, target.kind);
  visit("family", form::text, target.family, "The name in the file, before a sweep made several of it.");
  visit("sweep", Sweep{}, target.sweep, "The swept keys and this target's values of them.");
  visit("settings", form::texts, target.settings,
        "Keys of a waitlab-server that differ from its defaults, as --set takes them.");
  visit("path", form::text_or_null, target.path, "What it is asked for instead of the load's path.");
  visit("strategy", form::text_or_null, target.strategy, "Of a waitlab-server.");
  visit.younger("facts", form::Nullable{StrategyFactsForm{}}, target.facts, "What its server says of its strategy.");
  visit("threads", form::count_or_null, target.threads, "Requests that its workers can hold at once.");
  visit("command", form::NullIfEmpty{form::texts}, target.command);
  visit("directory", form::text_or_null, target.directory);
  visit("environment", form::texts, target.environment, "NAME=VALUE.");
  visit("url", form::text_or_null, target.url);
  auto ready = target.kind == TargetKind::server ? std::nullopt : std::optional(target.ready);
  visit("ready", form::Nullable{form::object}, ready);
  if constexpr (is_read<decltype(target)>) target.ready = ready.value_or(Readiness{});
  visit.younger("pid", form::count_or_null, target.pid);
}

void fields(auto& visit, Of<RunOrder> auto& order) {
  visit("shuffled", form::flag, order.shuffled);
  visit("seed", form::count, order.seed);
}

void fields(auto& visit, Of<ServerSample> auto& sample) {
  visit("at_seconds", form::in_seconds, sample.at, "Since the run began, its warm-up included.");
  visit("threads", form::count, sample.threads);
  visit("rss_bytes", form::count, sample.rss_bytes);
  visit("cpu_seconds", form::in_seconds, sample.cpu_time);
  visit.optional("in_flight", form::count, sample.in_flight);
  visit.optional("queued", form::count, sample.queued);
  visit.optional("rejected", form::count, sample.rejected);
}

void fields(auto& visit, Of<ServerUsage> auto& usage) {
  visit("span_seconds", form::in_seconds, usage.span);
  visit("cpu_seconds", form::in_seconds, usage.cpu_time);
  visit("voluntary_switches", form::count, usage.voluntary_switches);
  visit("involuntary_switches", form::count, usage.involuntary_switches);
  visit("completed", form::count, usage.completed);
  visit.younger("rejected", form::count_or_null, usage.rejected);
}

void fields(auto& visit, Of<ServerObservation> auto& server) {
  visit.type("server", "What was seen of its processes; peaks are of the looks at them.");
  visit("peak_threads", form::count, server.peak_threads);
  visit("peak_rss_bytes", form::count, server.peak_rss_bytes);
  visit.younger("idle_rss_bytes", form::count_or_null, server.idle_rss_bytes, "Before any load.");
  visit.younger("peak_in_flight", form::count_or_null, server.peak_in_flight);
  visit.younger("peak_queued", form::count_or_null, server.peak_queued);
  visit("usage", form::Nullable{form::object}, server.usage, "Over the measured window.");
  visit("samples", form::ListOf{form::object}, server.samples);
}

void fields(auto& visit, Of<Placement> auto& placement) {
  visit("server_cpus", form::ListOf{form::count}, placement.server);
  visit("client_and_backend_cpus", form::ListOf{form::count}, placement.client_and_backend);
  visit.derived("shared", form::flag, [&] { return placement.shared(); });
}

namespace {

void load_fields(auto& visit, auto& result) {
  auto& load = result.load;
  const bool open = load.loop == Loop::open;
  using Levels = std::optional<std::vector<double>>;
  std::string arrivals = open ? load.arrivals : "";
  Levels rates = open ? Levels(load.levels) : std::nullopt;
  Levels connections = open ? std::nullopt : Levels(load.levels);
  visit.type("load");
  visit("path", form::text_or_null, load.path);
  visit("targets_file", form::text_or_null, load.targets_file, "Of a mix of requests.");
  visit("arrivals", form::NullIfEmpty{form::Choice{arrival_kinds}}, arrivals, "Of an open loop.");
  visit("rates", form::Nullable{form::ListOf{form::amount, 1}}, rates, "Of an open loop, per second.");
  visit("connections", form::Nullable{form::ListOf{form::Number{.least = 1}, 1}}, connections, "Of a closed loop.");
  visit("duration_seconds", form::in_seconds, load.duration);
  visit("warmup_seconds", form::in_seconds, load.warmup);
  visit("timeout_seconds", form::in_seconds, load.timeout);
  visit("max_connections", form::count, load.max_connections);
  visit("seed", form::count, load.seed);
  visit.younger("thresholds", form::texts, result.thresholds, "That each run was held against.");
  visit("repeats", form::Count{1}, result.repeats);
  visit("order", form::object, result.order);
  if constexpr (is_read<decltype(result)>) {
    load.arrivals = arrivals;
    load.loop = rates ? Loop::open : Loop::closed;
    load.levels = (rates ? rates : connections).value_or(std::vector<double>{});
  }
}

/// Where in the plan a run stands.
void place_fields(auto& visit, auto& run, const ExperimentResult& result) {
  const std::vector<std::string> names = names_of(result.targets);
  visit("target", PlaceAmong{form::text, names, "target"}, run.target, "Its name.");
  visit("level", PlaceAmong{form::number, result.load.levels, "level"}, run.level,
        "Requests per second of an open loop, connections of a closed one.");
  visit("repeat", Repeat{result.repeats}, run.repeat);
}

void run_fields(auto& visit, auto& run, const ExperimentResult& result) {
  visit.type("run");
  place_fields(visit, run, result);
  visit("seed", form::count, run.seed);
  visit.derived("started_at", form::text, [&] { return run.load.started_at; });
  visit("load", Run{}, run.load);
  visit("server", form::object, run.server);
  visit("mean_hold_seconds", form::Nullable{form::in_seconds}, run.mean_hold);
  visit("hold_log", form::text_or_null, run.hold_log, "From the folder of the results, as the next.");
  visit("request_log", form::text_or_null, run.request_log);
  visit("lanes", form::NullIfEmpty{Lanes{}}, run.lanes,
        "What the server's threads and requests did for a moment: a list of Chrome trace events.");
}

void description_fields(auto& visit, auto& result) {
  visit("name", form::text, result.name);
  visit("title", form::text, result.title);
  visit("question", form::text, result.question);
  visit("version", form::text, result.version, "Of waitlab.");
  visit("started_at", form::text, result.started_at, "UTC.");
  visit("interrupted", form::flag, result.interrupted);
  visit.younger("made_again", form::count, result.made_again, "Runs that took the place of one that was not valid.");
  visit.group("experiment", [&](auto& file) {
    file("file", form::text, result.file);
    file("content", form::text, result.content, "The text of the file.");
    file.younger("requests", form::text_or_null, result.requests, "The text of its load's file of requests.");
    file("quick", form::flag, result.quick);
  });
  visit("machine", form::MachineOfResult{}, result.machine);
  visit("placement", form::object, result.placement, "The CPUs that each was kept on.");
  visit("targets", form::ListOf{form::object, 1}, result.targets);
  visit.group("load", [&](auto& load) { load_fields(load, result); });
  visit.group("backend", [&](auto& backend) {
    backend("settings", form::texts, result.backend, "Keys of its profile that differ from its defaults.");
  });
}

/// The whole document. What follows from the runs is not read.
void document_fields(auto& visit, auto& result, const Comparison& comparison, const Verdict& verdict) {
  visit.derived("schema_version", form::Constant{experiment_schema_version}, [] { return experiment_schema_version; });
  visit.derived("kind", form::Constant{"experiment"}, [] { return 0; });
  description_fields(visit, result);
  visit.derived("verdict", form::object, [&] { return verdict; });
  visit.derived(
      "comparison", form::ListOf{form::object}, [&] { return placed(result, comparison); },
      "One for each level and target.");
  visit.derived(
      "theory", form::ListOf{form::object}, [&] { return theories_of(result, comparison); },
      "For each target that a known law covers.");
  const auto in_plan = [&](auto& run_visit, auto& run) { run_fields(run_visit, run, result); };
  visit("runs", form::ListOf{form::Members{in_plan}}, result.runs);
  const auto not_there = [&](auto& run_visit, auto& run) {
    place_fields(run_visit, run, result);
    run_visit("reason", form::text, run.reason);
  };
  visit("missing", form::ListOf{form::Members{not_there}}, result.missing, "Runs that there are not.");
}

/// Whether the document is a result of an experiment at all, and one whose keys are known.
void expect_experiment(const JsonPlace& root) {
  if (!root.has("schema_version") || !root.has("experiment")) {
    root.refuse("is no result of an experiment; give the result.json that 'waitlab-client experiment' wrote");
  } else if (root["schema_version"].number() != experiment_schema_version) {
    root["schema_version"].refuse(
        fmt::format("only {} can be read; use the waitlab-client that wrote the file, or make "
                    "the experiment again",
                    experiment_schema_version));
  }
}

ExperimentResult read_root(const JsonPlace& root) {
  ExperimentResult result;
  expect_experiment(root);
  FieldReader visit(root);
  document_fields(visit, result, {}, {});
  return result;
}

}  // namespace

Json experiment_json(const ExperimentResult& result, const Comparison& comparison, const Verdict& verdict) {
  Json json = Json::object();
  FieldWriter visit(json);
  document_fields(visit, result, comparison, verdict);
  return json;
}

Result<ExperimentResult> read_experiment_result(const std::string& path) {
  return read_whole(read_result_document(path), read_root);
}

Result<ExperimentResult> parse_experiment_result(const std::string& text_of_result, const std::string& name) {
  return read_whole(parse_result_document(text_of_result, name), read_root);
}

std::string experiment_result_schema() {
  Json definitions = Json::object();
  FieldSchema visit(definitions);
  ExperimentResult any;
  document_fields(visit, any, {}, {});
  return schema_document("The result of waitlab-client experiment",
                         "Figures end in their unit. `verdict`, `comparison` and `theory` follow from the runs; "
                         "waitlab-client report works them out anew.",
                         std::move(definitions), visit.take());
}

}  // namespace waitlab::client
