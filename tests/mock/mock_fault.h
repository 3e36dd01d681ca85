#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "mock/mock_setup.h"
#include "rocketlink/runtime.h"
#include "wire/codes.h"
#include "wire/command.h"

namespace rocketlink::mock {

/// A request as a mock server received it.
struct SeenRequest {
  std::string server;  ///< label, as in MockCluster
  wire::Header header;
  std::string body;
  SteadyTime time;
  std::uint64_t connection = 0;  ///< number of the connection it came on, in order of accepting

  [[nodiscard]] wire::RequestCode code() const { return static_cast<wire::RequestCode>(header.code); }
  [[nodiscard]] std::string ext(std::string_view name) const { return std::string(header.ext.find(name).value_or("")); }
};

/// What a server does with a request in place of, or on top of, answering it. Made by the functions below, narrowed by
/// the members.
struct Fault {
  enum class Kind : std::uint8_t {
    kAsUsual,          ///< executed and answered (after `delay`)
    kAnswer,           ///< not executed: `answer_code` and `remark`
    kDrop,             ///< neither executed nor answered
    kExecuteAndDrop,   ///< executed, not answered
    kClose,            ///< not executed, the connection is closed
    kExecuteAndClose,  ///< executed, the connection is closed in place of the answer
    kSendBytes,        ///< not executed: `bytes` are sent as they are
    kTruncate,         ///< half of the answer's bytes, then the connection is closed
    kWrongOpaque,      ///< answered under another opaque
    kHold,             ///< executed; the answers of `hold` such requests are sent together, the last one first
    kTwice,            ///< executed twice, the first answer is sent
  };
  Kind kind = Kind::kAsUsual;
  wire::RequestCode code{};  ///< which requests; 0: any
  int times = 1;             ///< how often; negative: until clear_faults
  double chance = 1;         ///< that a matching request meets it
  int skip = 0;              ///< how many matching requests go by before
  std::string server;        ///< label; empty: any
  std::string name;          ///< under which it is counted; empty: it is not
  Milliseconds delay{0};     ///< before whatever is sent; of kHold: after it, those held back go at the latest
  Milliseconds jitter{0};    ///< up to so much more, drawn each time
  std::int32_t answer_code = 0;
  std::string remark;
  std::string bytes;
  int hold = 2;
  std::function<bool(const SeenRequest&)> when;           ///< further condition
  std::function<void(wire::Header&, std::string&)> edit;  ///< last change to the answer's header and body

  [[nodiscard]] static Fault answer(wire::RequestCode code, std::int32_t answer_code, std::string remark,
                                    int times = 1) {
    Fault fault = of(Kind::kAnswer, code, times);
    fault.answer_code = answer_code;
    fault.remark = std::move(remark);
    return fault;
  }
  [[nodiscard]] static Fault answer(wire::RequestCode code, wire::ResponseCode answer_code, std::string remark,
                                    int times = 1) {
    return answer(code, static_cast<std::int32_t>(answer_code), std::move(remark), times);
  }
  [[nodiscard]] static Fault delayed(wire::RequestCode code, Milliseconds delay, int times = 1) {
    Fault fault = of(Kind::kAsUsual, code, times);
    fault.delay = delay;
    return fault;
  }
  [[nodiscard]] static Fault send_bytes(wire::RequestCode code, std::string bytes, int times = 1) {
    Fault fault = of(Kind::kSendBytes, code, times);
    fault.bytes = std::move(bytes);
    return fault;
  }
  [[nodiscard]] static Fault edited(wire::RequestCode code, std::function<void(wire::Header&, std::string&)> edit,
                                    int times = 1) {
    Fault fault = of(Kind::kAsUsual, code, times);
    fault.edit = std::move(edit);
    return fault;
  }
  /// Holds back `hold` answers and sends them the last one first.
  [[nodiscard]] static Fault reversed(wire::RequestCode code, int hold, int times) {
    Fault fault = of(Kind::kHold, code, times);
    fault.hold = hold;
    return fault;
  }
  [[nodiscard]] static Fault of(Kind kind, wire::RequestCode code, int times = 1) {
    Fault fault;
    fault.kind = kind;
    fault.code = code;
    fault.times = times;
    return fault;
  }
};

}  // namespace rocketlink::mock
