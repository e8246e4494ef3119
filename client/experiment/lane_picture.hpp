#pragma once

#include <future>
#include <optional>
#include <string>
#include <string_view>

namespace waitlab::client {

/// A short picture of what the threads and requests of a server of ours do while it is under load, by its own /trace.
/// A run never fails for want of one. The calls are for one thread.
class LanePicture {
 public:
  /// Of the server with this admin listener; of none if it is empty.
  explicit LanePicture(std::string admin_address) : admin_address_(std::move(admin_address)) {}

  /// Begins to take it and returns at once. Only the first call counts.
  void take();

  /// The picture: the JSON of a list of Chrome trace events. Empty if none was taken, or the server has none to give,
  /// or it is too large for a report. Waits for it, for some seconds at most.
  std::string finish();

 private:
  const std::string admin_address_;
  std::future<std::string> taken_;
};

/// The list of events in the text of a trace; empty if it is no trace, or too large for a report.
std::string lanes_in(std::string_view trace);

}  // namespace waitlab::client
