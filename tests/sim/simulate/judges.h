#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "mock/mock_fault.h"
#include "mock/observer.h"
#include "rocketlink/log.h"
#include "rocketlink/sink.h"
#include "rocketlink/source.h"
#include "sim/simulate/input.h"
#include "sim/world.h"

namespace rocketlink::sim {

/// What a message of the input says in its body, and its copy in the output after it: where it stands.
struct Identity {
  std::string broker;
  std::int32_t queue = 0;
  std::int64_t offset = 0;

  bool operator==(const Identity&) const = default;
  [[nodiscard]] std::string text() const;
  /// From the beginning of a body.
  [[nodiscard]] static Identity parse(std::string_view body);
};

struct IdentityHash {
  std::size_t operator()(const Identity& identity) const {
    const std::size_t broker = std::hash<std::string>{}(identity.broker);
    return (broker * 31 + static_cast<std::size_t>(identity.queue)) * 1'000'003 +
           static_cast<std::size_t>(identity.offset);
  }
};
using IdentitySet = std::unordered_set<Identity, IdentityHash>;

/// A body with that identity, `bytes` longer than need be.
[[nodiscard]] std::string body_of(const Identity& identity, std::size_t bytes);
/// It is one of those, every byte.
[[nodiscard]] bool is_whole(std::string_view body);

/// Look on while a world runs, and fail it when a promise is broken:
///  - given out: a position never passes a message that was not given out, and a queue's messages come in its order;
///  - filter: only what bears the tag is given out;
///  - readers: in one life of a job each queue has one reader;
///  - goes on: a job begins no earlier than where its group was, or, where a slave may have answered, ever was;
///  - bounded: a bounded job stops at the ends as of its start, and has then copied all before them;
///  - flush: it never returns before everything that was written before is stored;
///  - commit: never beyond what was flushed, and in an orderly end all of that;
///  - order: what one sink writes with one partition text stands in its queue in the order of writing;
///  - once: without a fault nothing is stored twice, and no commit is behind the one before;
///  - calm: without a fault there is nothing to warn of;
///  - partition: one partition text leads to one queue, whoever writes, while routes stay as they are;
///  - later: what is for later is told to the broker;
///  - start: a start by time or at the end reads nothing of before;
///  - everything: in the end every message is in the output, and every queue is read, and committed, to its end;
///  - memory: readers and sinks keep to their budgets;
///  - budget: calls to brokers keep to theirs;
///  - busy: where nothing is to be done little is done, and what fails is not tried without pause;
///  - pace: a batch is sent again no more often, and no sooner, than its sink's options say, and ever later while
///    brokers throttle;
///  - log: no secret, and no more lines of a kind in a minute than a person can read;
///  - life: a job ends when it is told to and not by itself.
/// What brokers themselves lose, and offsets that fall back with them, excuse just that: what is below the lowest end
/// that a queue fell to is judged as ever.
class Judges final : public mock::Observer {
 public:
  /// `calm`: the world is without faults that excuse repeats and warnings.
  Judges(World& world, std::string input, std::string output, std::string secret, bool calm)
      : world_(world), input_(std::move(input)), output_(std::move(output)), secret_(std::move(secret)), calm_(calm) {}

  /// Every route has all queues to write to, always.
  void routes_stay() { routes_stay_ = true; }

  // ---- what the outside does
  /// `wanted`: it passes the filter.
  void appended(const QueueId& queue, std::int64_t offset, bool wanted, std::int64_t time_ms = 0);
  /// Retention: nobody can be asked for what is below any more.
  void deleted_before(const QueueId& queue, std::int64_t offset);

  // ---- what brokers do
  void stored(const QueueId& queue, const mock::MockRecord& record) override;
  void acknowledged(const QueueId& queue, std::uint64_t number) override;
  void degraded(const QueueId& queue, std::uint64_t number) override { acknowledged(queue, number); }
  void lost(const QueueId& queue, const mock::MockRecord& record) override;
  void received(const mock::SeenRequest& request) override;
  void answered(const mock::SeenRequest& request, std::int32_t code) override;
  void committed(const std::string& group, const QueueId& queue, std::int64_t offset) override;
  void set_committed(const std::string& group, const QueueId& queue, std::int64_t offset) override;
  void committed_fell_back(const std::string& group, const QueueId& queue, std::optional<std::int64_t> offset) override;

