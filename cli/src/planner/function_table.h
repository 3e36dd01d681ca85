#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "planner/context.h"
#include "planner/expression.h"

/// Every function that the native runner's SQL has.
namespace rocketlink::planner {

/// What an argument may be, and what it is converted to.
enum class Accepts : std::uint8_t {
  kText,      ///< CHAR, VARCHAR → VARCHAR
  kInt,       ///< TINYINT, SMALLINT, INT → INT
  kBigInt,    ///< any integer → BIGINT
  kDouble,    ///< any number → DOUBLE
  kDecimal,   ///< DECIMAL
  kNumber,    ///< any number, as it is
  kFloating,  ///< FLOAT, DOUBLE
  kBoolean,
  kBytes,   ///< BINARY, VARBINARY → VARBINARY
  kMoment,  ///< DATE, TIMESTAMP, TIMESTAMP_LTZ → wall clock (of the session's zone)
  kTime,    ///< TIME
  kAny
};

enum class Gives : std::uint8_t {
  kText,
  kInt,
  kBigInt,
  kDouble,
  kBoolean,
  kBytes,
  kDate,
  kTime,
  kTimestamp3,
  kTimestampLtz3,
  kFirst  ///< the type of the first argument
};

enum class Nulls : std::uint8_t {
  kStrict,  ///< NULL when an argument is, else not
  kMaybe,   ///< may be NULL without a NULL argument
  kNever
};

/// A call as written.
struct FunctionCall {
  std::string name;  ///< upper case
  std::size_t offset = 0;
  Expressions arguments;
};

struct Function {
  std::string_view name;
  std::string_view signature = {};  ///< the arguments, for people; of an entry without one nobody is told
  std::vector<Accepts> parameters = {};
  Gives gives = Gives::kText;
  /// What it is in DuckDB: {0}, {1} … are the converted arguments.
  std::string_view sql = {};
  std::string_view meaning = {};  ///< for docs/sql.md
  Nulls nulls = Nulls::kStrict;
  bool fallible = false;  ///< may end the job for some arguments
  bool variadic = false;  ///< the last parameter may be repeated
  /// Where one template does not do; gets the arguments as they were written.
  Expression (*build)(Context&, const FunctionCall&) = nullptr;
};

/// In the order of the documentation; several of one name are tried in this order.
[[nodiscard]] std::span<const Function> number_functions();
[[nodiscard]] std::span<const Function> text_functions();
[[nodiscard]] std::span<const Function> time_functions();
[[nodiscard]] std::span<const Function> conditional_functions();
[[nodiscard]] std::span<const Function> json_functions();

struct FunctionGroup {
  std::string_view title;
  std::span<const Function> functions;
};
[[nodiscard]] std::vector<FunctionGroup> function_groups();

/// Finds the function and gives its call. Throws Failure when there is none of that name or for such arguments.
[[nodiscard]] Expression call_function(Context& context, const FunctionCall& call);

/// docs/sql.md's tables of functions.
[[nodiscard]] std::string functions_as_markdown();

}  // namespace rocketlink::planner
