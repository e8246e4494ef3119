#include "client/explorer/program.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace waitlab::client::explorer {
namespace {

using Kind = Step::Kind;

const char* verb_of(Kind kind) {
  switch (kind) {
    case Kind::load:
      return "load";
    case Kind::store:
      return "store";
    case Kind::add:
      return "add";
    case Kind::compare_exchange:
      return "cas";
    case Kind::lock:
      return "lock";
    case Kind::try_lock:
      return "try-lock";
    case Kind::unlock:
      return "unlock";
    case Kind::compute:
    case Kind::pause:
      break;
  }
  return "pause";
}

bool is_about_a_lock(Kind kind) {
  return kind == Kind::lock || kind == Kind::try_lock || kind == Kind::unlock;
}

}  // namespace

Variable Program::variable(std::string name, Value initial) {
  variables_.push_back({std::move(name), initial});
  return {static_cast<unsigned>(variables_.size() - 1)};
}

Lock Program::lock(std::string name) {
  locks_.push_back(std::move(name));
  return {static_cast<unsigned>(locks_.size() - 1)};
}

void Program::thread(ThreadFunction function) {
  if (threads_.size() == most_threads) throw std::length_error("a program of the explorer has 36 threads at most");
  threads_.push_back(std::move(function));
}

char thread_letter(unsigned thread) {
  return "0123456789abcdefghijklmnopqrstuvwxyz"[thread];
}

std::string step_name(const Program& program, const Step& step) {
  if (step.kind == Kind::compute) return step.label;
  if (step.kind == Kind::pause) return verb_of(step.kind);
  const std::string& object =
      is_about_a_lock(step.kind) ? program.locks()[step.object] : program.variables()[step.object].name;
  return fmt::format("{} {}", verb_of(step.kind), object);
}

std::string step_text(const Program& program, const Step& step) {
  const std::string name = step_name(program, step);
  switch (step.kind) {
    case Kind::store:
      return fmt::format("{} = {}", name, step.operand);
    case Kind::add:
      return fmt::format("{} {:+}", name, step.operand);
    case Kind::compare_exchange:
      return fmt::format("{} {}→{}", name, step.expected, step.operand);
    default:
      return name;
  }
}

std::string taken_text(const Program& program, const Step& step, Value result) {
  const std::string text = step_text(program, step);
  switch (step.kind) {
    case Kind::load:
      return fmt::format("{} → {}", text, result);
    case Kind::compare_exchange:
    case Kind::try_lock:
      return fmt::format("{}: {}", text, result != 0 ? "yes" : "no");
    default:
      return text;
  }
}

}  // namespace waitlab::client::explorer
