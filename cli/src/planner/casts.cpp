#include "planner/casts.h"

#include <fmt/format.h>

#include "planner/failure.h"
#include "planner/types.h"

namespace rocketlink::planner {
namespace {

class Cast {
 public:
  Cast(Context& context, const Expression& value, const DataType& to, bool try_cast)
      : context_(context), from_(value.type), to_(to), try_(try_cast), out_(value) {}

  Expression run() {
    out_.integer.reset();
    if (is_character(to_.kind)) {
      to_text();
    } else {
      out_.text.reset();
      if (is_character(from_.kind)) {
        from_text();
      } else if (is_binary(to_.kind)) {
        limit_bytes();
      } else if (to_.kind == TypeKind::kBoolean) {
        out_.sql = fmt::format("({} <> 0)", out_.sql);
      } else if (is_numeric(to_.kind)) {
        to_number();
      } else {
        to_time();
      }
    }
    const bool nullable = from_.nullable || try_ || to_.kind == TypeKind::kDecimal;
    out_.type = to_;
    out_.type.nullable = nullable;
    return out_;
  }

 private:
  template <class... Arguments>
  void call(std::string_view function, const Arguments&... arguments) {
    std::string list = out_.sql;
    ((list += fmt::format(", {}", arguments)), ...);
    out_.sql = fmt::format("{}({})", function, list);
  }
  void duck_cast(std::string_view type) { out_.sql = fmt::format("CAST({} AS {})", out_.sql, type); }

  void to_text() {
    const bool was_text = is_character(from_.kind);
    if (!was_text) {
      as_text();
      out_.text.reset();
    }
    const bool may_be_longer = !was_text || from_.precision > to_.precision;
    if (to_.kind == TypeKind::kChar &&
        !(was_text && from_.kind == TypeKind::kChar && from_.precision == to_.precision)) {
      call("rl_pad_text", to_.precision);
      out_.text.reset();
    } else if (to_.kind == TypeKind::kVarchar && to_.precision != kUnboundedLength && may_be_longer) {
      call("rl_cut_text", to_.precision);
      out_.text.reset();
    }
  }

  void as_text() {
    switch (from_.kind) {
      case TypeKind::kBoolean:
        return call("rl_boolean_to_text");
      case TypeKind::kFloat:
        return call("rl_float_to_text");
      case TypeKind::kDouble:
        return call("rl_double_to_text");
      case TypeKind::kDecimal:
        return call("rl_decimal_to_text");
      case TypeKind::kBinary:
      case TypeKind::kVarbinary:
        return call("rl_bytes_to_text");
      case TypeKind::kDate:
        return call("rl_date_to_text");
      case TypeKind::kTime:
        return call("rl_time_to_text", from_.precision);
      case TypeKind::kTimestampLtz:
        call(from_.precision > 6 ? "rl_to_local_ns" : "rl_to_local");
        return call("rl_moment_to_text", from_.precision);
      case TypeKind::kTimestamp:
        return call("rl_moment_to_text", from_.precision);
      default:
        return duck_cast("VARCHAR");
    }
  }

  void from_text() {
    const std::string suffix = try_ ? "_or_null" : "";
    out_.fallible = out_.fallible || (!try_ && !is_binary(to_.kind));
    switch (to_.kind) {
      case TypeKind::kBoolean:
        return call("rl_text_to_boolean" + suffix);
      case TypeKind::kDecimal:
        out_.sql = context_.decimal_call("rl_text_to_decimal" + suffix, to_, out_.sql);
        return;
      case TypeKind::kDate:
        return call("rl_text_to_date" + suffix);
      case TypeKind::kTime:
        return call("rl_text_to_time" + suffix, to_.precision);
      case TypeKind::kTimestamp:
      case TypeKind::kTimestampLtz: {
        const std::string ns = to_.precision > 6 ? "_ns" : "";
        call("rl_text_to_timestamp" + ns + suffix, to_.precision);
        if (to_.kind == TypeKind::kTimestampLtz) call("rl_to_instant" + ns);
        return;
      }
      case TypeKind::kBinary:
      case TypeKind::kVarbinary:
        call("rl_text_to_bytes");
        from_.kind = TypeKind::kVarbinary;
        from_.precision = kUnboundedLength;
        return limit_bytes();
      default:
        return call(fmt::format("rl_text_to_{}{}", type_suffix(to_.kind), suffix));
    }
  }

  void limit_bytes() {
    if (to_.kind == TypeKind::kBinary) {
      if (from_.kind != TypeKind::kBinary || from_.precision != to_.precision) call("rl_pad_bytes", to_.precision);
    } else if (from_.precision > to_.precision) {
      call("rl_cut_bytes", to_.precision);
    }
  }

