#include "server/io/fiber_io.hpp"

#include "server/io/switch_notes.hpp"

#include <boost/context/detail/fcontext.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>

#include <deque>
#include <memory>
#include <new>
#include <utility>

namespace waitlab::server {

namespace context = boost::context;

/// A fiber: what runs on a stack of its own. Deletes itself once that has ended. boost::context::fiber leaves its stack
/// by unwinding it and enters it once before it is asked to, of which no sanitizer could be told; so this is made of
/// what that is made of.
class FiberIo::Strand {
 public:
  /// Throws std::bad_alloc if there is no room for its stack.
  Strand(FiberIo& io, std::function<void()> run)
      : io_(io),
        run_(std::move(run)),
        stack_(allocator().allocate()),
        other_(context::detail::make_fcontext(stack_.sp, stack_.size, begin)) {
    switches_.stack_at(stack_.sp, stack_.size);
  }

  Strand(const Strand&) = delete;
  Strand& operator=(const Strand&) = delete;
  ~Strand() {
    switches_.stack_goes();
    allocator().deallocate(stack_);
  }

  /// On the loop's stack: runs it until it waits or ends.
  void enter() {
    Strand* const outer = std::exchange(io_.current_, this);
    switches_.before_entering();
    other_ = context::detail::jump_fcontext(other_, this).fctx;
    switches_.after_entering();
    io_.current_ = outer;
    if (ended_) delete this;
  }

  /// On its own stack: back to the loop, until the next `enter`.
  void leave() {
    switches_.before_leaving();
    other_ = context::detail::jump_fcontext(other_, nullptr).fctx;
    switches_.after_leaving();
  }

  static void enter(void* strand) { static_cast<Strand*>(strand)->enter(); }

 private:
  context::protected_fixedsize_stack allocator() const { return context::protected_fixedsize_stack(io_.stack_bytes_); }

  /// The bottom of its stack, from which nothing returns.
  static void begin(context::detail::transfer_t entered) {
    auto& strand = *static_cast<Strand*>(entered.data);
    strand.other_ = entered.fctx;
    strand.switches_.arrived();
    strand.run_();
    strand.ended_ = true;
    strand.switches_.before_ending();
    context::detail::jump_fcontext(strand.other_, nullptr);
  }

  FiberIo& io_;
  const std::function<void()> run_;
  context::stack_context stack_;
  context::detail::fcontext_t other_;  ///< where the next switch goes: from the loop the fiber, and from that the loop
  SwitchNotes switches_;
  bool ended_ = false;
};

/// What is awaited through this suspends on the loop, while the fiber waits for all of it.
class FiberIo::StrandGathering final : public Gathering, private Io {
 public:
  explicit StrandGathering(FiberIo& fibers) noexcept : fibers_(fibers), strand_(*fibers.current_) {}

  Io& io() noexcept override { return *this; }

  void finish() override {
    finishing_ = true;
    while (under_way_ > 0)
      strand_.leave();
    finishing_ = false;
  }

 private:
  /// One call, and who awaits it.
  struct Awaited {
    StrandGathering& gathering;
    Call::Waiter waiter;
  };

  std::unique_ptr<Socket> wrap(FileDescriptor descriptor) override { return fibers_.wrap(std::move(descriptor)); }
  bool begin(Call& call) override { return fibers_.LoopIo::begin(call); }
  std::unique_ptr<Gathering> gather() override { return fibers_.LoopIo::gather(); }

  void park(Call& call) override {
    ++under_way_;
    awaited_.push_back({*this, call.waiter()});
    call.awaited_by({go_on, &awaited_.back()});
    fibers_.park(call);
  }

  static void go_on(void* awaited) {
    const auto& [gathering, waiter] = *static_cast<Awaited*>(awaited);
    waiter.go_on(waiter.whom);
    if (--gathering.under_way_ == 0 && gathering.finishing_) gathering.strand_.enter();
  }

  FiberIo& fibers_;
  Strand& strand_;
  std::deque<Awaited> awaited_;
  std::size_t under_way_ = 0;
  bool finishing_ = false;
};

FiberIo::FiberIo(boost::asio::io_context& context, std::size_t stack_bytes)
    : LoopIo(context), stack_bytes_(stack_bytes * SwitchNotes::stack_factor) {}

FiberIo::~FiberIo() = default;

bool FiberIo::begin(Call& call) {
  if (LoopIo::begin(call)) return true;
  Strand& strand = *current_;
  call.awaited_by({Strand::enter, &strand});
  park(call);
  strand.leave();
  return true;
}

std::unique_ptr<Gathering> FiberIo::gather() {
  return std::make_unique<StrandGathering>(*this);
}

bool FiberIo::spawn(const std::function<void()>& run) {
  Strand* strand = nullptr;
  try {
    strand = new Strand(*this, run);
  } catch (const std::bad_alloc&) {
    return false;
  }
  strand->enter();
  return true;
}

}  // namespace waitlab::server
