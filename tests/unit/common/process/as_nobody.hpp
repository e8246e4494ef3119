#pragma once

#include <unistd.h>

namespace waitlab {

/// This process with the rights of another user than those that it has started, while it lives. Only root can have it.
class AsNobody {
 public:
  AsNobody() : changed_(::geteuid() == 0 && ::setresuid(nobody, nobody, 0) == 0) {}
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  ~AsNobody() {
    if (changed_ && ::setresuid(0, 0, 0) != 0) ::_exit(1);
  }

  bool changed() const { return changed_; }

 private:
  static constexpr uid_t nobody = 65'534;

  bool changed_;
};

}  // namespace waitlab
