#include "server/processes/letter.hpp"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace waitlab::server {

namespace {

constexpr std::size_t longest_text = 32 * 1024;  ///< within a letter

constexpr std::size_t most_descriptors = 8;

union Control {
  cmsghdr header;
  std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))> space;
};

FileDescriptor file_of(std::string_view text) {
  FileDescriptor file(::memfd_create("waitlab", MFD_CLOEXEC));
  while (file && !text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0) file.reset();
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  if (!file) throw std::system_error(errno, std::system_category(), "memfd_create");
  return file;
}

std::string text_of(const FileDescriptor& file, std::size_t size) {
  std::string text(size, '\0');
  if (::pread(file.get(), text.data(), size, 0) != static_cast<ssize_t>(size))
    throw std::logic_error("a letter's file is too short");
  return text;
}

/// Of the letter that comes next; 0 where none will, and where there is an error, as recv tells it, less.
ssize_t length_of_next(int socket, bool waits) {
  ssize_t length = 0;
  do
    length = ::recv(socket, nullptr, 0, MSG_PEEK | MSG_TRUNC | (waits ? 0 : MSG_DONTWAIT));
  while (length < 0 && errno == EINTR);
  return length;
}

}  // namespace

void Letter::put_text(std::string_view text) {
  put(text.size());
  if (text.size() <= longest_text) {
    bytes_.append(text);
  } else {
    lend(own_.emplace_back(file_of(text)).get());
  }
}

std::string Letter::take_text() {
  const auto size = take<std::size_t>();
  if (size > longest_text) return text_of(take_descriptor(), size);
  std::string text(size, '\0');
  take_bytes(text.data(), size);
  return text;
}

FileDescriptor Letter::take_descriptor() {
  if (descriptors_taken_ == own_.size()) throw std::logic_error("a letter has too few descriptors");
  return std::move(own_[descriptors_taken_++]);
}

void Letter::take_bytes(char* to, std::size_t count) {
  if (count > bytes_.size() - taken_) throw std::logic_error("a letter is too short");
  std::memcpy(to, bytes_.data() + taken_, count);
  taken_ += count;
}

Letter::Sent Letter::send(int socket, bool waits) const {
  iovec part{const_cast<char*>(bytes_.data()), bytes_.size()};
  Control control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!descriptors_.empty()) {
    const std::size_t size = descriptors_.size() * sizeof(int);
    message.msg_control = &control;
    message.msg_controllen = CMSG_SPACE(size);
    cmsghdr* const rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(rights), descriptors_.data(), size);
  }
  for (;;) {
    if (::sendmsg(socket, &message, MSG_NOSIGNAL | (waits ? 0 : MSG_DONTWAIT)) >= 0) return Sent::yes;
    if (errno == EAGAIN) return Sent::not_now;
    if (errno != EINTR) return Sent::never;
  }
}

Letter::Received Letter::receive(int socket, bool waits) {
  *this = Letter();
  const ssize_t size = length_of_next(socket, waits);
  if (size < 0) return errno == EAGAIN ? Received::none_yet : Received::none_more;
  bytes_.resize(static_cast<std::size_t>(size));
  iovec part{bytes_.data(), bytes_.size()};
  Control control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = &control;
  message.msg_controllen = sizeof control;
  if (::recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT) <= 0) return Received::none_more;
  for (cmsghdr* rights = CMSG_FIRSTHDR(&message); rights != nullptr; rights = CMSG_NXTHDR(&message, rights)) {
    const std::size_t count = (rights->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    std::array<int, most_descriptors> received{};
    std::memcpy(received.data(), CMSG_DATA(rights), std::min(count, most_descriptors) * sizeof(int));
    for (std::size_t index = 0; index < std::min(count, most_descriptors); ++index)
      own_.emplace_back(received[index]);
  }
  return Received::yes;
}

}  // namespace waitlab::server