  // ---- what a job does; `run` is one reader and its sink in one life of the job, by the name "life.number"
  /// `goes_on`: from the group's offsets, where there are any.
  void starts(const std::string& life, const std::string& group, bool goes_on = true);
  /// Each life of the group's job reads again what an earlier one has read.
  void begins_anew(const std::string& group) { anew_.insert(group); }
  /// Where the group's jobs begin is committed, also where nothing is to be read.
  void commits_start(const std::string& group) { groups_[group].commits_start = true; }
  /// The group's job is killed: what comes of it from now on was under way.
  void dies(const std::string& group) { groups_[group].life.dead = true; }
  /// What the group's sinks were told about trying again.
  void tries(const std::string& group, const SinkOptions& options) { pace_[group] = options; }
  /// The group's jobs owe no message of the queue below: their start or an admin skips them.
  void skips(const std::string& group, const QueueId& queue, std::int64_t below);
  /// Nor any that was stored before that time.
  void skips_until(const std::string& group, const QueueId& queue, std::int64_t time_ms);
  void begins(const std::string& run, const std::string& group, const QueueId& queue, std::int64_t offset);
  /// It is to begin no earlier than where its group ever was: its master has known of a commit since the job started.
  void begins_by_group(const std::string& run, const std::string& group, const QueueId& queue, std::int64_t offset);
  /// It is to begin at what was stored at that time.
  void begins_at_time(const std::string& run, const QueueId& queue, std::int64_t offset, std::int64_t time_ms);
  /// It is to begin at the queue's end, which was there as the job started.
  void begins_at_end(const std::string& run, const QueueId& queue, std::int64_t offset, std::int64_t end);
  /// The run reads the queue only up to there; its end was at `least` as the job started.
  void stops_at(const std::string& run, const QueueId& queue, std::int64_t stop, std::int64_t least);
  /// The queue is taken from its reader.
  void taken(const std::string& run, const QueueId& queue);
  void given_out(const std::string& run, const QueueId& queue, std::int64_t offset, std::string_view body,
                 std::string_view key);
  /// A batch is done with: reading goes on at `next`.
  void passed(const std::string& run, const QueueId& queue, std::int64_t next);
  void written(const std::string& run, const Identity& message, std::size_t body_bytes);
  /// What was written last is to become visible at that time.
  void delivers(const std::string& run, const Identity& message, DeliveryEncoding encoding, std::int64_t time_ms);
  /// A flush has returned well; the sink says that it has given up so many messages since it was opened.
  void flushed(const std::string& run, std::uint64_t given_up = 0);
  /// Offsets that a commit may name from now on, beside those that were flushed: where reading begins.
  void may_commit(const std::string& group, const QueueId& queue, std::int64_t offset);

  /// The run tries to open its sink,
  void opens(const std::string& run, const std::string& group);
  /// and has opened it.
  void opened(const std::string& run, const std::string& group);

  // ---- how a job ends
  /// Nobody told it to. `lived`: without the time that it was paused.
  /// `tried`: with it.
  void ended_by_itself(const std::string& job, const std::optional<Error>& error, std::chrono::nanoseconds lived,
                       std::chrono::nanoseconds tried);
  /// It was told to, and given time for what it had begun.
  void ended_as_told(const std::string& job, const std::optional<Error>& error, std::chrono::nanoseconds lived);
  /// It was told to so long ago, and may take some time.
  void still_runs(const std::string& job, std::chrono::nanoseconds told, std::chrono::seconds patience);
  /// The group's job has ended without an error: if it did not say otherwise, all that it was done with was committed.
  void ended_in_order(const std::string& group);
  /// And it could reach everybody.
  void ended_well(const std::string& group);
  /// A bounded job has ended by itself; `ends` are those of all queues as it started.
  void ended_bounded(const std::string& group, const std::map<QueueId, std::int64_t>& ends, bool all_in_route);

