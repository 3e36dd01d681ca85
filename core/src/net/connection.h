#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/backoff.h"
#include "base/logger.h"
#include "net/address.h"
#include "net/event_loop.h"
#include "net/rpc.h"
#include "net/stream.h"

namespace rocketlink::net {

/// What the connections of a client have in common.
struct ConnectionSettings {
  Timing timing;
  base::Logger log;
  std::shared_ptr<TlsContext> tls;  ///< null: plain TCP
  Runtime* runtime = nullptr;       ///< never null in use
  std::string account;              ///< that requests are signed for, to be named in refusals
  std::string instance;             ///< that servers put before names, to be left out of what they say
};

/// One connection to one server: opened by the first call, opened again by the first call after a failure and its
/// backoff. Where its name stands for several addresses, each has its share of the time for connecting. Requests are
/// matched to answers by opaque, in any order. Everything runs on the loop's thread.
///
/// A call that waits behind others on a connection that moves is not late. It is so at its time, unless bytes come, or
/// go where not all of its own have arrived, at a rate worth waiting for, and no call that was made well after it was
/// answered before it. So what is ahead of a call bounds how long it waits, and a peer that trickles, or says what
/// nobody has asked for, holds nothing up.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(EventLoop& loop, std::string address, std::shared_ptr<const ConnectionSettings> settings);

  /// `callback` is called once: with the answer, a denial, an Error of kTimeout after `timeout`, or sooner where
  /// the server is silent, or of kDisconnected or kUntrusted. While the backoff after a failed connect lasts, calls
  /// fail at once.
  void call(Request request, Milliseconds timeout, Callback callback);
  /// Fails all that is pending with `error`.
  void close(const Error& error);
  [[nodiscard]] bool idle() const { return pending_.empty(); }
  /// Nothing would be lost by forgetting it: not connected, nothing pending, no backoff to be kept.
  [[nodiscard]] bool forgettable() const {
    return state_ == State::kIdle && pending_.empty() && now() >= next_connect_;
  }
  /// The server said GO_AWAY: further calls belong on a new connection, pending ones may still be answered.
  [[nodiscard]] bool going_away() const { return going_away_; }

 private:
  enum class State { kIdle, kConnecting, kReady };
  struct Pending {
    Callback callback;
    SteadyTime sent;
    Milliseconds timeout;
    SteadyTime deadline;
    wire::RequestCode code;
    std::optional<std::uint64_t> end;  ///< of its bytes among all that were written; nothing: it is not written yet
    bool under_way = false;            ///< not all of it had arrived when its time was over
  };
  struct Outgoing {
    std::optional<std::int32_t> opaque;  ///< of a request; an answer to the server's has none
    std::string head;
    SharedBytes body;
  };

  [[nodiscard]] SteadyTime now() const { return settings_->runtime->now(); }
  void connect();
  void resolved(const std::error_code& error, const std::vector<Endpoint>& found);
  void connect_next();
  void address_failed(const std::string& why);
  void handshake();
  void established();
  bool enqueue(Request request, std::int32_t opaque);
  void start_write();
  void drop_given_up();
  void start_read();
  /// Takes whole frames out of the receive buffer; false when the connection was given up.
  bool take_frames();
  void take_frame(const wire::FrameLayout& layout);
  void answer_request(const wire::Header& request);
  void moved(std::uint64_t bytes, SteadyTime& until) const;
  /// Bytes that came turn out to be for nobody.
  void came_in_vain(std::uint64_t bytes);
  void look_at_acknowledged();
  /// Gives more time to a call whose time is over; false: it is late.
  [[nodiscard]] bool postpone(Pending& call) const;
  void watch_deadline(SteadyTime deadline);
  void check_deadlines();
  /// Told to go away, and all is answered or given up: true, and it is closed.
  bool close_if_done();
  /// The stream gave an error.
  void broken(std::string_view doing, const std::error_code& error);
  void fail(Error reason);
  /// A handler of the current attempt, which does nothing once that is over.
  template <class F>
  auto current(F function);
  void shut();
  void fail_pending(const Error& error);

  EventLoop& loop_;
  std::string address_;
  std::shared_ptr<const ConnectionSettings> settings_;
  State state_ = State::kIdle;
  std::uint64_t attempt_ = 0;  ///< counts connections; handlers of an earlier one see that they are late
  std::shared_ptr<Stream> stream_;
  std::string host_;                 ///< of address_, without brackets
  std::vector<Endpoint> endpoints_;  ///< that the host's name stands for
  std::size_t next_endpoint_ = 0;
  std::string endpoint_failures_;  ///< of those tried, for a person
  std::unique_ptr<Timer> connect_timer_;
  std::unique_ptr<Timer> deadline_timer_;
  SteadyTime next_check_ = SteadyTime::max();  ///< when deadline_timer_ goes off; max: it is not running
  base::Backoff backoff_;
  SteadyTime next_connect_{};
  Error last_failure_;
  std::shared_ptr<ReceiveBuffer> received_ = std::make_shared<ReceiveBuffer>();  ///< a read under way holds it too
  SteadyTime last_received_{};
  bool heard_ = false;       ///< something was received since the connection was made
  std::size_t unheard_ = 0;  ///< connections, or tries to make one, that ended without that
  std::uint64_t written_ = 0;
  std::uint64_t acknowledged_ = 0;  ///< of them, when it was last looked
  SteadyTime looked_{};
  SteadyTime sends_until_{};      ///< how long the bytes that went over last are worth waiting
  SteadyTime receives_until_{};   ///< the same of those that came
  SteadyTime newest_answered_{};  ///< when it was sent
  std::vector<Outgoing> outbox_;
  std::shared_ptr<std::vector<Outgoing>> writing_;  ///< null when nothing is; the write's handler holds it as well
  std::unordered_map<std::int32_t, Pending> pending_;
  std::set<std::int32_t> given_up_;  ///< calls of this connection that may still be answered: opaques
  std::uint32_t next_opaque_ = 1;
  bool going_away_ = false;
};

}  // namespace rocketlink::net
