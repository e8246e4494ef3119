#include "common/net/stop_handshakes.hpp"

#include <linux/filter.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <array>
#include <cstdint>

namespace waitlab {

bool stop_handshakes(int listening_socket) noexcept {
  // The filter sees what comes for the listening socket from its TCP header on. Where the kernel takes none, a
  // connection of the last moment is reset, as it always would be.
  constexpr std::uint32_t flags_offset = 13;
  constexpr std::uint32_t drop = 0;
  constexpr std::uint32_t keep = 0xFFFF;
  std::array<sock_filter, 4> program{{BPF_STMT(BPF_LD | BPF_B | BPF_ABS, flags_offset),
                                      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, TH_SYN, 0, 1),
                                      BPF_STMT(BPF_RET | BPF_K, drop), BPF_STMT(BPF_RET | BPF_K, keep)}};
  const sock_fprog filter{program.size(), program.data()};
  return ::setsockopt(listening_socket, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0;
}

}  // namespace waitlab