  // ---- what it costs
  void buffered(const std::string& run, std::uint64_t reader_bytes);
  /// What the run's sink tells, once all that it was given is counted.
  void sent(const std::string& run, const SinkStats& stats);
  /// Calls to brokers of one life so far, and how many it may make in a second.
  void called(const std::string& life, std::uint64_t calls, double most_per_second);
  /// What a life's readers say of pulls and commits so far. Those that arrive at brokers are no more.
  void told_of_calls(const std::string& group, const std::string& life, std::uint64_t calls);
  /// Pulls of one run that did not work so far.
  void retried(const std::string& run, std::uint64_t retries);
  void connected(const std::string& process, std::size_t connections, std::size_t most);
  /// So many events happened while nothing was to be done.
  void idled(std::uint64_t events, std::chrono::nanoseconds time);
  void logged(const std::string& run, LogLevel level, std::string_view text);

  /// Whether all that was appended, and not deleted, is in the output of `group`.
  [[nodiscard]] bool all_copied(const std::string& group) const;
  /// The same, and its job has read and committed every queue to its end.
  [[nodiscard]] bool all_arrived(const std::string& group) const { return all_copied(group) && behind(group).empty(); }
  /// One broker is away, and so the job must go on with the others: what was stored there by then is copied and
  /// committed.
  void must_have_kept_up(const std::string& group, const std::string& away, std::int64_t time_ms) const;
  /// Too long ago everything healed.
  void must_have_arrived(const std::string& group, std::chrono::seconds patience);
  [[nodiscard]] std::uint64_t appended_count() const { return appended_; }
  [[nodiscard]] std::uint64_t stored_count() const { return stored_; }
  /// Jobs that a message has ended which could not be sent.
  [[nodiscard]] std::uint64_t gave_up() const { return gave_up_; }
  [[nodiscard]] std::uint64_t repeats() const { return repeats_; }

 private:
  using Place = std::pair<std::string, QueueId>;  ///< of a group or run
  struct Cursor {
    std::int64_t next = 0;    ///< to be given out
    std::uint64_t falls = 0;  ///< of the input's end, that it may not go back for any more
  };
  struct Run {
    std::string group;
    std::map<QueueId, std::int64_t> begun;
    std::map<QueueId, Cursor> cursor;
    std::map<QueueId, std::int64_t> done;           ///< behind the last batch that is done with
    std::map<QueueId, std::int64_t> stops;          ///< of a bounded job
    std::set<QueueId> went_back;                    ///< as their end fell
    std::vector<Identity> unflushed;                ///< written, not flushed
    IdentitySet stored;                             ///< of those
    std::map<std::string, std::string> properties;  ///< of those that are for later, by their identity
    std::map<std::string, std::string> later;       ///< what these must have
    std::uint64_t given_up = 0;                     ///< by its sink, as far as flushes have told
    std::uint64_t late = 0;                         ///< stored behind later ones, of a sink that may give up
    std::uint64_t messages = 0;                     ///< written
    std::uint64_t body_bytes = 0;                   ///< as above
  };
  /// The newest of a group's job.
  struct Life {
    std::string name;
    std::map<QueueId, std::string> readers;
    std::map<QueueId, std::int64_t> committed;  ///< the least since it started
    std::map<QueueId, std::int64_t> reached;    ///< the greatest that a server took since then
    std::set<std::string> opening;              ///< runs whose sinks, or whose first look, never came about
    std::set<QueueId> forgotten;                ///< a master knew of no commit any more since then
    bool unconfirmed = false;                   ///< it said that its last commit may be lost
    bool dead = false;
  };
  struct Group {
    IdentitySet copies;                                     ///< that were ever stored
    std::unordered_map<Identity, int, IdentityHash> there;  ///< how often each still is
    IdentitySet excused;                                    ///< need not be there
    IdentitySet perhaps_given_up;                           ///< stored, but its writer may not have heard of it
    std::map<QueueId, std::int64_t> safe;                   ///< what may be committed
    std::set<QueueId> set;                                  ///< offsets that an admin was the last to set
    std::map<QueueId, std::set<std::int64_t>> set_to;       ///< by an admin, at any time
    bool commits_start = false;
    Life life;
  };
  struct Copy {  ///< in the output
    std::string group;
    std::string run;
    Identity message;
    bool acknowledged = false;
  };
  struct Calls {
    std::vector<std::pair<SteadyTime, std::uint64_t>> counted;
    std::size_t first = 0;  ///< of those that are not too old
  };
  /// What came of one batch.
  struct Tries {
    const SinkOptions* options = nullptr;
    std::string run;
    std::optional<SteadyTime> refused_at;
    std::string server;            ///< that refused it
    std::uint64_t connection = 0;  ///< over which
    std::int64_t all = 0;
    std::uint64_t stored = 0;  ///< batches of the run, when it was throttled last
    int throttled = 0;         ///< so often in a row
    SteadyTime throttled_at{};
    int too_soon = 0;  ///< behind that
  };
  /// Of the batch that is in the request; null where it is none, or nothing is known of its sink, or that is no more.
  [[nodiscard]] Tries* tries_of(const mock::SeenRequest& request);
  void sent_again(const mock::SeenRequest& request);
  /// How many were added to them within the last seconds.
  [[nodiscard]] std::uint64_t lately(Calls& calls, std::uint64_t now) const;

