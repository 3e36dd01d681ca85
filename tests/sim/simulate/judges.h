#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mock/observer.h"
#include "rocketlink/log.h"
#include "rocketlink/source.h"
#include "sim/world.h"

namespace rocketlink::sim {

/// What a message of the input says in its body, and its copy in the output after it: where it stands.
struct Identity {
  std::string broker;
  std::int32_t queue = 0;
  std::int64_t offset = 0;

  auto operator<=>(const Identity&) const = default;
  [[nodiscard]] std::string text() const;
  /// From the beginning of a body.
  [[nodiscard]] static Identity parse(std::string_view body);
};

/// Look on while a world runs, and fail it when a promise is broken:
///  - given out: a position never passes a message that was not given out, and a queue's messages come in its order;
///  - filter: only what bears the tag is given out;
///  - readers: in one life of a job each queue has one reader;
///  - goes on: a job begins no earlier than where its group was;
///  - flush: it never returns before everything that was written before is stored;
///  - commit: never beyond what was flushed, and in an orderly end all of that;
///  - order: what one sink writes with one partition text stands in its queue in the order of writing;
///  - once: without a fault nothing is stored twice;
///  - calm: without a fault there is nothing to warn of;
///  - everything: in the end every message is in the output, and every queue is read, and committed, to its end;
///  - memory: readers and sinks keep to their budgets;
///  - log: no secret, and no more lines of a kind in a minute than a person can read.
class Judges final : public mock::Observer {
 public:
  /// `calm`: the world is without faults that excuse repeats and warnings.
  Judges(World& world, std::string input, std::string output, std::string secret, bool calm)
      : world_(world), input_(std::move(input)), output_(std::move(output)), secret_(std::move(secret)), calm_(calm) {}

  // ---- what the outside does
  /// `wanted`: it passes the filter.
  void appended(const QueueId& queue, std::int64_t offset, bool wanted);
  /// Retention: nobody can be asked for what is below any more.
  void deleted_before(const QueueId& queue, std::int64_t offset);

  // ---- what the broker does
  void stored(const QueueId& queue, const mock::MockRecord& record) override;
  void committed(const std::string& group, const QueueId& queue, std::int64_t offset) override;

  // ---- what a job does; `run` is one reader and its sink in one life of the job, by the name "life.number"
  void starts(const std::string& life, const std::string& group);
  void begins(const std::string& run, const std::string& group, const QueueId& queue, std::int64_t offset);
  void given_out(const std::string& run, const QueueId& queue, std::int64_t offset);
  /// A batch is done with: reading goes on at `next`.
  void passed(const std::string& run, const QueueId& queue, std::int64_t next);
  void written(const std::string& run, const Identity& message);
  /// A flush has returned well.
  void flushed(const std::string& run);
  /// Offsets that a commit may name from now on, beside those that were flushed: where reading begins.
  void may_commit(const std::string& group, const QueueId& queue, std::int64_t offset);
  /// The group's job has ended in good order, and could reach everybody.
  void ended_well(const std::string& group);
  void buffered(const std::string& run, std::uint64_t reader_bytes);
  void logged(const std::string& run, LogLevel level, std::string_view text);

  /// Whether all that was appended, and not deleted, is in the output of `group`, and its job has read and committed
  /// all of it.
  [[nodiscard]] bool all_arrived(const std::string& group) const;
  /// A few of those that are not.
  [[nodiscard]] std::string missing(const std::string& group) const;
  [[nodiscard]] std::uint64_t appended_count() const { return appended_; }
  [[nodiscard]] std::uint64_t stored_count() const { return stored_; }
  [[nodiscard]] std::uint64_t repeats() const { return repeats_; }

 private:
  /// Whether the job of a group has a queue's end committed that it has read to; nothing need be of what it has not.
  [[nodiscard]] bool is_committed(const std::string& group, const QueueId& queue, const std::string& reader) const;

  struct Input {
    std::set<std::int64_t> offsets;   ///< of messages that are there
    std::set<std::int64_t> unwanted;  ///< of those that the filter holds back
    std::int64_t deleted_before = 0;
    std::int64_t end = 0;
  };
  struct Run {
    std::string group;
    std::map<QueueId, std::int64_t> begun;
    std::map<QueueId, std::int64_t> cursor;  ///< next offset to be given out
    std::map<QueueId, std::int64_t> done;    ///< behind the last batch that is done with
    std::vector<Identity> unflushed;         ///< written, not flushed
  };
  /// The newest of a group's job.
  struct Life {
    std::string name;
    std::map<QueueId, std::string> readers;
    std::map<QueueId, std::int64_t> committed;  ///< the least since it started
  };

  World& world_;
  const std::string input_;
  const std::string output_;
  const std::string secret_;
  const bool calm_;
  std::map<QueueId, Input> inputs_;
  std::map<std::string, Run> runs_;
  std::map<std::string, Life> lives_;                                  ///< by group
  std::map<std::pair<std::string, QueueId>, std::int64_t> committed_;  ///< (group, queue) → newest
  std::map<std::pair<std::string, QueueId>, std::int64_t> safe_;       ///< (group, queue) → what may be committed
  std::map<std::string, std::set<Identity>> copies_;                   ///< by group
  std::map<std::pair<std::string, QueueId>, std::map<std::string, std::int64_t>>
      last_;                                                                      ///< (run, queue) → key → newest
  std::map<std::pair<std::string, std::string>, std::vector<SteadyTime>> lines_;  ///< (process, kind) → when
  std::uint64_t appended_ = 0;
  std::uint64_t stored_ = 0;
  std::uint64_t repeats_ = 0;
};

}  // namespace rocketlink::sim
