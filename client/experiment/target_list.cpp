#include "client/experiment/target_list.hpp"

#include "client/engine/target.hpp"
#include "client/experiment/placeholders.hpp"
#include "client/experiment/server_settings.hpp"
#include "common/config/units.hpp"
#include "common/json/json_place.hpp"
#include "common/json/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::size_t longest_name = 40;
constexpr std::uint64_t highest_pid = 1 << 22;

bool is_plain_name(const std::string& name) {
  return !name.empty() && name.size() <= longest_name && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  }) && name.front() != '.';
}

/// Whether the text asks for the placeholder.
bool wants(const std::string& text, const std::string& name) {
  return text.find(fmt::format("{{{}}}", name)) != std::string::npos;
}

bool wants(const std::vector<std::string>& texts, const std::string& name) {
  return std::ranges::any_of(texts, [&](const std::string& text) { return wants(text, name); });
}

/// A program and its arguments.
struct CommandForm {
  void read(const JsonPlace& place, std::vector<std::string>& command) const {
    words.read(place, command);
    if (!command.empty() && !command.front().empty()) return;
    place.refuse("must be a list of a program and its arguments, such as [\"nginx\", \"-c\", \"nginx.conf\"]");
  }
  template <class T>
  form::Json schema(form::Json& definitions) const {
    return words.schema<T>(definitions);
  }

  static constexpr form::ListOf words{form::system_text, 1};
};

/// Variables, as "NAME=value" words.
struct EnvironmentForm {
  void read(const JsonPlace& place, std::vector<std::string>& environment) const {
    for (const auto& [name, value] : place.members()) {
      std::string& word = environment.emplace_back();
      form::system_text.read(value, word);
      word.insert(0, name + "=");
    }
  }
  template <class>
  form::Json schema(form::Json& definitions) const {
    return {{"type", "object"}, {"additionalProperties", form::system_text.schema<std::string>(definitions)}};
  }
};

/// Keys of a server, as "key=value" words; the server itself says which there are.
struct ServerForm {
  form::Json write(const std::vector<std::string>&) const { return form::Json::object(); }
  void read(const JsonPlace& place, std::vector<std::string>& settings) const {
    settings = read_server_settings(place);
  }
  template <class>
  form::Json schema(form::Json&) const {
    return {{"type", "object"}};
  }
};

struct PatienceForm {
  form::Json write(std::chrono::nanoseconds time) const { return format_duration(time); }
  void read(const JsonPlace& place, std::chrono::nanoseconds& time) const {
    const auto within = parse_duration(place.text());
    if (within && *within >= 100ms && *within <= 10min) {
      time = *within;
    } else {
      place.refuse("must be a time from 100ms to 10m, such as \"10s\"");
    }
  }
  template <class>
  form::Json schema(form::Json&) const {
    return {{"type", "string"}, {"pattern", duration_pattern}};
  }
};

struct ProcessForm {
  void read(const JsonPlace& place, std::optional<int>& pid) const {
    std::uint64_t number = 0;
    count.read(place, number);
    pid = static_cast<int>(std::min(number, highest_pid));
  }
  template <class>
  form::Json schema(form::Json&) const {
    return count.schema();
  }

  static constexpr form::Count count{.least = 1, .most = highest_pid, .noun = "the id of a process"};
};

void check_command_url(const JsonPlace& place, const std::string& url) {
  const auto parsed = parse_target(fill_placeholders(url, {{"port", "1"}}));
  if (!parsed) {
    place.refuse(parsed.error().message);
  } else if (parsed->tls) {
    place.refuse("must begin with http://; whether a command is ready can't be asked over https");
  }
}

void check_running_url(const JsonPlace& place, const std::string& url) {
  if (wants(url, "port")) place.refuse("is that of a server which runs already, and has no {port} to be filled in");
  if (const auto parsed = parse_target(url); !parsed) place.refuse(parsed.error().message);
}

/// The command must be told the port that it is loaded on.
void check_port(const JsonPlace& object, const ExperimentTarget& target) {
  const bool told = asks_for(target, "port");
  if (told == wants(target.url, "port")) return;
  object["command"].refuse(told ? "is given {port}, but url names another port; write {port} there too"
                                : "is not told {port}, where it is to listen; write {port} into it, or give its url");
}

struct VisitReadiness {
  void operator()(auto& visit, Readiness& ready) const {
    visit.type("ready");
    visit.optional("path", request_path, ready.path,
                   "Asked for until the answer is 2xx or 3xx. If not given: what is loaded.");
    visit.with_default("within", PatienceForm{}, ready.within, "How long that may take: 100ms to 10m.");
  }
};

