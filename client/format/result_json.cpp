#include "client/format/result_json.hpp"

#include "client/format/moment.hpp"
#include "client/format/record_fields.hpp"
#include "client/format/result_document.hpp"
#include "client/format/worker_fields.hpp"
#include "client/judge/notes.hpp"

#include <fmt/format.h>

namespace waitlab {

void fields(auto& visit, Of<Machine> auto& machine) {
  visit.type("machine");
  visit("cpu_model", form::text, machine.cpu_model);
  visit("cpus_online", form::count, machine.cpus_online);
  visit("cpus_usable", form::count, machine.cpus_usable);
  visit("cpu_quota", form::Nullable{form::Number{.above = 0}}, machine.cpu_quota,
        "CPUs' worth of time that its cgroups allow; null: no limit.");
  visit("memory_bytes", form::count, machine.memory_bytes,
        "Physical memory, or what its cgroups allow if that is less.");
  visit("kernel", form::text, machine.kernel);
  visit("governor", form::Nullable{form::text}, machine.governor);
}

}  // namespace waitlab

namespace waitlab::client {
namespace {

using form::Json;

constexpr std::array<std::string_view, 2> arrival_kinds{"constant", "poisson"};

}  // namespace

void fields(auto& visit, Of<StepResult> auto& step) {
  visit.type("step");
  visit("from_rate", form::amount, step.from_rate);
  visit("to_rate", form::amount, step.to_rate);
  visit("begin_s", form::in_seconds, step.begin, "Since the end of the warm-up.");
  visit("window_s", form::in_seconds, step.window);
  record_fields(
      visit, step.record,
      [&](auto& rates) {
        rates_of(rates, std::optional(step.offered_rate()), per_second(step.record.requests.sent, step.window),
                 step.achieved_rate());
      },
      [](auto&) {});
}

namespace {

/// One figure of all stretches. The first column says how many stretches there are.
template <class Form, class T>
struct Column {
  Form form;
  T RunStretch::*figure;
  bool first = false;

  Json write(const std::vector<RunStretch>& stretches) const {
    Json list = Json::array();
    for (const RunStretch& stretch : stretches)
      list.push_back(form.write(stretch.*figure));
    return list;
  }
  void read(const JsonPlace& list, std::vector<RunStretch>& stretches) const {
    const std::vector<JsonPlace> places = list.items();
    if (first) stretches.resize(places.size());
    if (places.size() != stretches.size()) return list.refuse("must be as long as 'ended'");
    for (std::size_t i = 0; i < places.size(); ++i)
      form.read(places[i], stretches[i].*figure);
  }
  template <class>
  Json schema(Json& definitions) const {
    return {{"type", "array"}, {"items", form.template schema<T>(definitions)}};
  }
};
template <class Form, class T>
Column(Form, T RunStretch::*) -> Column<Form, T>;
template <class Form, class T>
Column(Form, T RunStretch::*, bool) -> Column<Form, T>;

/// What a target of a mix was, and what was seen of it.
struct NamedTally {
  TargetName name;
  TargetTally tally;
};

std::vector<NamedTally> named_tallies(const LoadResult& result) {
  std::vector<NamedTally> targets;
  for (std::size_t i = 0; i < result.record.targets.size(); ++i)
    targets.push_back({i < result.targets.size() ? result.targets[i] : TargetName{}, result.record.targets[i]});
  return targets;
}

void take_tallies(std::vector<NamedTally> targets, LoadResult& result) {
  for (NamedTally& target : targets) {
    result.targets.push_back(std::move(target.name));
    result.record.targets.push_back(std::move(target.tally));
  }
}

/// How the requests of an open loop were spaced.
struct ArrivalSpacing {
  std::string kind;
  std::optional<ArrivalFit> fit;