  void to_number() {
    if (from_.kind == TypeKind::kBoolean) {
      duck_cast("INTEGER");
      from_ = DataType{TypeKind::kInteger, 0, 0, from_.nullable};
      if (to_.kind == TypeKind::kInteger) return;
    }
    if (to_.kind == TypeKind::kDecimal) return to_decimal();
    if (from_.kind == TypeKind::kDecimal) {
      call(is_approximate(to_.kind) ? "rl_decimal_to_double" : "rl_decimal_to_bigint");
      const TypeKind between = is_approximate(to_.kind) ? TypeKind::kDouble : TypeKind::kBigInt;
      if (to_.kind == between) return;
      from_ = DataType{between, 0, 0, from_.nullable};
    }
    if (is_integer(to_.kind) && is_approximate(from_.kind)) {
      call(fmt::format("rl_double_to_{}", type_suffix(to_.kind)));
    } else if (is_integer(to_.kind) && to_.kind < from_.kind) {
      call(fmt::format("rl_wrap_{}", type_suffix(to_.kind)));
    } else if (to_.kind == TypeKind::kFloat && from_.kind == TypeKind::kDouble) {
      call("rl_double_to_float");
    } else {
      duck_cast(duck::type_name(to_));
    }
  }

  void to_decimal() {
    if (is_approximate(from_.kind)) {
      // As in Flink TRY_CAST does not help with NaN.
      out_.sql = context_.decimal_call("rl_double_to_decimal", to_, out_.sql);
      out_.fallible = true;
      return;
    }
    out_.sql = context_.decimal_call("rl_to_decimal", to_, out_.sql);
  }

  void to_time() {
    const auto ns = [](const DataType& type) { return type.precision > 6 ? "_ns" : ""; };
    if (from_.kind == TypeKind::kTime && to_.kind == TypeKind::kTime) {
      if (to_.precision < from_.precision) call("rl_cut_time", to_.precision);
      return;
    }
    if (from_.kind == TypeKind::kDate || from_.kind == TypeKind::kTime) {
      if (from_.kind == TypeKind::kTime) call("rl_time_to_moment");
      if (to_.precision > 6) {
        call("rl_to_nanos");
      } else {
        duck_cast(duck::type_name(to_));
      }
      if (to_.kind == TypeKind::kTimestampLtz) call(fmt::format("rl_to_instant{}", ns(to_)));
      return;
    }
    if (from_.kind == TypeKind::kTimestampLtz && to_.kind != TypeKind::kTimestampLtz) {
      call(fmt::format("rl_to_local{}", ns(from_)));
    }
    if (from_.kind == TypeKind::kTimestamp && to_.kind == TypeKind::kTimestampLtz) {
      call(fmt::format("rl_to_instant{}", ns(from_)));
    }
    if (to_.kind == TypeKind::kDate) {
      return call(from_.kind == TypeKind::kTimestamp ? "rl_timestamp_to_date" : "rl_moment_to_date");
    }
    if (to_.kind == TypeKind::kTime) {
      context_.warn(out_.offset, "CAST of a time before 1970 to TIME is a negative one in Flink");
      return call("rl_moment_to_time", to_.precision);
    }
    if (to_.precision < from_.precision) {
      if (from_.precision > 6 && to_.precision > 0 && to_.precision <= 6) {
        context_.warn(out_.offset, fmt::format("CAST from {} to {} keeps fractions below 10^{} nanoseconds in Flink",
                                               to_string(from_), to_string(to_), to_.precision));
      }
      call(fmt::format("rl_cut_moment{}", ns(to_)), to_.precision);
    } else if (to_.precision > 6 && from_.precision <= 6) {
      call("rl_to_nanos");
    }
  }

  Context& context_;
  DataType from_;
  DataType to_;
  bool try_;
  Expression out_;
};

}  // namespace

Expression cast(Context& context, const Expression& value, const DataType& type, bool try_cast) {
  if (value.interval) {
    unsupported(value.offset, "an INTERVAL can only be added to and taken from times by the native runner");
  }
  if (value.null_literal) {
    Expression null = value;
    null.sql = fmt::format("CAST(NULL AS {})", duck::type_name(type));
    null.type = type;
    null.type.nullable = true;
    null.null_literal = false;
    return null;
  }
  if (!casts_explicitly(value.type, type)) {
    const bool epoch = is_numeric(value.type.kind) && is_timestamp(type.kind);
    fail(value.offset, fmt::format("{} cannot be cast to {}{}", to_string(value.type), to_string(type),
                                   epoch ? "; TO_TIMESTAMP_LTZ(x, 0) takes epoch seconds, TO_TIMESTAMP_LTZ(x, 3) epoch "
                                           "milliseconds"
                                         : ""));
  }
  if (same_type(value.type, type)) {
    Expression same = value;
    same.type.nullable = value.type.nullable || try_cast;
    return same;
  }
  return Cast(context, value, type, try_cast).run();
}

Expression convert(Context& context, const Expression& value, const DataType& type) {
  return cast(context, value, type);
}

std::string text_literal(std::string_view value) {
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'') out += c;
    out += c;
  }
  return out + "'";
}

}  // namespace rocketlink::planner