  void note_commit(const std::string& group, const QueueId& queue, std::int64_t offset);
  /// Fails unless the run may go from its cursor to `next`; `how`: what it does.
  void go(const std::string& run, const QueueId& queue, std::int64_t next, const char* how);
  /// The error is the final one of its sinks, which may try so often and no more.
  [[nodiscard]] bool may_end_with_its_sink(const std::string& job, const Error& error) const;
  /// The error is one that passes, in a world where anything fails, and some part of its life has never worked.
  [[nodiscard]] bool may_end_at_its_start(const std::string& job, const Error& error,
                                          std::chrono::nanoseconds lived) const;
  /// Whether its sink drops what fails too often, in a world where anything fails.
  [[nodiscard]] bool may_give_up(const std::string& group) const {
    const auto known = pace_.find(group);
    return !calm_ && known != pace_.end() && known->second.guarantee == DeliveryGuarantee::kNone;
  }
  /// Whether what the reader is done with must be committed; nothing need be where it has read nothing, unless its
  /// start counts, nor where an admin was the last to set the offset.
  [[nodiscard]] static bool owes_commit(const Group& group, const QueueId& queue, const Run& reader);
  [[nodiscard]] bool is_committed(const std::string& group, const QueueId& queue, const std::string& reader) const;
  [[nodiscard]] bool lacks(const Group& group, const Identity& message) const;
  /// The first messages that the group lacks, `most` of them.
  [[nodiscard]] std::vector<Identity> lacking(const std::string& group, std::size_t most) const;
  [[nodiscard]] std::string behind(const std::string& group) const;

  World& world_;
  const std::string input_;
  const std::string output_;
  const std::string secret_;
  const bool calm_;
  bool routes_stay_ = false;
  std::map<QueueId, Input> inputs_;
  std::map<std::string, Run> runs_;
  std::map<std::string, Group> groups_;
  std::set<std::string> anew_;                      ///< groups whose lives read again
  mutable std::map<std::string, Identity> lacked_;  ///< by group: one that it lacked, which answers most questions
  mutable std::map<std::string, std::uint64_t> complete_at_;     ///< by group: appends and losses when it lacked none
  std::map<Place, std::int64_t> committed_;                      ///< (group, queue) → newest
  std::map<Place, std::int64_t> least_committed_;                ///< the same → least ever
  std::map<std::uint64_t, Copy> copies_;                         ///< by the number of the append
  std::map<std::string, QueueId> places_;                        ///< key → queue of the output, whoever writes
  std::map<Place, std::map<std::string, std::int64_t>> newest_;  ///< (run, queue of the output) → key → offset
  std::map<std::string, Calls> calls_;                           ///< by life
  std::map<std::string, Calls> retries_;                         ///< by run
  std::map<std::string, SinkOptions> pace_;                      ///< by group
  std::map<std::string, Tries> tries_;                           ///< by batch
  std::map<std::string, std::vector<SteadyTime>> hasty_;  ///< by run: batches that were sent again without a pause
  std::map<std::string, std::uint64_t> stored_by_;        ///< batches whose sender was told so, by run
  std::map<std::string, std::uint64_t> arrived_;          ///< pulls and commits, by group
  std::map<std::string, std::map<std::string, std::uint64_t>> told_;              ///< of them, by group and life
  std::map<std::pair<std::string, std::string>, std::vector<SteadyTime>> lines_;  ///< (process, kind) → when
  std::uint64_t appended_ = 0;
  std::uint64_t losses_ = 0;  ///< of copies
  std::uint64_t stored_ = 0;
  std::uint64_t gave_up_ = 0;
  std::uint64_t repeats_ = 0;
};

}  // namespace rocketlink::sim
