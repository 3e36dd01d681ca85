#include "sim/simulate/judges.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>

namespace rocketlink::sim {

namespace {

using namespace std::chrono_literals;

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

std::string body_of(const Identity& identity, std::size_t bytes) {
  return fmt::format("{}{}/{}", identity.text(), bytes, std::string(bytes, 'x'));
}

bool is_whole(std::string_view body) {
  std::string_view rest = body;
  for (int i = 0; i < 3; ++i) (void)word(rest);
  const auto bytes = static_cast<std::size_t>(number(word(rest)));
  return rest.size() == bytes && rest.find_first_not_of('x') == std::string_view::npos;
}

// ---- the outside and brokers

void Judges::appended(const QueueId& queue, std::int64_t offset, bool wanted, std::int64_t time_ms) {
  inputs_[queue].append(offset, wanted, time_ms);
  if (wanted) ++appended_;
}

void Judges::deleted_before(const QueueId& queue, std::int64_t offset) {
  inputs_[queue].delete_before(offset);
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
  if (!is_whole(record.body))
    world_.fail(fmt::format("given out: run {} stores {} with another body", run, message.text()));
  copies_[record.number] = {group, run, message};
  ++groups_[group].there[message];
  runs_[run].stored.insert(message);
  const bool fresh = groups_[group].copies.insert(message).second;
  if (!fresh) {
    ++repeats_;
    if (calm_ && !anew_.contains(group))
      world_.fail(fmt::format("once: {} is stored again by run {}, without a fault", message.text(), run));
  }
  if (record.properties.find("TIMER_DELIVER_MS\x01") != std::string::npos ||
      record.properties.find("DELAY\x01") != std::string::npos) {
    runs_[run].properties[message.text()] += record.properties;  // one that is read again has another time
  }
  if (key.empty()) return;
  if (routes_stay_) {
    const auto [place, first] = places_.try_emplace(key, queue);
    if (!first && place->second != queue) {
      world_.fail(fmt::format("partition: run {} stores {} in {}, and others of its partition text are in {}", run,
                              message.text(), to_string(queue), to_string(place->second)));
    }
  }
  auto& newest = newest_[{run, queue}];
  const std::string of_queue = fmt::format("{} {}/{}", key, message.broker, message.queue);
  const auto [last, first_of_all] = newest.try_emplace(of_queue, message.offset);
  if (first_of_all) return;
  // A batch that is sent again repeats what was stored, and a reader whose queue's end fell back begins anew; else what
  // is new must be newer than all before. What was given up may still be on its way: `flushed` counts it.
  const QueueId from{input_, message.broker, message.queue};
  const bool fell = inputs_[from].fell_below(message.offset + 1) || runs_[run].went_back.contains(from);
  if (fresh && message.offset < last->second && !fell) {
    if (may_give_up(group)) {
      ++runs_[run].late;
      return;
    }
    world_.fail(fmt::format("order: run {} stores {} in {} behind offset {} of the same partition text", run,
                            message.text(), to_string(queue), last->second));
  }
  last->second = std::max(last->second, message.offset);
}

void Judges::acknowledged(const QueueId& queue, std::uint64_t number) {
  if (queue.topic == output_) copies_[number].acknowledged = true;
}

void Judges::lost(const QueueId& queue, const mock::MockRecord& record) {
  world_.trace().note(world_.now(), queue.broker, "has lost {0} of {3}", {static_cast<std::uint64_t>(record.offset)},
                      to_string(queue));
  if (queue.topic == input_) inputs_[queue].lose(record.offset);
  if (queue.topic != output_) return;
  const Copy& copy = copies_[record.number];
  Group& group = groups_[copy.group];
  ++losses_;
  if (--group.there[copy.message] > 0) return;
  group.there.erase(copy.message);
  if (copy.acknowledged || group.perhaps_given_up.contains(copy.message)) {
    group.excused.insert(copy.message);
  } else {
    runs_[copy.run].stored.erase(copy.message);
  }
}

void Judges::note_commit(const std::string& group, const QueueId& queue, std::int64_t offset) {
  committed_[{group, queue}] = offset;
  const auto least = least_committed_.try_emplace({group, queue}, offset).first;
  least->second = std::min(least->second, offset);
}

void Judges::committed(const std::string& group, const QueueId& queue, std::int64_t offset) {
  if (queue.topic != input_) return;
  const auto newest = committed_.try_emplace({group, queue}, offset).first;
  if (calm_ && offset < newest->second && !groups_[group].set.contains(queue) && !anew_.contains(group)) {
    world_.fail(fmt::format("commit: group {} commits {} of {} behind {}, without a fault", group, offset,
                            to_string(queue), newest->second));
  }
  note_commit(group, queue, offset);
  world_.trace().note(world_.now(), group, "has committed {0} of {3}", {static_cast<std::uint64_t>(offset)},
                      to_string(queue));
  groups_[group].set.erase(queue);
  auto& reached = groups_[group].life.reached[queue];
  reached = std::max(reached, offset);
  auto& least = groups_[group].life.committed;
  if (const auto known = least.find(queue); known != least.end()) known->second = std::min(known->second, offset);
  const std::int64_t safe = groups_[group].safe[queue];
  if (offset > safe) {
    world_.fail(fmt::format("commit: group {} commits {} of {}, and only what is below {} was flushed", group, offset,
                            to_string(queue), safe));
  }
}

void Judges::set_committed(const std::string& group, const QueueId& queue, std::int64_t offset) {
  if (queue.topic != input_) return;
  note_commit(group, queue, offset);
  world_.trace().note(world_.now(), group, "is set to {0} of {3}", {static_cast<std::uint64_t>(offset)},
                      to_string(queue));
  groups_[group].life.committed.erase(queue);
  groups_[group].set.insert(queue);
  groups_[group].set_to[queue].insert(offset);
}

void Judges::committed_fell_back(const std::string& group, const QueueId& queue, std::optional<std::int64_t> offset) {
  if (queue.topic != input_) return;
  world_.trace().note(world_.now(), group, "is back at {0} of {3}", {static_cast<std::uint64_t>(offset.value_or(0))},
                      to_string(queue));
  groups_[group].life.committed.erase(queue);
  if (offset) {
    note_commit(group, queue, *offset);
  } else {
    committed_.erase({group, queue});
    groups_[group].life.forgotten.insert(queue);
  }
}

void Judges::may_commit(const std::string& group, const QueueId& queue, std::int64_t offset) {
  auto& safe = groups_[group].safe[queue];
  safe = std::max(safe, offset);
}

// ---- jobs

void Judges::starts(const std::string& life, const std::string& group, bool goes_on) {
  Life& started = groups_[group].life = Life();
  started.name = life;
  if (!goes_on) return;
  for (const auto& [place, offset] : committed_) {
    if (place.first == group) started.committed[place.second] = offset;
  }
}

void Judges::skips(const std::string& group, const QueueId& queue, std::int64_t below) {
  Group& skipping = groups_[group];
  const auto& owed = inputs_[queue].owed();
  for (auto at = owed.lower_bound(skipping.safe[queue]); at != owed.end() && at->first < below; ++at)
    skipping.excused.insert({queue.broker, queue.id, at->first});
  may_commit(group, queue, below);
}

void Judges::skips_until(const std::string& group, const QueueId& queue, std::int64_t time_ms) {
  for (const auto& [offset, stored_ms] : inputs_[queue].owed()) {
    if (stored_ms < time_ms) groups_[group].excused.insert({queue.broker, queue.id, offset});
  }
}

void Judges::begins(const std::string& run, const std::string& group, const QueueId& queue, std::int64_t offset) {
  Run& reader = runs_[run];
  const Input& input = inputs_[queue];
  reader.group = group;
  if (Life& life = groups_[group].life; run.starts_with(life.name + ".")) {
    const auto [other, first] = life.readers.emplace(queue, run);
    if (!first)
      world_.fail(fmt::format("readers: {} is given to {}, and {} reads it", to_string(queue), run, other->second));
    const auto known = life.committed.find(queue);
    if (known != life.committed.end() && offset < known->second && !input.fell_below(known->second)) {
      world_.fail(fmt::format("goes on: run {} begins {} at {}, though {} was committed when it started", run,
                              to_string(queue), offset, known->second));
    }
  }
  reader.begun[queue] = offset;
  // Its position may be of before a fall, and not be there any more.
  reader.cursor[queue] = {offset, input.falls() - (offset > input.end() && input.falls() > 0 ? 1 : 0)};
  reader.done[queue] = offset;
  // Who goes on there, and nobody else, leaves out what an admin's offset skips.
  if (groups_[group].set_to[queue].contains(offset)) skips(group, queue, offset);
  const auto& excused = groups_[group].excused;
  for (auto at = input.owed().lower_bound(groups_[group].safe[queue]); at != input.owed().end() && at->first < offset;
       ++at) {
    if (excused.contains({queue.broker, queue.id, at->first})) continue;
    world_.fail(fmt::format("given out: run {} begins {} at {}, though offset {} never was flushed", run,
                            to_string(queue), offset, at->first));
  }
  may_commit(group, queue, offset);
}

void Judges::begins_by_group(const std::string& run, const std::string& group, const QueueId& queue,
                             std::int64_t offset) {
  const auto least = least_committed_.find({group, queue});
  if (least == least_committed_.end() || offset >= least->second || groups_[group].life.forgotten.contains(queue))
    return;
  world_.fail(fmt::format("goes on: run {} begins {} at {}, though its group has committed there, never less than {}",
                          run, to_string(queue), offset, least->second));
}

void Judges::begins_at_time(const std::string& run, const QueueId& queue, std::int64_t offset, std::int64_t time_ms) {
  const Input& input = inputs_[queue];
  const auto first = input.owed().lower_bound(offset);
  if (first == input.owed().end() || first->second >= time_ms || input.fell_below(first->first + 1)) return;
  world_.fail(fmt::format("start: run {} begins {} at {}, which was stored {} ms before the time it is to begin at",
                          run, to_string(queue), offset, time_ms - first->second));
}

void Judges::begins_at_end(const std::string& run, const QueueId& queue, std::int64_t offset, std::int64_t end) {
  if (offset >= end || inputs_[queue].fell_below(offset + 1)) return;
  world_.fail(fmt::format("start: run {} begins {} at {}, and is to begin at its end, which was {}", run,
                          to_string(queue), offset, end));
}

void Judges::stops_at(const std::string& run, const QueueId& queue, std::int64_t stop, std::int64_t least) {
  const Input& input = inputs_[queue];
  if (stop > input.end() || (stop < least && !input.fell_below(stop + 1))) {
    world_.fail(fmt::format("bounded: run {} is to read {} up to {}, and its end was {} as it started and is {}", run,
                            to_string(queue), stop, least, input.end()));
  }
  runs_[run].stops[queue] = stop;
}

void Judges::opens(const std::string& run, const std::string& group) {
  if (Life& life = groups_[group].life; run.starts_with(life.name + ".")) life.opening.insert(run);
}

void Judges::opened(const std::string& run, const std::string& group) {
  groups_[group].life.opening.erase(run);
}

void Judges::taken(const std::string& run, const QueueId& queue) {
  Run& reader = runs_[run];
  reader.cursor.erase(queue);
  auto& readers = groups_[reader.group].life.readers;
  if (const auto own = readers.find(queue); own != readers.end() && own->second == run) readers.erase(own);
}

void Judges::go(const std::string& run, const QueueId& queue, std::int64_t next, const char* how) {
  Run& reader = runs_[run];
  const auto cursor = reader.cursor.find(queue);
  if (cursor == reader.cursor.end()) {
    world_.fail(fmt::format("given out: run {} {} {} of {}, which it does not read", run, how, next, to_string(queue)));
  }
  const Input& input = inputs_[queue];
  auto& [at, falls] = cursor->second;
  if (next < at) {
    if (falls == input.falls()) {
      world_.fail(fmt::format("order: run {} {} {} of {}, though it was at {}", run, how, next, to_string(queue), at));
    }
    const std::int64_t far_enough = std::max(input.deleted_before(), input.fallen_to(falls));
    if (next > far_enough) {
      world_.fail(fmt::format("given out: run {} goes back from {} to {} of {}, and what was lost begins at {}", run,
                              at, next, to_string(queue), far_enough));
    }
    reader.went_back.insert(queue);
    falls = input.falls();  // once, however much later: what was lost may have been on its way here
  } else if (const auto left_out = input.first_owed(at, next)) {
    world_.fail(fmt::format("given out: run {} {} {} of {} from {} on without offset {}", run, how, next,
                            to_string(queue), at, *left_out));
  }
  at = next;
}

void Judges::given_out(const std::string& run, const QueueId& queue, std::int64_t offset, std::string_view body,
                       std::string_view key) {
  go(run, queue, offset, "gives out");
  Run& reader = runs_[run];
  const Input& input = inputs_[queue];
  if (input.is_unwanted(offset)) {
    world_.fail(fmt::format("filter: run {} gives out {} of {}, which lacks the tag", run, offset, to_string(queue)));
  }
  if (!input.was_written(offset)) {
    world_.fail(fmt::format("given out: run {} gives out {} of {}, which nobody wrote", run, offset, to_string(queue)));
  }
  if (Identity::parse(body) != Identity{queue.broker, queue.id, offset} || !is_whole(body)) {
    world_.fail(fmt::format("given out: run {} gives out {} of {} with another body", run, offset, to_string(queue)));
  }
  if (!key.starts_with("key"))
    world_.fail(fmt::format("given out: run {} gives out {} of {} without its key", run, offset, to_string(queue)));
  const auto stop = reader.stops.find(queue);
  if (stop != reader.stops.end() && offset >= stop->second) {
    world_.fail(fmt::format("bounded: run {} gives out {} of {}, which it was to read up to {}", run, offset,
                            to_string(queue), stop->second));
  }
  reader.cursor[queue].next = offset + 1;
}

void Judges::passed(const std::string& run, const QueueId& queue, std::int64_t next) {
  go(run, queue, next, "passes to");
  runs_[run].done[queue] = next;
}

void Judges::written(const std::string& run, const Identity& message, std::size_t body_bytes) {
  Run& writer = runs_[run];
  writer.unflushed.push_back(message);
  ++writer.messages;
  writer.body_bytes += body_bytes;
}

void Judges::delivers(const std::string& run, const Identity& message, DeliveryEncoding encoding,
                      std::int64_t time_ms) {
  runs_[run].later[message.text()] =
      encoding == DeliveryEncoding::kTimer ? fmt::format("TIMER_DELIVER_MS\x01{}\x02", time_ms) : "DELAY\x01";
}

void Judges::flushed(const std::string& run, std::uint64_t given_up) {
  Run& writer = runs_[run];
  if (calm_ && given_up > 0)
    world_.fail(fmt::format("calm: run {} gives up {} messages without a fault", run, given_up));
  if (writer.late > given_up) {
    world_.fail(
        fmt::format("order: run {} stores {} messages behind later ones of their partition texts, and has given up {}",
                    run, writer.late, given_up));
  }
  Group& group = groups_[writer.group];
  std::uint64_t excused = given_up - writer.given_up;
  if (excused > 0) group.perhaps_given_up.insert(writer.stored.begin(), writer.stored.end());
  writer.given_up = given_up;
  for (const Identity& message : writer.unflushed) {
    if (writer.stored.contains(message)) {
      const auto later = writer.later.find(message.text());
      if (later != writer.later.end() && writer.properties[later->first].find(later->second) == std::string::npos)
        world_.fail(fmt::format("later: run {} stores {} without its delivery time", run, message.text()));
      continue;
    }
    if (excused == 0) {
      world_.fail(fmt::format("flush: run {} was told that all is stored, and {} is not", run, message.text()));
    }
    --excused;
    group.excused.insert(message);
  }
  writer.unflushed.clear();
  writer.stored.clear();
  writer.properties.clear();
  writer.later.clear();
  for (const auto& [queue, offset] : writer.done) may_commit(writer.group, queue, offset);
}

bool Judges::owes_commit(const Group& group, const QueueId& queue, const Run& reader) {
  return (group.commits_start || reader.done.at(queue) != reader.begun.at(queue)) && !group.set.contains(queue);
}

bool Judges::is_committed(const std::string& group, const QueueId& queue, const std::string& reader) const {
  const Run& run = runs_.at(reader);
  const std::int64_t done = run.done.at(queue);
  const auto committed = committed_.find({group, queue});
  return !owes_commit(groups_.at(group), queue, run) || (committed != committed_.end() && committed->second == done);
}

void Judges::ended_in_order(const std::string& group) {
  const Group& known = groups_[group];
  if (known.life.unconfirmed) return;
  for (const auto& [queue, reader] : known.life.readers) {
    const Run& run = runs_.at(reader);
    const std::int64_t done = run.done.at(queue);
    const auto reached = known.life.reached.find(queue);
    const std::int64_t committed = reached == known.life.reached.end() ? -1 : reached->second;
    // A queue that was given out just before may not have been begun.
    if (committed >= done || done == run.begun.at(queue) || !owes_commit(known, queue, run)) continue;
    world_.fail(fmt::format("commit: {} ended without a word, and at most {} of {} was committed, not {}", reader,
                            committed, to_string(queue), done));
  }
}

void Judges::ended_well(const std::string& group) {
  for (const auto& [queue, reader] : groups_[group].life.readers) {
    if (is_committed(group, queue, reader)) continue;
    const auto committed = committed_.find({group, queue});
    world_.fail(fmt::format(
        "commit: an orderly end of {} leaves {} committed at {}, though it was done with all below {}", reader,
        to_string(queue), committed == committed_.end() ? -1 : committed->second, runs_[reader].done[queue]));
  }
}

void Judges::ended_bounded(const std::string& group, const std::map<QueueId, std::int64_t>& ends, bool all_in_route) {
  const Group& bounded = groups_[group];
  for (const auto& [queue, end] : ends) {
    if (!bounded.life.readers.contains(queue)) {
      if (!all_in_route) continue;
      world_.fail(fmt::format("bounded: {} ended without having read {}", bounded.life.name, to_string(queue)));
    }
    for (auto at = inputs_[queue].owed().begin(); at != inputs_[queue].owed().end() && at->first < end; ++at) {
      const Identity message{queue.broker, queue.id, at->first};
      if (bounded.copies.contains(message) || bounded.excused.contains(message)) continue;
      world_.fail(fmt::format("bounded: {} ended without having copied offset {} of {}, whose end was {} as it started",
                              bounded.life.name, at->first, to_string(queue), end));
    }
  }
}

// ---- in the end

void Judges::must_have_arrived(const std::string& group, std::chrono::seconds patience) {
  constexpr std::size_t kMostTold = 5;
  std::string text;
  for (const Identity& message : lacking(group, kMostTold))
    text += fmt::format(" {}@{}", to_string(QueueId{input_, message.broker, message.queue}), message.offset);
  text += behind(group);
  if (text.empty()) return;
  world_.fail(fmt::format("everything: {} s after all healed the output of {} lacks{}", patience.count(), group, text));
}

void Judges::must_have_kept_up(const std::string& group, const std::string& away, std::int64_t time_ms) const {
  const Group& known = groups_.at(group);
  for (const auto& [queue, input] : inputs_) {
    if (queue.broker == away) continue;
    const auto committed = committed_.find({group, queue});
    for (const auto& [offset, stored_ms] : input.owed()) {
      if (stored_ms >= time_ms) break;
      const bool copied = known.there.contains({queue.broker, queue.id, offset});
      if (copied && committed != committed_.end() && committed->second > offset) continue;
      world_.fail(fmt::format("held up: {} is away, and {} has not {} {} of {}, {} ms after it was stored", away, group,
                              copied ? "committed" : "copied", offset, to_string(queue),
                              world_.wall_clock_ms() - stored_ms));
    }
  }
}

bool Judges::lacks(const Group& group, const Identity& message) const {
  return !group.there.contains(message) && !group.excused.contains(message) &&
         inputs_.at({input_, message.broker, message.queue}).owed().contains(message.offset);
}

bool Judges::all_copied(const std::string& group) const {
  const auto known = groups_.find(group);
  const auto before = lacked_.find(group);
  if (known != groups_.end() && before != lacked_.end() && lacks(known->second, before->second)) return false;
  const auto complete = complete_at_.try_emplace(group, UINT64_MAX).first;
  const std::uint64_t state = appended_ + losses_;
  if (complete->second == state) return true;
  const auto found = lacking(group, 1);
  if (!found.empty()) {
    lacked_[group] = found.front();
  } else {
    complete->second = state;
  }
  return found.empty();
}

std::vector<Identity> Judges::lacking(const std::string& group, std::size_t most) const {
  static const Group kNone;
  const auto found = groups_.find(group);
  const Group& known = found == groups_.end() ? kNone : found->second;
  std::vector<Identity> messages;
  for (const auto& [queue, input] : inputs_) {
    for (const auto& [offset, time] : input.owed()) {
      const Identity message{queue.broker, queue.id, offset};
      if (known.there.contains(message) || known.excused.contains(message)) continue;
      messages.push_back(message);
      if (messages.size() == most) return messages;
    }
  }
  return messages;
}

std::string Judges::behind(const std::string& group) const {
  std::string text;
  const auto known = groups_.find(group);
  for (const auto& [queue, input] : inputs_) {
    std::string reader;
    if (known != groups_.end()) {
      const auto own = known->second.life.readers.find(queue);
      if (own != known->second.life.readers.end()) reader = own->second;
    }
    const std::int64_t done = reader.empty() ? -1 : runs_.at(reader).done.at(queue);
    if (done < input.end()) {
      text += fmt::format(", {} is read up to {} of {}", to_string(queue), done, input.end());
    } else if (!is_committed(group, queue, reader)) {
      text += fmt::format(", {} is read up to {}, and not committed", to_string(queue), done);
    }
  }
  return text;
}

}  // namespace rocketlink::sim