struct VisitServer {
  void operator()(auto& visit, WrittenTarget& written) const {
    ExperimentTarget& target = written.target;
    visit.type("server", "A waitlab-server, started anew for each session.");
    visit.required("name", plain_name, target.name, "Unlike all others.");
    visit.with_default("server", ServerForm{}, target.settings,
                       "Keys of waitlab-server that differ from its defaults.");
    visit.optional("path", request_path, target.path, "Asked for instead of the load's path.");
    visit.optional("sweep", SweepForm{}, written.sweep, "Keys of the server and their values: a target for each.");
  }
};

struct VisitCommand {
  void operator()(auto& visit, WrittenTarget& written) const {
    ExperimentTarget& target = written.target;
    target.kind = TargetKind::command;
    target.url = "http://127.0.0.1:{port}";
    visit.type("command", "Any command that serves HTTP, started anew for each session.");
    visit.required("name", plain_name, target.name, "Unlike all others.");
    visit.required("command", CommandForm{}, target.command,
                   "A program and its arguments. {port} is a free port, {backend} the slow backend's ADDRESS:PORT.");
    visit.with_default("url", form::CheckedText{"^http://", check_command_url}, target.url,
                       "What is loaded. Without a path, the load's is asked for.");
    visit.optional("ready", form::Keys{VisitReadiness{}}, target.ready, "How to tell that it serves.");
    visit.optional("directory", form::system_text, target.directory, "Where it runs, from the folder of this file.");
    visit.optional("environment", EnvironmentForm{}, target.environment, "Variables besides those inherited.");
    visit.optional("sweep", SweepForm{}, written.sweep,
                   "Placeholders of the command and their values: a target for each.");
    visit.check([&](const JsonPlace& object) { check_port(object, target); });
  }
};

struct VisitRunning {
  void operator()(auto& visit, WrittenTarget& written) const {
    ExperimentTarget& target = written.target;
    target.kind = TargetKind::url;
    visit.type("running", "A server that runs already.");
    visit.required("name", plain_name, target.name, "Unlike all others.");
    visit.required("url", form::CheckedText{"^https?://[^{]*$", check_running_url}, target.url,
                   "Without a path, the load's is asked for.");
    visit.optional("pid", ProcessForm{}, target.pid, "Its process, to watch what it takes.");
    visit.optional("ready", form::Keys{VisitReadiness{}}, target.ready, "How to tell that it serves.");
  }
};

constexpr std::array<std::string_view, 2> keys_of_others{"command", "url"};
constexpr form::Keys as_server{VisitServer{}, keys_of_others};
constexpr form::Keys as_command{VisitCommand{}};
constexpr form::Keys as_running{VisitRunning{}};

