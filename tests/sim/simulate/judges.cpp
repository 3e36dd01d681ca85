#include "sim/simulate/judges.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace rocketlink::sim {

namespace {

/// A reader's budget (48 MiB), and what a pull that was asked for within it may bring on top.
constexpr std::uint64_t kMostBuffered = (48 + 9) * 1024 * 1024;
constexpr std::size_t kMostLinesOfAKind =
    24;  ///< a minute, of warnings and infos: three brokers, and several clients in a process
constexpr std::chrono::seconds kMinute{60};

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string_view word(std::string_view& rest) {
  const auto end = rest.find('/');
  const std::string_view first = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return first;
}

/// The text without its numbers and without what is quoted: lines of one cause look alike.
std::string kind_of(std::string_view text) {
  std::string kind;
  for (const char c : text.substr(0, 60)) {
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) kind += c;
  }
  return kind;
}

}  // namespace

std::string Identity::text() const {
  return fmt::format("{}/{}/{}/", broker, queue, offset);
}

Identity Identity::parse(std::string_view body) {
  Identity identity;
  identity.broker = word(body);
  identity.queue = static_cast<std::int32_t>(number(word(body)));
  identity.offset = number(word(body));
  return identity;
}

void Judges::appended(const QueueId& queue, std::int64_t offset, bool wanted) {
  Input& input = inputs_[queue];
  (wanted ? input.offsets : input.unwanted).insert(offset);
  input.end = offset + 1;
  if (wanted) ++appended_;
}

void Judges::deleted_before(const QueueId& queue, std::int64_t offset) {
  Input& input = inputs_[queue];
  input.deleted_before = std::max(input.deleted_before, offset);
  input.offsets.erase(input.offsets.begin(), input.offsets.lower_bound(offset));
}

void Judges::stored(const QueueId& queue, const mock::MockRecord& record) {
  if (queue.topic != output_) return;
  ++stored_;
  // Keys are "group run partition-text".
  const auto space = record.keys.find(' ');
  const auto second = record.keys.find(' ', space + 1);
  const std::string group = record.keys.substr(0, space);
  const std::string run = record.keys.substr(space + 1, second - space - 1);
  const std::string key = second == std::string::npos ? "" : record.keys.substr(second + 1);
  const Identity message = Identity::parse(record.body);
  const bool fresh = copies_[group].insert(message).second;
  if (!fresh) {
    ++repeats_;
    if (calm_) world_.fail(fmt::format("once: {} is stored again by run {}, without a fault", message.text(), run));
  }
  if (key.empty()) return;
  auto& newest = last_[{run, queue}];
  const std::string of_queue = fmt::format("{} {}/{}", key, message.broker, message.queue);
  const auto [last, first_of_all] = newest.try_emplace(of_queue, message.offset);
  if (first_of_all) return;
  // A batch that is sent again repeats what was stored; what is new must be newer than all before.
  if (fresh && message.offset < last->second) {
    world_.fail(fmt::format("order: run {} stores {} in {} behind offset {} of the same partition text", run,
                            message.text(), to_string(queue), last->second));
  }
  last->second = std::max(last->second, message.offset);
}

void Judges::committed(const std::string& group, const QueueId& queue, std::int64_t offset) {
  if (queue.topic != input_) return;
  committed_[{group, queue}] = offset;
  auto& least = lives_[group].committed;
  if (const auto known = least.find(queue); known != least.end()) known->second = std::min(known->second, offset);
  const auto found = safe_.find({group, queue});
  const std::int64_t safe = found == safe_.end() ? 0 : found->second;
  if (offset > safe) {
    world_.fail(fmt::format("commit: group {} commits {} of {}, and only what is below {} was flushed", group, offset,
                            to_string(queue), safe));
  }
}

void Judges::may_commit(const std::string& group, const QueueId& queue, std::int64_t offset) {
  auto& safe = safe_[{group, queue}];
  safe = std::max(safe, offset);
}

void Judges::starts(const std::string& life, const std::string& group) {
  Life& started = lives_[group] = {life, {}, {}};
  for (const auto& [place, offset] : committed_) {
    if (place.first == group) started.committed[place.second] = offset;
  }
}

void Judges::begins(const std::string& run, const std::string& group, const QueueId& queue, std::int64_t offset) {
  Run& life = runs_[run];
  life.group = group;
  if (Life& whole = lives_[group]; run.starts_with(whole.name + ".")) {
    const auto [reader, first] = whole.readers.emplace(queue, run);
    if (!first)
      world_.fail(fmt::format("readers: {} is given to {}, and {} reads it", to_string(queue), run, reader->second));
    if (const auto known = whole.committed.find(queue); known != whole.committed.end() && offset < known->second) {
      world_.fail(fmt::format("goes on: run {} begins {} at {}, though {} was committed when it started", run,
                              to_string(queue), offset, known->second));
    }
  }
  life.begun[queue] = offset;
  life.cursor[queue] = offset;
  life.done[queue] = offset;
  const auto& safe = safe_[{group, queue}];
  if (offset > safe) {
    const auto& offsets = inputs_[queue].offsets;
    const auto lost = offsets.lower_bound(safe);
    if (lost != offsets.end() && *lost < offset) {
      world_.fail(fmt::format("given out: run {} begins {} at {}, though offset {} never was flushed", run,
                              to_string(queue), offset, *lost));
    }
  }
  may_commit(group, queue, offset);
}

