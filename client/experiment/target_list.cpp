#include "client/experiment/target_list.hpp"

#include "client/engine/target.hpp"
#include "client/experiment/placeholders.hpp"
#include "client/experiment/server_settings.hpp"
#include "common/config/units.hpp"
#include "common/json/json_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// A key and the values that it takes in turn.
struct SweptKey {
  std::string key;
  std::vector<std::string> values;
};

/// Reads a sweep {"limits.max_connections": [4, 8, 16]}. What is wrong is refused at its place.
std::vector<SweptKey> read_sweep(const JsonPlace& place) {
  std::vector<SweptKey> sweep;
  for (const auto& [key, list] : place.members()) {
    SweptKey swept{.key = key, .values = {}};
    for (const JsonPlace& item : list.items()) {
      const std::string value = item.word();
      if (item.is_object() || item.is_list() || item.is_null())
        item.refuse("must be a single value, such as 8 or \"auto\"");
      if (std::ranges::find(swept.values, value) != swept.values.end()) item.refuse(value + " is given twice");
      swept.values.push_back(value);
    }
    if (list.is_list() && swept.values.empty()) list.refuse("is empty; give the values it is to take, as [4, 8, 16]");
    sweep.push_back(std::move(swept));
  }
  if (place.is_object() && sweep.empty()) place.refuse("is empty; give keys and their values, or remove it");
  return sweep;
}

/// Every combination of the values, each as "key=value" words, the last key's values changing fastest. Without a key,
/// one combination of no words.
std::vector<std::vector<std::string>> combinations(const std::vector<SweptKey>& sweep) {
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

constexpr std::size_t longest_name = 40;
constexpr std::size_t most_targets = 200;
constexpr std::uint64_t highest_pid = 1 << 22;

bool is_plain_name(const std::string& name) {
  return !name.empty() && name.size() <= longest_name && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  }) && name.front() != '.';
}

void refuse_name(const JsonPlace& place, const std::string& name) {
  place.refuse(
      fmt::format("must be 1 to {} letters, digits, dashes, dots or underscores; found \"{}\"", longest_name, name));
}

std::vector<std::string> read_texts(const JsonPlace& list) {
  std::vector<std::string> texts;
  for (const JsonPlace& item : list.items())
    texts.push_back(item.text());
  return texts;
}

/// Whether the text asks for the placeholder.
bool wants(const std::string& text, const std::string& name) {
  return text.find(fmt::format("{{{}}}", name)) != std::string::npos;
}

bool wants(const std::vector<std::string>& texts, const std::string& name) {
  return std::ranges::any_of(texts, [&](const std::string& text) { return wants(text, name); });
}

void read_url(const JsonPlace& object, ExperimentTarget& target) {
  if (object.has("url")) target.url = object["url"].text();
  const auto parsed = parse_target(fill_placeholders(target.url, {{"port", "1"}}));
  if (!parsed) object["url"].refuse(parsed.error().message);
  if (parsed && parsed->tls && target.kind == TargetKind::command) {
    object["url"].refuse("must begin with http://; whether a command is ready can't be asked over https");
  }
}

std::string read_path(const JsonPlace& place) {
  std::string path = place.text();
  check_path(place, path);
  return path;
}

void read_readiness(const JsonPlace& object, Readiness& ready) {
  if (!object.has("ready")) return;
  const JsonPlace place = object["ready"];
  place.allow_only({"path", "within"});
  if (place.has("path")) ready.path = read_path(place["path"]);
  if (!place.has("within")) return;
  const auto within = parse_duration(place["within"].text());
  if (within && *within >= 100ms && *within <= 10min) {
    ready.within = *within;
  } else {
    place["within"].refuse("must be a time from 100ms to 10m, such as \"10s\"");
  }
}

/// The command must be told the port that it is loaded on.
void check_port(const JsonPlace& object, const ExperimentTarget& target) {
  const bool told = asks_for(target, "port");
  if (told == wants(target.url, "port")) return;
  object["command"].refuse(told ? "is given {port}, but url names another port; write {port} there too"
                                : "is not told {port}, where it is to listen; write {port} into it, or give its url");
}