/// Every combination of the values, each as "key=value" words, the last key's values changing fastest. Without a key,
/// one combination of no words.
std::vector<std::vector<std::string>> combinations(const Sweep& sweep) {
  std::vector<std::vector<std::string>> all{{}};
  for (const SweptKey& swept : sweep) {
    std::vector<std::vector<std::string>> longer;
    for (const auto& words : all) {
      for (const std::string& value : swept.values) {
        longer.push_back(words);
        longer.back().push_back(swept.key + "=" + value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

void check_sweep(const JsonPlace& place, const Sweep& sweep, const ExperimentTarget& target) {
  for (const SweptKey& swept : sweep) {
    if (target.kind == TargetKind::server && belongs_to_experiment(swept.key)) {
      place[swept.key].refuse("is set by the experiment itself; it can't be swept");
    }
    const bool told = asks_for(target, swept.key);
    if (target.kind == TargetKind::command && !told) {
      place[swept.key].refuse(fmt::format("must stand as {{{}}} in the command or its environment", swept.key));
    }
  }
}

/// Adds the sweep of an object, if any, behind those that are there already.
void add_sweep(const JsonPlace& object, const Sweep& added, const ExperimentTarget& target, Sweep& sweep) {
  if (added.empty()) return;
  check_sweep(object["sweep"], added, target);
  for (const SweptKey& swept : added) {
    if (std::ranges::find(sweep, swept.key, &SweptKey::key) != sweep.end()) {
      object["sweep"][swept.key].refuse("is swept by the whole experiment already");
    }
    sweep.push_back(swept);
  }
}

/// The target at one place of its sweep, named for it: "pool-8" of the family "pool".
ExperimentTarget at_place(ExperimentTarget target, const std::vector<std::string>& words) {
  target.sweep = words;
  for (const std::string& word : words) {
    target.name.append("-").append(word.substr(word.find('=') + 1));
    if (target.kind == TargetKind::server) override_setting(target.settings, word);
  }
  target.strategy = strategy_of(target.settings);
  return target;
}

ExperimentTarget in_folder(ExperimentTarget target, const fs::path& folder) {
  target.family = target.name;
  if (target.kind == TargetKind::command)
    target.directory = (target.directory.empty() ? folder : folder / target.directory).string();
  return target;
}

/// Adds the targets that this one becomes.
void multiply(const JsonPlace& object, const ExperimentTarget& target, const Sweep& sweep,
              std::vector<ExperimentTarget>& targets) {
  for (const auto& words : combinations(sweep)) {
    targets.push_back(at_place(target, words));
    const std::string& name = targets.back().name;
    if (!is_plain_name(name)) check_name(object, name);
    if (std::ranges::count(targets, name, &ExperimentTarget::name) > 1) {
      object["name"].refuse(fmt::format("\"{}\" is the name of an earlier target; names must differ", name));
    }
  }
}

}  // namespace

void check_name(const JsonPlace& place, const std::string& name) {
  if (is_plain_name(name)) return;
  place.refuse(
      fmt::format("must be 1 to {} letters, digits, dashes, dots or underscores; found \"{}\"", longest_name, name));
}

void check_path(const JsonPlace& place, const std::string& path) {
  if (is_request_path(path)) return;
  place.refuse("must begin with / and be as in a URL, a space as %20; found " + place.word());
}

bool asks_for(const ExperimentTarget& target, const std::string& placeholder) {
  return wants(target.command, placeholder) || wants(target.environment, placeholder);
}

void SweepForm::read(const JsonPlace& place, Sweep& sweep) const {
  for (const auto& [key, list] : place.members()) {
    SweptKey swept{.key = key, .values = {}};
    for (const JsonPlace& item : list.items()) {
      const std::string value = item.system_word();
      if (item.is_object() || item.is_list() || item.is_null())
        item.refuse("must be a single value, such as 8 or \"auto\"");
      if (std::ranges::find(swept.values, value) != swept.values.end()) item.refuse(value + " is given twice");
      swept.values.push_back(value);
    }
    list.system_word();
    if (list.is_list() && swept.values.empty()) list.refuse("is empty; give the values it is to take, as [4, 8, 16]");
    sweep.push_back(std::move(swept));
  }
  if (place.is_object() && sweep.empty()) place.refuse("is empty; give keys and their values, or remove it");
}

form::Json SweepForm::named_schema(form::Json& definitions) {
  const form::Json values = {{"type", "array"},
                             {"minItems", 1},
                             {"uniqueItems", true},
                             {"items", {{"type", {"string", "number", "boolean"}}}}};
  definitions["sweep"] = {{"type", "object"}, {"minProperties", 1}, {"additionalProperties", values}};
  return {{"$ref", "#/$defs/sweep"}};
}

void TargetForm::read(const JsonPlace& place, WrittenTarget& written) const {
  const bool is_command = place.has("command");
  const bool is_running = place.has("url");
  if (place.has("server") && (is_command || is_running)) {
    place["server"].refuse("stands beside another kind of target; a target is a server, a command or a url");
  } else if (is_command) {
    as_command.read(place, written);
  } else if (is_running) {
    as_running.read(place, written);
  } else {
    as_server.read(place, written);
  }
}

form::Json TargetForm::named_schema(form::Json& definitions) {
  return {{"oneOf",
           {as_server.schema<WrittenTarget>(definitions), as_command.schema<WrittenTarget>(definitions),
            as_running.schema<WrittenTarget>(definitions)}}};
}

std::vector<ExperimentTarget> multiply_targets(const JsonPlace& root, const std::vector<WrittenTarget>& written,
                                               const Sweep& whole, const fs::path& folder) {
  const JsonPlace list = root["targets"];
  const std::vector<JsonPlace> objects = list.items();
  std::vector<ExperimentTarget> targets;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const ExperimentTarget target = in_folder(written[i].target, folder);
    Sweep sweep;
    if (target.kind == TargetKind::server) add_sweep(root, whole, target, sweep);
    add_sweep(objects[i], written[i].sweep, target, sweep);
    multiply(objects[i], target, sweep, targets);
  }
  const bool swept = std::ranges::any_of(targets, [](const ExperimentTarget& target) { return !target.sweep.empty(); });
  if (root.has("sweep") && !swept) root["sweep"].refuse("is of servers, and none of the targets is one");
  if (targets.empty() || targets.size() > most_targets) {
    list.refuse(
        fmt::format("must be a list of 1 to {} targets, such as [{{\"name\": \"mine\", \"server\": {{}}}}]; it has {}",
                    most_targets, targets.size()));
  }
  return targets;
}

}  // namespace waitlab::client
