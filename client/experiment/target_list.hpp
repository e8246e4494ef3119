#pragma once

#include "client/record/experiment_result.hpp"
#include "common/json/forms.hpp"
#include "common/json/json_place.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// The `targets` of an experiment file, and its `sweep`, which multiplies every server among them. A target is a server
/// of ours with overrides, any command, or a URL; see docs/experiments.md. What is wrong is refused at its place.
namespace waitlab::client {

/// A key and the values that it takes in turn.
struct SweptKey {
  std::string key;
  std::vector<std::string> values;
};
using Sweep = std::vector<SweptKey>;

/// A target as its file has it: not yet multiplied by its sweep.
struct WrittenTarget {
  ExperimentTarget target;  ///< `directory` is from the folder of the file
  Sweep sweep;
};

void check_name(const JsonPlace& place, const std::string& name);
void check_path(const JsonPlace& place, const std::string& path);

/// Names become names of folders and files: 1 to 40 letters, digits, dashes, dots and underscores.
inline constexpr form::CheckedText plain_name{"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,39}$", check_name};
/// What can be asked for.
inline constexpr form::CheckedText request_path{"^/[^\\u0000- #\\u007f]*$", check_path};

/// A sweep {"limits.max_connections": [4, 8, 16]}.
struct SweepForm {
  void read(const JsonPlace& place, Sweep& sweep) const;
  template <class>
  form::Json schema(form::Json& definitions) const {
    return named_schema(definitions);
  }

 private:
  static form::Json named_schema(form::Json& definitions);
};

struct TargetForm {
  void read(const JsonPlace& place, WrittenTarget& written) const;
  template <class>
  form::Json schema(form::Json& definitions) const {
    return named_schema(definitions);
  }

 private:
  static form::Json named_schema(form::Json& definitions);
};

inline constexpr std::size_t most_targets = 200;
inline constexpr form::ListOf<TargetForm> target_list{.form = {}, .least = 1, .most = most_targets};

/// Every target of the file, multiplied by its own sweep and, a server, by that of the whole file. `root` is the file's
/// place; commands run in `folder`, that of the file, or where they say from there.
std::vector<ExperimentTarget> multiply_targets(const JsonPlace& root, const std::vector<WrittenTarget>& written,
                                               const Sweep& whole, const std::filesystem::path& folder);

/// Whether the target's command, or its environment, asks for the placeholder.
bool asks_for(const ExperimentTarget& target, const std::string& placeholder);

}  // namespace waitlab::client
