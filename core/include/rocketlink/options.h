#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rocketlink/message.h"
#include "rocketlink/result.h"
#include "rocketlink/types.h"

/// The options of the `mq` and `mq5` connectors: one registry (`option_specs`) drives parsing, refusals, masking and
/// docs/options.md; the typed structures below are what source, sink and codecs are given.
namespace rocketlink {

enum class Connector : std::uint8_t { kMq, kMq5 };

/// TLS with name servers, proxies and brokers. Files are in PEM form, and are read when a client is made.
struct TlsOptions {
  bool enabled = false;
  std::string truststore;         ///< certificates of CAs; empty: the system's
  std::string keystore;           ///< our certificate, and those between it and its CA; empty: none
  std::string keystore_key;       ///< its private key; empty: in `keystore`
  std::string keystore_password;  ///< secret
  std::string server_name;        ///< that servers' certificates must bear; empty: the host of each address
  bool verify_hostname = true;

  bool operator==(const TlsOptions&) const = default;
};

/// How to reach the cluster; the same for source and sink.
struct ConnectionOptions {
  Connector connector = Connector::kMq5;
  std::vector<std::string> endpoints;   ///< host:port of name servers or of the proxy, at least one
  std::string access_id;                ///< empty: unsigned
  std::string access_key;               ///< secret; never printed
  std::string instance_id;              ///< namespace of topics and groups on the wire; empty: none
  double max_api_calls_per_second = 0;  ///< 0 = no budget
  TlsOptions tls;

  bool operator==(const ConnectionOptions&) const = default;
};

enum class LengthCheck : std::uint8_t { kNone, kSkip, kException, kPad };

/// How CSV text is laid out; the same for source and sink.
struct FormatOptions {
  std::string encoding = "UTF-8";
  std::string time_zone = "UTC";
  std::string field_delimiter = "\x01";
  std::string line_delimiter = "\n";              ///< source only
  std::optional<char> quote_character;            ///< RFC 4180 quoting when set
  LengthCheck length_check = LengthCheck::kNone;  ///< source only
  bool column_error_debug = false;                ///< source only
};

enum class StartMode : std::uint8_t { kGroupOffsets, kEarliest, kLatest, kTimestamp, kSpecificOffsets, kOffset };
enum class BoundedMode : std::uint8_t { kUnbounded, kLatest, kTimestamp };
enum class OutOfRangePolicy : std::uint8_t { kFail, kEarliest, kLatest };

struct SourceOptions {
  ConnectionOptions connection;
  FormatOptions format;
  std::string topic;
  std::string consumer_group;
  std::vector<std::string> tags;                 ///< empty = all
  std::string sql92_filter;                      ///< empty = none
  std::optional<std::int64_t> pull_interval_ms;  ///< `mq`; long polling when unset
  std::int32_t pull_batch_size = 64;
  StartMode start_mode = StartMode::kGroupOffsets;
  StartMode start_fallback = StartMode::kEarliest;                                ///< kEarliest or kLatest
  std::int64_t start_timestamp_ms = 0;                                            ///< with kTimestamp
  std::int64_t start_offset = 0;                                                  ///< with kOffset
  std::map<std::pair<std::string, std::int32_t>, std::int64_t> specific_offsets;  ///< (broker, queue id) → offset
  BoundedMode bounded_mode = BoundedMode::kUnbounded;
  std::int64_t bounded_timestamp_ms = 0;
  std::int64_t discovery_interval_ms = 300'000;  ///< 0 = off
  OutOfRangePolicy out_of_range = OutOfRangePolicy::kFail;
  bool heartbeat = false;  ///< shows the group to RocketMQ's tools
  std::optional<std::int32_t> parallelism;

