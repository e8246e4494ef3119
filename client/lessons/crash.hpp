#pragma once

namespace waitlab::client {

/// Who crashes beside the bystander: another thread of its process, or a process that it forked.
enum class Crash { thread, process };

/// What became of somebody beside whom a worker crashed.
enum class Bystander { lives, died };

/// Forks a process with one thread, the bystander, which starts a worker that writes to memory it may not touch; says
/// what became of the bystander. No core is dumped. Throws std::system_error if one of them could not be started.
Bystander crash_beside(Crash kind);

}  // namespace waitlab::client