void Judges::given_out(const std::string& run, const QueueId& queue, std::int64_t offset) {
  const auto cursor = runs_[run].cursor.find(queue);
  if (cursor == runs_[run].cursor.end()) {
    world_.fail(
        fmt::format("given out: run {} gives out {} offset {}, which it does not read", run, to_string(queue), offset));
  }
  if (offset < cursor->second) {
    world_.fail(fmt::format("order: run {} gives out {} offset {}, though it was at {}", run, to_string(queue), offset,
                            cursor->second));
  }
  if (inputs_[queue].unwanted.contains(offset)) {
    world_.fail(
        fmt::format("filter: run {} gives out {} offset {}, which lacks the tag", run, to_string(queue), offset));
  }
  const auto& offsets = inputs_[queue].offsets;
  const auto left_out = offsets.lower_bound(cursor->second);
  if (left_out != offsets.end() && *left_out < offset) {
    world_.fail(fmt::format("given out: run {} goes from {} to {} of {} without giving out offset {}", run,
                            cursor->second, offset, to_string(queue), *left_out));
  }
  cursor->second = offset + 1;
}

void Judges::passed(const std::string& run, const QueueId& queue, std::int64_t next) {
  auto& cursor = runs_[run].cursor[queue];
  const auto& offsets = inputs_[queue].offsets;
  const auto left_out = offsets.lower_bound(cursor);
  if (left_out != offsets.end() && *left_out < next) {
    world_.fail(fmt::format("given out: run {} passes to {} of {} without giving out offset {}", run, next,
                            to_string(queue), *left_out));
  }
  cursor = std::max(cursor, next);
  runs_[run].done[queue] = cursor;
}

void Judges::written(const std::string& run, const Identity& message) {
  runs_[run].unflushed.push_back(message);
}

void Judges::flushed(const std::string& run) {
  Run& life = runs_[run];
  const auto& copies = copies_[life.group];
  for (const Identity& message : life.unflushed) {
    if (!copies.contains(message)) {
      world_.fail(fmt::format("flush: run {} was told that all is stored, and {} is not", run, message.text()));
    }
  }
  life.unflushed.clear();
  for (const auto& [queue, offset] : life.done) may_commit(life.group, queue, offset);
}

bool Judges::is_committed(const std::string& group, const QueueId& queue, const std::string& reader) const {
  const Run& run = runs_.at(reader);
  const auto committed = committed_.find({group, queue});
  return run.done.at(queue) == run.begun.at(queue) ||
         (committed != committed_.end() && committed->second == run.done.at(queue));
}

void Judges::ended_well(const std::string& group) {
  for (const auto& [queue, reader] : lives_[group].readers) {
    if (is_committed(group, queue, reader)) continue;
    const auto committed = committed_.find({group, queue});
    world_.fail(fmt::format(
        "commit: an orderly end of {} leaves {} committed at {}, though it was done with all below {}", reader,
        to_string(queue), committed == committed_.end() ? -1 : committed->second, runs_[reader].done[queue]));
  }
}

void Judges::buffered(const std::string& run, std::uint64_t reader_bytes) {
  if (reader_bytes > kMostBuffered)
    world_.fail(fmt::format("memory: the reader of run {} holds {} bytes", run, reader_bytes));
}

void Judges::logged(const std::string& run, LogLevel level, std::string_view text) {
  if (text.find(secret_) != std::string_view::npos)
    world_.fail(fmt::format("log: run {} writes a secret: {}", run, text));
  if (level == LogLevel::kDebug) return;
  if (calm_ && level >= LogLevel::kWarning)
    world_.fail(fmt::format("calm: run {} warns without a fault: {}", run, text));
  auto& times = lines_[{run, kind_of(text)}];
  const SteadyTime now = world_.now();
  std::erase_if(times, [&](SteadyTime when) { return now - when > kMinute; });
  times.push_back(now);
  if (times.size() > kMostLinesOfAKind) {
    world_.fail(fmt::format("log: run {} writes more than {} lines of a kind in a minute, such as: {}", run,
                            kMostLinesOfAKind, text));
  }
}

bool Judges::all_arrived(const std::string& group) const {
  return missing(group).empty();
}

std::string Judges::missing(const std::string& group) const {
  const auto found = copies_.find(group);
  static const std::set<Identity> kNone;
  const auto& copies = found == copies_.end() ? kNone : found->second;
  std::string text;
  std::size_t count = 0;
  for (const auto& [queue, input] : inputs_) {
    for (const std::int64_t offset : input.offsets) {
      if (copies.contains({queue.broker, queue.id, offset})) continue;
      if (++count <= 5) text += fmt::format(" {}@{}", to_string(queue), offset);
    }
  }
  if (count > 0) return fmt::format("{} message(s):{}", count, text);
  for (const auto& [queue, input] : inputs_) {
    const auto& readers = lives_.at(group).readers;
    const auto reader = readers.find(queue);
    const std::int64_t done = reader == readers.end() ? -1 : runs_.at(reader->second).done.at(queue);
    if (done < input.end) {
      text += fmt::format(" {} is read up to {} of {}", to_string(queue), done, input.end);
    } else if (!is_committed(group, queue, reader->second)) {
      text += fmt::format(" {} is read up to {}, and not committed", to_string(queue), done);
    }
  }
  return text;
}

}  // namespace rocketlink::sim