void read_command(const JsonPlace& object, const fs::path& folder, ExperimentTarget& target) {
  target.kind = TargetKind::command;
  object.allow_only({"name", "command", "url", "ready", "directory", "environment", "sweep"});
  target.command = read_texts(object["command"]);
  if (target.command.empty() || target.command.front().empty()) {
    object["command"].refuse(
        "must be a list of a program and its arguments, such as [\"nginx\", \"-c\", \"nginx.conf\"]");
  }
  target.directory = (object.has("directory") ? folder / object["directory"].text() : folder).string();
  if (object.has("environment")) {
    for (const auto& [name, value] : object["environment"].members())
      target.environment.push_back(name + "=" + value.text());
  }
  target.url = "http://127.0.0.1:{port}";
  read_url(object, target);
  read_readiness(object, target.ready);
  check_port(object, target);
}

void read_running(const JsonPlace& object, ExperimentTarget& target) {
  target.kind = TargetKind::url;
  object.allow_only({"name", "url", "pid", "ready"});
  read_url(object, target);
  read_readiness(object, target.ready);
  if (wants(target.url, "port")) {
    object["url"].refuse("is that of a server which runs already, and has no {port} to be filled in");
  }
  if (!object.has("pid")) return;
  const std::uint64_t pid = object["pid"].count();
  if (pid < 1 || pid > highest_pid) object["pid"].refuse("must be the id of a process");
  target.pid = static_cast<int>(pid);
}

void read_server(const JsonPlace& object, ExperimentTarget& target) {
  object.allow_only({"name", "server", "command", "url", "path", "sweep"});
  if (object.has("server")) target.settings = read_server_settings(object["server"]);
  if (object.has("path")) target.path = read_path(object["path"]);
}

ExperimentTarget read_target(const JsonPlace& object, const fs::path& folder) {
  ExperimentTarget target;
  target.name = read_name(object);
  target.family = target.name;
  if (object.has("server") && (object.has("command") || object.has("url"))) {
    object["server"].refuse("stands beside another kind of target; a target is a server, a command or a url");
  } else if (object.has("command")) {
    read_command(object, folder, target);
  } else if (object.has("url")) {
    read_running(object, target);
  } else {
    read_server(object, target);
  }
  return target;
}

void check_sweep(const JsonPlace& place, const std::vector<SweptKey>& sweep, const ExperimentTarget& target) {
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

/// Reads the sweep that stands in an object, if any, behind those that are there already.
void add_sweep(const JsonPlace& object, const ExperimentTarget& target, std::vector<SweptKey>& sweep) {
  if (!object.has("sweep")) return;
  const auto added = read_sweep(object["sweep"]);
  check_sweep(object["sweep"], added, target);
  for (const SweptKey& swept : added) {
    if (std::ranges::find(sweep, swept.key, &SweptKey::key) != sweep.end()) {
      object["sweep"][swept.key].refuse("is swept by the whole experiment already");
    }
    sweep.push_back(swept);
  }
}

}  // namespace

std::string read_name(const JsonPlace& object) {
  const std::string name = object["name"].text();
  if (object.has("name") && !is_plain_name(name)) refuse_name(object["name"], name);
  return name;
}

void check_path(const JsonPlace& place, const std::string& path) {
  if (is_request_path(path)) return;
  place.refuse("must begin with / and be as in a URL, a space as %20; found " + place.word());
}

bool asks_for(const ExperimentTarget& target, const std::string& placeholder) {
  return wants(target.command, placeholder) || wants(target.environment, placeholder);
}

std::vector<ExperimentTarget> read_targets(const JsonPlace& root, const fs::path& folder) {
  const JsonPlace list = root["targets"];
  std::vector<ExperimentTarget> targets;
  for (const JsonPlace& object : list.items()) {
    const ExperimentTarget target = read_target(object, folder);
    std::vector<SweptKey> sweep;
    if (target.kind == TargetKind::server) add_sweep(root, target, sweep);
    add_sweep(object, target, sweep);
    for (const auto& words : combinations(sweep)) {
      targets.push_back(at_place(target, words));
      const std::string& name = targets.back().name;
      if (!is_plain_name(name)) refuse_name(object, name);
      if (std::ranges::count(targets, name, &ExperimentTarget::name) > 1) {
        object["name"].refuse(fmt::format("\"{}\" is the name of an earlier target; names must differ", name));
      }
    }
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