  bool empty() const { return kind.empty(); }
};

void fields(auto& visit, Of<NamedTally> auto& target) {
  visit("method", form::text, target.name.method);
  visit("path", form::text, target.name.path);
  visit("completed", form::count, target.tally.completed);
  visit("errors", form::count, target.tally.errors);
  visit("response_time_us", form::object, target.tally.response_time);
  visit("histogram", HistogramForm{}, target.tally.response_time.values);
}

void fields(auto& visit, Of<ArrivalSpacing> auto& spacing) {
  visit("kind", form::Choice{arrival_kinds}, spacing.kind);
  visit.optional_part("sends", spacing.fit);
}

}  // namespace

void fields(auto& visit, Of<RunSeries> auto& series) {
  constexpr const char* of_times = "Of the response times; null where there are too few for it.";
  visit.type("timeline", "Each list has one entry for each slice.");
  visit("begin_s", form::in_seconds, series.begin, "Of the first slice, since the end of the warm-up.");
  visit("slice_s", form::in_seconds, series.width);
  visit("ended", Column{form::count, &RunStretch::ended, true}, series.stretches,
        "Measured requests that ended in it.");
  visit("errors", Column{form::count, &RunStretch::errors}, series.stretches,
        "Those that failed, timed out or got an unwanted response.");
  visit("p50_us", Column{form::time_or_null, &RunStretch::p50}, series.stretches, of_times);
  visit("p99_us", Column{form::time_or_null, &RunStretch::p99}, series.stretches, of_times);
  visit("max_us", Column{form::time_or_null, &RunStretch::max}, series.stretches, of_times);
}

void fields(auto& visit, Of<ArrivalFit> auto& fit) {
  visit("sends", form::count, fit.sends);
  visit("ks_distance", form::Nullable{form::number}, fit.ks_distance,
        "Kolmogorov-Smirnov, of the gaps against the exponential law; null where it is not judged.");
  visit("ks_limit", form::number, fit.ks_limit);
  visit("dispersion", form::Nullable{form::number}, fit.dispersion,
        "Variance over mean of the sends in equal windows; null where it is not judged.");
  visit("dispersion_least", form::number, fit.dispersion_least);
  visit("dispersion_most", form::number, fit.dispersion_most);
  visit("fits", form::flag, fit.fits);
  visit("why_not", form::text, fit.why_not);
}

void fields(auto& visit, Of<CpuLoss> auto& loss) {
  constexpr form::Nullable share{form::Number{.least = 0, .most = 1}};
  visit.type("cpu_loss");
  visit("stolen", share, loss.stolen,
        "Of the CPU time that was wanted: what the hypervisor gave to other virtual machines (steal).");
  visit("throttled", share, loss.throttled,
        "Of the periods of the CPU quota of the client's control group: those in which it was used up; null: there is "
        "no quota.");
}

namespace {

void condition_fields(auto& visit, auto& result) {
  visit("command", form::text, result.command, "How the run was asked for.");
  visit("started_at", form::Moment{}, result.started_at, "UTC.");
  visit("url", form::text, result.url);
  visit("method", form::text, result.method);
  visit("address", form::text, result.address, "The one address that was loaded.");
  visit("threads", form::count, result.threads);
  visit("timeout_ms", form::in_ms, result.timeout);
  visit.younger(
      "seed", form::count_or_null, result.seed,
      "Of the arrivals, the mix and the request ids; null or missing where it is not known, or of merged runs "
      "with several.");
  visit("window_s", form::in_seconds, result.window, "The measured part, without warm-up and drain.");
  visit("machine", form::object, result.machine, "The one that the client ran on.");
}

void judgement_fields(auto& visit, auto& result) {
  visit.derived("valid", form::flag, [&] { return result.valid(); });
  visit("invalid_because", form::texts, result.invalid_because, "Why the figures must not be trusted; empty if valid.");
  visit.derived(
      "notes", form::texts, [&] { return notes_on(result); }, "What a reader must know of figures that are valid.");
  visit("interrupted", form::flag, result.interrupted);
  visit("aborted", form::flag, result.aborted, "Ended early because a threshold was missed.");
  visit("aborted_by", form::Nullable{form::object}, result.aborted_by,
        "That threshold, and what was found when the run was ended; null if it was not.");
  visit("thresholds", form::ListOf{form::object}, result.thresholds);
}

/// What belongs to a run as a whole.
void traffic_fields(auto& visit, auto& result) {
  visit("opened", form::count, result.record.connections);
  visit("reconnects", form::count, result.record.reconnects, "Those of them that replaced a closed connection.");
  visit.younger("elsewhere", form::count, result.record.elsewhere,
                "Connections to another address of the host than the result's, which did not take them.");
  visit("retried", form::count, result.record.retried,
        "Requests sent again, because the server had closed their kept-alive connection.");
  visit.younger("unasked", form::count, result.record.unasked,
                "Idle connections that were closed because bytes came on them which nobody had asked for, such as a "
                "second response: they answer no request.");
  visit("cap", form::count, result.connections, "Of an open loop; of a closed one: how many there were.");
}

void course_fields(auto& visit, auto& result) {
  visit.younger("timeline", form::NullIfEmpty{form::object}, result.timeline,
                "The run in the course of time, in slices of equal width; null or missing if none was kept, as of "
                "merged runs.");
  visit("steps", form::ListOf{form::object}, result.steps, "Of a load whose rate changes; else empty.");
  auto targets = named_tallies(result);
  visit("targets", form::ListOf{form::object}, targets, "Of a mix of requests; else empty.");
  ArrivalSpacing spacing{result.arrivals, result.arrival_fit};
  visit("arrivals", form::NullIfEmpty{form::object}, spacing,
        "How the requests were spaced, and how well what was really sent fits that; null for a closed loop.");
  if constexpr (!std::is_const_v<std::remove_reference_t<decltype(result)>>) {
    take_tallies(std::move(targets), result);
    result.arrivals = spacing.kind;
    result.arrival_fit = spacing.fit;
  }
}

}  // namespace

void fields(auto& visit, Of<LoadResult> auto& result) {
  visit.derived("schema_version", form::Constant{result_schema_version}, [] { return result_schema_version; });
  condition_fields(visit, result);
  judgement_fields(visit, result);
  const auto rates = [&](auto& of_load) {
    rates_of(of_load, result.offered_rate, result.arrived_rate(), result.achieved_rate());
  };
  record_fields(visit, result.record, rates, [&](auto& connections) { traffic_fields(connections, result); });
  visit.group("bytes", [&](auto& bytes) {
    bytes("in", form::count, result.record.bytes_in);
    bytes("out", form::count, result.record.bytes_out);
  });
  course_fields(visit, result);
  visit.group("client", [&](auto& client) {
    client("threads", form::ListOf{form::object}, result.load_threads,
           "Each load thread over the measured window, if that was 50 ms or longer.");
  });
  visit("listen_overflows", form::count_or_null, result.listen_overflows,
        "How often a listen queue of this machine overflowed meanwhile; null if the server is elsewhere.");
  visit.younger("cpu_loss", form::NullIfEmpty{form::object}, result.cpu_loss,
                "What was kept from programs that wanted a CPU; null or missing where the kernel does not say.");
  visit.younger("detour", form::text_or_null, result.detour,
                "What of a container engine lay on the way to the server; null or missing if none was seen.");
  visit.younger("repeats", form::ListOf{ResultForm{}}, result.repeats,
                "The result of each repeat, if the run was repeated; all else is then of them together.");
  visit.younger("workers", form::ListOf{form::object}, result.workers,
                "The part of each worker, if several made the run together; all else is then of them together.");
  visit.younger("gathering", form::Nullable{form::object}, result.gathering,
                "Of such a run; null or missing if one client made it.");
}

namespace {

/// Whether the document is a result of a run at all, and one whose keys are known.
void expect_run(const JsonPlace& root) {
  if (root.has("experiment") && root.has("runs")) {
    return root.refuse(
        "is the result of an experiment; this wants results of 'waitlab-client run --json', or for compare some of its "
        "runs as FILE#TARGET");
  }
  if (!root.has("schema_version")) return root.refuse("is no result that 'waitlab-client run --json' wrote");
  if (root["schema_version"].number() != result_schema_version) {
    root["schema_version"].refuse(
        fmt::format("only {} can be read; use the waitlab-client that wrote the file", result_schema_version));
  }
}

/// Each request that was sent has one end, and each that ended with a response or in a time-out its time.
void expect_account(const JsonPlace& root, const LoadRecord& record) {
  const RequestCounts& requests = record.requests;
  if (requests.ended() != requests.sent) {
    return root["requests"].refuse(fmt::format("does not add up: {} were sent, and {} ended; the file was changed",
                                               requests.sent, requests.ended()));
  }
  const std::uint64_t timed = record.response_time.values.count();
  if (timed != requests.completed + requests.timed_out) {
    root["requests"].refuse(
        fmt::format("does not add up: {} were completed or timed out, and there are {} response "
                    "times; the file was changed",
                    requests.completed + requests.timed_out, timed));
  }
}

}  // namespace

Json to_json(const Machine& machine) {
  return form::object.write(machine);
}

Machine read_machine(const JsonPlace& place) {
  Machine machine;
  form::object.read(place, machine);
  return machine;
}

bool same_result(const LoadResult& one, const LoadResult& other) {
  return one.started_at == other.started_at && to_json(one) == to_json(other);
}

Json to_json(const LoadResult& result) {
  return form::object.write(result);
}

LoadResult read_result(const JsonPlace& root) {
  LoadResult result;
  expect_run(root);
  form::object.read(root, result);
  expect_account(root, result.record);
  return result;
}

Result<LoadResult> read_result_file(const std::string& path) {
  return read_whole<LoadResult>(read_result_document(path), read_result);
}

Result<LoadResult> read_result(const std::string& text, const std::string& name) {
  return read_whole<LoadResult>(parse_result_document(text, name), read_result);
}

std::string result_schema() {
  return schema_of<LoadResult>("A result of waitlab-client run or merge",
                               "Times end in _us, _ms, _s or _ns, their unit. All times are of measured requests only: "
                               "those of the warm-up are left out.");
}

}  // namespace waitlab::client
