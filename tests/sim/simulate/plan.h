#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/fault_plan.h"
#include "sim/random.h"

namespace rocketlink::sim {

/// What readers are told to filter by, and another tag of the same hash: brokers let both through.
inline constexpr std::string_view kWantedTag = "AaBB";
inline constexpr std::string_view kTwinTag = "BBAa";

/// What a seed makes of a world: its servers, its jobs, what they are told, and which troubles come how often.
struct Plan {
  // Servers
  int name_servers = 2;
  std::vector<std::string> brokers = {"broker-a", "broker-b", "broker-c"};
  std::vector<std::int32_t> queues = {3, 3, 2};  ///< of the input, on each broker
  std::int32_t version = 513;
  std::int64_t messages_per_pull = 32;
  std::size_t max_message_bytes = 4 << 20;  ///< that a send may have
  bool registers = false;                   ///< routes are what name servers were told, and forget
  bool persists_later = false;              ///< committed offsets
  bool sync_flush = false;
  bool slaves = false;  ///< one for each broker
  bool sync_replication = false;
  bool acting_master = false;
  bool busy_brokers = false;  ///< requests wait in queues of limited patience
  // Messages
  double messages_per_second = 40;
  std::size_t longest_body = 300;
  bool keyed = true;
  // Jobs
  std::size_t runner_readers = 2;
  bool client_for_each = false;  ///< reader of the runner; they share the call budget
  bool delays = false;           ///< some messages are written for later
  bool checkpointed_job = true;
  std::size_t checkpoint_readers = 2;
  double aborted = 0;  ///< of its checkpoints, though all their parts were taken
  std::chrono::milliseconds commit_interval{1000};
  std::int64_t discovery_interval_ms = 5000;
  std::int32_t pull_batch_size = 64;
  bool long_polling = true;
  std::int64_t sleep_time_ms = 500;
  std::int32_t batch_max_messages = 512;
  double max_api_calls_per_second = 0;
  bool filters = false;   ///< a tag; some messages bear another one
  bool bounded = false;   ///< beside the runner a job that reads to the end as of its start, again and again
  bool tail = false;      ///< one that begins at the end
  bool since = false;     ///< one that begins at a time
  bool dropping = false;  ///< one that drops what cannot be sent
  bool gives_up = false;  ///< one, and the checkpointed job, that end when a message cannot be sent
  FaultPlan faults;       ///< of processes and the network
  // Troubles of servers, in events a virtual minute; 0: none of these
  double broker_restarts = 0;
  double name_server_restarts = 0;
  double silences = 0;  ///< of a server: it reads and answers nothing
  double disconnects = 0;
  double route_changes = 0;
  double retentions = 0;
  double odd_answers = 0;  ///< a server's answers for some time: codes, delays, lost, cut, reversed
  double consumer_slowness = 0;
  double broker_crashes = 0;  ///< with the loss of what was not flushed
  double lost_ends = 0;       ///< of brokers' logs, which readers had read
  double slow_steps = 0;      ///< a step of a server's work that is slow or stands still
  double broker_pauses = 0;
  double lost_links = 0;  ///< from a broker to a name server
  double new_leaders = 0;
  double throttles = 0;
  double resets = 0;     ///< of a group's offset, by an admin
  double read_only = 0;  ///< brokers, for a while
  double new_brokers = 0;
  double fewer_queues = 0;     ///< to be written, for a while
  double missed_arrivals = 0;  ///< a broker whose long polls miss messages
  // What happens to the work
  double bursts = 0;           ///< of large messages, in one queue more of them than are fetched ahead
  std::size_t burst_body = 0;  ///< bytes of such a message
  double stops = 0;            ///< of the runner, in good order
  double hand_backs = 0;       ///< of a queue of the checkpointed job, which is then given again
  double rests = 0;            ///< of such a queue, for a while
  bool away = false;           ///< all that is wrong is that one broker is not there, nearly all the time
  std::chrono::seconds troubled{60};
  std::chrono::seconds healed{90};  ///< within which everything must have arrived

  [[nodiscard]] bool without_trouble() const;
  /// Every answer of a name server has all queues.
  [[nodiscard]] bool routes_are_whole() const {
    return route_changes + name_server_restarts + broker_restarts + broker_crashes + lost_ends + broker_pauses +
               lost_links + new_leaders + new_brokers + slow_steps ==
           0;
  }
};

[[nodiscard]] Plan make_plan(Random random);

}  // namespace rocketlink::sim
