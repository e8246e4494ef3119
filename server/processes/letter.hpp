#pragma once

#include "common/net/file_descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace waitlab::server {

/// A message between two processes of the same program, with descriptors: values as they lie in memory, taken out in
/// the order in which they were put in. It goes over a socket of the kind SOCK_SEQPACKET. Not thread-safe.
class Letter {
 public:
  template <class T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  /// A long text goes as a file in memory: the kernel limits how long a message may be. Throws std::system_error if it
  /// grants none.
  void put_text(std::string_view text);

  /// One that stays the caller's, who keeps it open until the letter has been sent.
  void lend(int descriptor) { descriptors_.push_back(descriptor); }

  /// Throws std::logic_error where the letter does not have it.
  template <class T>
  T take() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    take_bytes(reinterpret_cast<char*>(&value), sizeof value);
    return value;
  }
  std::string take_text();
  FileDescriptor take_descriptor();

  enum class Sent : std::uint8_t {
    yes,
    not_now,  ///< the socket has no room
    never,    ///< nobody is left to read it
  };
  /// With `waits` there is no `not_now`.
  Sent send(int socket, bool waits) const;

  enum class Received : std::uint8_t { yes, none_yet, none_more };
  /// Into this one. With `waits` there is no `none_yet`.
  Received receive(int socket, bool waits);

 private:
  void take_bytes(char* to, std::size_t count);

  std::string bytes_;
  std::size_t taken_ = 0;
  std::vector<int> descriptors_;
  std::vector<FileDescriptor> own_;  ///< received, or made for a long text
  std::size_t descriptors_taken_ = 0;
};

}  // namespace waitlab::server
