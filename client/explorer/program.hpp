#pragma once

#include "client/explorer/steps.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::client::explorer {

/// Makes a thread's coroutine anew, for each run again.
using ThreadFunction = std::function<ThreadSteps()>;

struct SharedVariable {
  std::string name;
  Value initial = 0;
};

/// A few threads and what they share. Names are short, as they head columns. Names, the expectation and the step limit
/// are for whoever shows it. A value: copy it freely.
///
///     Program program("lost update");
///     const Variable counter = program.variable("counter", 0);
///     program.thread([=] { return increment(counter); });  // ThreadSteps increment(Variable counter)
///     program.expect([](const std::vector<Value>& values) { return values[0] == 1; });
///
/// A thread's function is a coroutine with its own parameters, not a lambda that is itself a coroutine: the frame of
/// such a one would refer to the lambda.
class Program {
 public:
  static constexpr unsigned default_step_limit = 200;
  static constexpr unsigned most_threads = 36;

  explicit Program(std::string name) : name_(std::move(name)) {}

  Variable variable(std::string name, Value initial);
  Lock lock(std::string name);
  /// Adds a thread, the first being number 0. Throws std::length_error beyond `most_threads`.
  void thread(ThreadFunction function);

  /// Says which final values, in the order of the variables, are right. Without it all are.
  void expect(std::function<bool(const std::vector<Value>&)> right) { right_ = std::move(right); }
  /// After so many steps of all threads together, at least 1, a run that is not over is cut off, as a livelock.
  void limit_steps(unsigned steps) { step_limit_ = steps; }

  const std::string& name() const { return name_; }
  const std::vector<SharedVariable>& variables() const { return variables_; }
  const std::vector<std::string>& locks() const { return locks_; }
  const std::vector<ThreadFunction>& threads() const { return threads_; }
  unsigned step_limit() const { return step_limit_; }
  bool right(const std::vector<Value>& values) const { return !right_ || right_(values); }

 private:
  std::string name_;
  std::vector<SharedVariable> variables_;
  std::vector<std::string> locks_;
  std::vector<ThreadFunction> threads_;
  std::function<bool(const std::vector<Value>&)> right_;
  unsigned step_limit_ = default_step_limit;
};

/// How a run ended.
struct Outcome {
  enum class Kind {
    finished,  ///< every thread did
    deadlock,  ///< somebody has not finished, and nobody can go on
    /// Threads still ran after the program's limit of steps: they kept each other from finishing, which is a livelock,
    /// or the schedule was unfair and let one try again and again while another, which it waits for, never ran.
    step_limit
  };

  Kind kind = Kind::finished;
  bool right = true;  ///< finished, with values as expected
  std::string text;   ///< "counter = 1", "deadlock: thread 0 holds a, waits for b; …", "livelock: …"
};

/// The thread's letter in a schedule: 0 to 9, then a to z.
char thread_letter(unsigned thread);

/// "load counter", "lock a": the step without any value.
std::string step_name(const Program& program, const Step& step);
/// The step before it is taken, with what it will write: "store counter = 1".
std::string step_text(const Program& program, const Step& step);
/// The step once it was taken: "load counter → 0", "try-lock b: no".
std::string taken_text(const Program& program, const Step& step, Value result);

}  // namespace waitlab::client::explorer
