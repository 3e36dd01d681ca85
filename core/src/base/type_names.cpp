#include "rocketlink/type_names.h"

#include <algorithm>
#include <array>

namespace rocketlink {

namespace {

constexpr std::array kNames = {
    TypeName{"BOOLEAN", TypeKind::kBoolean},
    TypeName{"TINYINT", TypeKind::kTinyInt},
    TypeName{"SMALLINT", TypeKind::kSmallInt},
    TypeName{"INT", TypeKind::kInteger},
    TypeName{"INTEGER", TypeKind::kInteger},
    TypeName{"BIGINT", TypeKind::kBigInt},
    TypeName{"FLOAT", TypeKind::kFloat},
    TypeName{"DOUBLE", TypeKind::kDouble},
    TypeName{"DECIMAL", TypeKind::kDecimal, TypeArguments::kDecimal, 10},
    TypeName{"DEC", TypeKind::kDecimal, TypeArguments::kDecimal, 10},
    TypeName{"NUMERIC", TypeKind::kDecimal, TypeArguments::kDecimal, 10},
    TypeName{"CHAR", TypeKind::kChar, TypeArguments::kLength, 1},
    TypeName{"CHARACTER", TypeKind::kChar, TypeArguments::kLength, 1},
    TypeName{"VARCHAR", TypeKind::kVarchar, TypeArguments::kLength, kUnboundedLength},
    TypeName{"STRING", TypeKind::kVarchar, TypeArguments::kNone, kUnboundedLength},
    TypeName{"BINARY", TypeKind::kBinary, TypeArguments::kLength, 1},
    TypeName{"VARBINARY", TypeKind::kVarbinary, TypeArguments::kLength, kUnboundedLength},
    TypeName{"BYTES", TypeKind::kVarbinary, TypeArguments::kNone, kUnboundedLength},
    TypeName{"DATE", TypeKind::kDate},
    TypeName{"TIME", TypeKind::kTime, TypeArguments::kFraction, 0},
    TypeName{"TIMESTAMP", TypeKind::kTimestamp, TypeArguments::kFraction, 6},
    TypeName{"TIMESTAMP_LTZ", TypeKind::kTimestampLtz, TypeArguments::kFraction, 6},
};

}  // namespace

std::span<const TypeName> type_names() {
  return kNames;
}

const TypeName* find_type_name(std::string_view text) {
  const auto* const found =
      std::find_if(kNames.begin(), kNames.end(), [&](const TypeName& name) { return name.text == text; });
  return found == kNames.end() ? nullptr : found;
}

const TypeName& type_name(TypeKind kind) {
  return *std::find_if(kNames.begin(), kNames.end(), [&](const TypeName& name) { return name.kind == kind; });
}

DataType varying(TypeKind kind) {
  return type_name(kind == TypeKind::kChar ? TypeKind::kVarchar : TypeKind::kVarbinary).type();
}

}  // namespace rocketlink
