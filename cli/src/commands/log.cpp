#include "commands/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <mutex>

namespace rocketlink::commands {

namespace {

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

class VoiceSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit VoiceSink(process::Voice voice) : voice_(voice) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    voice_.say({line.data(), line.size()});
  }
  void flush_() override {}

 private:
  process::Voice voice_;
};

}  // namespace

LogFunction log_by(process::Voice voice, LogLevel least) {
  auto logger = std::make_shared<spdlog::logger>("rocketlink", std::make_shared<VoiceSink>(voice));
  logger->set_formatter(
      std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%e %l %v", spdlog::pattern_time_type::local, ""));
  logger->set_level(level_of(least));
  return [logger](LogLevel level, std::string_view text) { logger->log(level_of(level), text); };
}

}  // namespace rocketlink::commands
