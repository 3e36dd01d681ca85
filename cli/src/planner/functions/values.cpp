#include "planner/functions/values.h"

namespace rocketlink::planner::functions {

void Argument::read_type() {
  duckdb_logical_type type = duckdb_vector_get_column_type(vector_);
  type_ = duckdb_get_type_id(type);
  if (type_ == DUCKDB_TYPE_DECIMAL) {
    scale_ = duckdb_decimal_scale(type);
    type_ = duckdb_decimal_internal_type(type);
  }
  duckdb_destroy_logical_type(&type);
}

Decimal Argument::decimal(idx_t row) const {
  switch (type_) {
    case DUCKDB_TYPE_TINYINT:
      return {at<std::int8_t>(row), scale_};
    case DUCKDB_TYPE_SMALLINT:
      return {at<std::int16_t>(row), scale_};
    case DUCKDB_TYPE_INTEGER:
      return {at<std::int32_t>(row), scale_};
    case DUCKDB_TYPE_BIGINT:
      return {at<std::int64_t>(row), scale_};
    default:
      return {from_hugeint(at<duckdb_hugeint>(row)), scale_};
  }
}

Timestamp Argument::moment(idx_t row) const {
  constexpr std::int64_t kDay = 86'400;
  if (type_ == DUCKDB_TYPE_DATE) return {at<std::int32_t>(row) * kDay, 0};
  if (type_ == DUCKDB_TYPE_HUGEINT) return since_1970<1'000'000'000>(from_hugeint(at<duckdb_hugeint>(row)));
  return since_1970<1'000'000>(at<std::int64_t>(row));
}

void write_decimal(duckdb_vector vector, idx_t row, std::int32_t precision, Int128 value) {
  void* data = duckdb_vector_get_data(vector);
  if (precision <= 4) {
    static_cast<std::int16_t*>(data)[row] = static_cast<std::int16_t>(value);
  } else if (precision <= 9) {
    static_cast<std::int32_t*>(data)[row] = static_cast<std::int32_t>(value);
  } else if (precision <= 18) {
    static_cast<std::int64_t*>(data)[row] = static_cast<std::int64_t>(value);
  } else {
    static_cast<duckdb_hugeint*>(data)[row] = to_hugeint(value);
  }
}

}  // namespace rocketlink::planner::functions
