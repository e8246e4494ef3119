#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace waitlab::client {

/// Where the logs of an experiment go: each part of it (resuming begins another) has a folder of its own in the folder
/// of the results.
class LogNames {
 public:
  /// `folder` is that of this part's logs.
  explicit LogNames(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::string backend() const { return (folder_ / "backend.log").string(); }
  std::string holds() const { return (folder_ / "holds.csv").string(); }

  /// Of a target in a repeat (from 0). One started anew within its session, for the run `first` (from 0) of it, has
  /// logs of its own.
  std::string target(const std::string& name, unsigned repeat, std::size_t first) const;
  std::string requests(const std::string& name, unsigned repeat, std::size_t first) const;

  /// A log's path as the result tells it: from the folder of the results, so that this can be moved.
  std::string in_results(const std::string& path) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace waitlab::client
