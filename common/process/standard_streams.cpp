#include "common/process/standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <csignal>
#include <cstdio>

namespace waitlab {

void prepare_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0) continue;
    static_cast<void>(::open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY));
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

void say(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace waitlab
