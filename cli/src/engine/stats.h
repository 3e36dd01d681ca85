#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rocketlink/sink.h"
#include "rocketlink/source.h"

namespace rocketlink::engine {

/// What readers of a source table have done so far.
struct InputStats {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  ///< message bodies
  std::uint64_t records_skipped = 0;
  ReaderStats reader;
  std::optional<std::int64_t> fetch_lag_ms;  ///< from the storing of the last message to when it was decoded
  std::optional<std::int64_t> emit_lag_ms;   ///< and to when the queries had taken its rows
  std::int64_t idle_ms = 0;                  ///< since there was something to read; 0: there is
};
/// Counts are added; of several readers the worst lag counts, and they idle when all of them do.
InputStats& operator+=(InputStats& sum, const InputStats& more);

struct OutputStats {
  std::uint64_t rows_taken = 0;  ///< by write
  std::uint64_t rows_out = 0;    ///< of them: of a topic, those that its brokers have acknowledged
  std::uint64_t delimiter_conflicts = 0;
  std::optional<SinkStats> sink;  ///< of tables that are topics

  /// Taken, and neither out nor given up.
  [[nodiscard]] std::uint64_t rows_under_way() const;
};
OutputStats& operator+=(OutputStats& sum, const OutputStats& more);

struct JobStats {
  struct Source {
    std::string table;
    InputStats in;
  };
  /// An INSERT.
  struct Sink {
    std::string table;
    std::optional<std::size_t> source;  ///< which of `sources` its rows come from; nothing: none
    OutputStats out;
  };
  std::vector<Source> sources;
  std::vector<Sink> sinks;
};

}  // namespace rocketlink::engine
