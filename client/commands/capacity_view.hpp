#pragma once

#include "client/commands/capacity_report.hpp"
#include "client/commands/capacity_run.hpp"

#include <cstdio>
#include <string>

namespace waitlab::client {

/// What a search is doing now, in a few words: "probing 160/s: measuring, 3 s left".
std::string probe_progress(double rate, const LoadProgress& progress);

/// Shows a search while it goes on: a line for each probe that is over and, where stderr is a terminal, one on what
/// goes on now, which the next replaces.
class CapacityView {
 public:
  /// `out` takes what is to stay.
  explicit CapacityView(std::FILE* out);

  /// What is to be called by the search. Not after the view is gone.
  SearchEvents events();

 private:
  void print(const std::string& text);
  void show_now(const std::string& line);

  std::FILE* out_;
  bool redraws_;
};

}  // namespace waitlab::client