  /// Whether a queue may begin elsewhere than at its first message. When the group starts again, by its offsets, a
  /// queue where it has none is taken for one that was added since, and read from its first message: so where it has
  /// begun is to be committed, in every queue.
  [[nodiscard]] bool start_is_passing() const {
    return start_mode == StartMode::kGroupOffsets ? start_fallback == StartMode::kLatest
                                                  : start_mode != StartMode::kEarliest;
  }
};

enum class DeliveryGuarantee : std::uint8_t { kAtLeastOnce, kNone };
enum class DeliveryMode : std::uint8_t { kNone, kFixed, kRelative, kField };
enum class DeliveryType : std::uint8_t { kProcessingTime, kEventTime };
enum class DeliveryEncoding : std::uint8_t { kAuto, kTimer, kStartDeliverTime, kDelayLevel };

/// When the messages of a sink become visible.
struct DeliveryOptions {
  DeliveryMode mode = DeliveryMode::kNone;
  DeliveryType type = DeliveryType::kProcessingTime;  ///< what kRelative counts from
  std::int64_t value_ms = 0;                          ///< kFixed: since the epoch; kRelative: after the row's time
  std::string field;                                  ///< kField: the column
  DeliveryEncoding encoding = DeliveryEncoding::kAuto;
};

struct SinkOptions {
  ConnectionOptions connection;
  FormatOptions format;
  std::string topic;
  std::string producer_group;
  std::string tag;  ///< `mq` only
  std::int32_t retry_times = 10;
  std::int64_t sleep_time_ms = 5000;
  std::string partition_field;  ///< empty = round robin
  DeliveryGuarantee guarantee = DeliveryGuarantee::kAtLeastOnce;
  DeliveryOptions delivery;
  std::int32_t batch_max_messages = 512;
  std::int64_t batch_max_bytes = 1'048'576;
  std::int64_t batch_linger_ms = 5;
  std::optional<std::int32_t> parallelism;
};

// ---- the registry ----------------------------------------------------------------------------------------------

/// kMemory is a number of bytes such as `1 mb`, kDuration one of milliseconds such as `5 min`, both as Flink writes
/// them.
enum class OptionType : std::uint8_t { kString, kInt, kLong, kDouble, kBoolean, kEnum, kDuration, kMemory };

/// One option of the connectors, as parser, refusals, masking and docs/options.md see it.
struct OptionSpec {
  std::string_view name = {};  ///< as documented; matched without regard to case
  bool mq = true;              ///< known to `mq`
  bool mq5 = true;             ///< known to `mq5`
  bool source = true;          ///< takes effect where a table is read
  bool sink = true;            ///< takes effect where it is written
  OptionType type = OptionType::kString;
  bool secret = false;                            ///< value never printed
  bool mandatory = false;                         ///< must be given wherever it takes effect
  std::string_view required = {};                 ///< when it must be given, in words; empty: never
  std::string_view default_value = {};            ///< in words; empty: none
  std::int64_t min = 0;                           ///< of numbers, durations (ms) and memory (bytes)
  std::int64_t max = 0;                           ///< the same
  std::span<const std::string_view> values = {};  ///< of kEnum
  std::string_view allowed = {};      ///< in words, of kString (empty: any text) and of numbers (empty: the range)
  std::string_view elsewhere = {};    ///< what to do instead where the option is not known
  std::string_view description = {};  ///< Markdown, one paragraph
};

/// All options, in the order of docs/options.md.
[[nodiscard]] std::span<const OptionSpec> option_specs();

/// What values an option takes, in words: `whole numbers from 1 to 1024`, `NONE, SKIP, EXCEPTION, PAD`.
[[nodiscard]] std::string allowed_values(const OptionSpec& spec);

/// docs/options.md, whole.
[[nodiscard]] std::string options_markdown();

/// The WITH clause as written: names and values, `${secret_values.…}` already replaced.
using OptionEntries = std::vector<std::pair<std::string, std::string>>;

/// Gives an option its value, in place of an earlier one under that name in any case.
void set_option(OptionEntries& entries, std::string_view name, std::string_view value);

/// Which way a table is used.
struct TableUse {
  bool source = false;
  bool sink = false;
};

struct TableOptions {
  std::optional<SourceOptions> source;  ///< when used as a source
  std::optional<SinkOptions> sink;      ///< when used as a sink
  std::vector<std::string> problems;    ///< all that is wrong, one sentence each; then the rest is of no use
};

/// Reads and checks a table's options and columns against the registry. A table that is not used at all is checked for
/// what it could be used as. Options of a direction in which it is not used are checked for their values and take no
/// effect. Never throws; problems never hold a secret.
[[nodiscard]] TableOptions parse_table_options(const OptionEntries& entries, const Schema& schema, TableUse use);

/// The same for messages as they are, without rows: no columns, and so none that an option could name. kInvalidArgument
/// tells all that is wrong, a line each.
[[nodiscard]] Result<SourceOptions> parse_source_options(const OptionEntries& entries);
[[nodiscard]] Result<SinkOptions> parse_sink_options(const OptionEntries& entries);

/// `entries` with the values of secret options masked, for logs and error messages.
[[nodiscard]] OptionEntries masked(const OptionEntries& entries);

/// Finds a secret by its name.
using SecretLookup = std::function<std::optional<std::string>(std::string_view name)>;

/// Replaces each `${secret_values.NAME}` in `value`. kNotFound names the missing secret; kInvalidArgument when the
/// placeholder is not closed or its name is empty.
[[nodiscard]] Result<std::string> replace_secrets(std::string_view value, const SecretLookup& lookup);

/// Keeps secrets out of what is said, whatever option they were put into. Thread-safe.
class SecretMask {
 public:
  /// Gives what `lookup` gives, which is hidden from then on behind `${secret_values.NAME}`, as the script has it, so
  /// that a refusal says which secret it is about. This must outlive it.
  [[nodiscard]] SecretLookup hiding(SecretLookup lookup);
  void hide(std::string_view secret, std::string_view instead);
  /// `text` with what stands instead of every hidden secret, of one that was cut short by `…`, and of the parts of one
  /// that is a list.
  [[nodiscard]] std::string masked(std::string_view text) const;

 private:
  struct Hidden {
    std::string text;
    std::string instead;
  };
  mutable std::mutex mutex_;
  std::vector<Hidden> hidden_;  ///< the longest first; guarded by mutex_
};

/// The environment variables in which a secret is looked for, in this order: ROCKETLINK_SECRET_ before the name as it
/// is, and before the name in capitals with `_` for what no variable's name can hold.
[[nodiscard]] std::array<std::string, 2> secret_variables(std::string_view name);

/// The known name nearest to `name` (without regard to case), when it is near enough to be a slip.
[[nodiscard]] std::optional<std::string_view> nearest_name(std::string_view name,
                                                           std::span<const std::string_view> known);

}  // namespace rocketlink
